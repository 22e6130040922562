// Stories to watch, to record and to keep; and the sequence file that a crowd rehearses.

import { get, refresh, send, told, watched } from "./api.js";
import { form, pick } from "./dialog.js";
import { openSequence } from "./drop.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./text.js";
import { change, forget, view } from "./view.js";

let shelf = { language: null, stories: [] };

async function fill() {
  const { language } = view;
  shelf = { language, stories: shelf.stories };
  const found = await get(`/api/stories?language=${language}`).catch(() => null);
  if (language !== view.language) return;
  if (found === null) setTimeout(fill, 2000); // between two worlds, or the line is down
  else shelf = { language, stories: found };
  change({});
}

export function stories(state) {
  if (shelf.language !== view.language) fill();
  return h("div", { class: "stories", "data-part": "stories" },
    h("section", { class: "group" }, h("h3", null, icon("book"), t("stories.ready")),
      h("ul", { class: "shelf" }, shelf.stories.map((each) => h("li", { key: each.name }, card(state, each))))),
    h("section", { class: "group" }, h("h3", null, icon("record"), t("stories.own")),
      h("p", { class: "hint" }, t("stories.own.about")),
      h("div", { class: "choices" }, recorder(state),
        h("button", { class: "trouble", onclick: () => pick(".toml", async (file) => runFile(await file.text())) }, icon("upload"), h("span", null, t("stories.open"))))),
    h("section", { class: "group" }, h("h3", null, icon("people"), t("crowd")),
      h("p", { class: "hint" }, t("crowd.about")),
      h("button", { class: "dropzone", onclick: openSequence }, icon("upload"), h("strong", null, t("crowd.drop")), h("small", null, t("crowd.formats")))));
}

function card(state, story) {
  const playing = state.story?.name === story.name && state.story.state !== "ended";
  return h("article", { class: `story-card ${playing ? "on" : ""}` },
    h("h4", null, story.title, story.minutes && h("small", null, t("minutes", { n: story.minutes }))),
    h("p", null, story.about),
    h("div", { class: "choices" },
      h("button", { class: "primary small", "aria-label": t("story.play.of", { title: story.title }), onclick: () => play(story.name, "auto") }, icon("play"), t("story.play")),
      h("button", { class: "plain small", "aria-label": t("story.step.of", { title: story.title }), onclick: () => play(story.name, "step") }, icon("next"), t("story.step"))));
}

function recorder(state) {
  const on = state.recording !== null;
  return [
    h("button", { key: "record", class: `trouble ${on ? "on" : ""}`, onclick: on ? keep : () => told(() => watched(() => send("/api/record", { on: true }))) }, icon(on ? "stop" : "record"), h("span", null, t(on ? "record.stop" : "record.start"))),
    view.recorded && !on && h("a", { key: "save", class: "trouble", href: "/api/record.toml", download: "story.toml" }, icon("save"), h("span", null, t("record.save"))),
  ];
}

// The end of a recording: it gets its title, and the file is there to be saved.
function keep() {
  form({
    title: t("record.stop"),
    about: t("record.about"),
    fields: [{ name: "title", label: t("group.title"), required: true, value: t("record.title"), maxlength: 120 }],
    submit: t("record.keep"),
    run: async ({ title }) => {
      await watched(() => send("/api/record", { on: false, title }));
      change({ recorded: true, sheet: view.sheet });
      const link = document.createElement("a");
      Object.assign(link, { href: "/api/record.toml", download: "story.toml" });
      link.click();
    },
  });
}

async function play(name, speed) {
  forget(); // in a story the page looks where things happen
  const begun = await told(() => watched(() => send("/api/story", { name, speed })));
  if (begun) change({ sheet: null });
  refresh();
}

export async function runFile(text) {
  forget();
  await told(() => watched(() => send("/api/story/run?speed=auto", text)));
  refresh();
}
