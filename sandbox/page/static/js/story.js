// The story that is being told: its caption in large letters, what was checked, and how it goes on.

import { refresh, send, told, watched } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./text.js";

export function story(state) {
  const { story: told_ } = state;
  if (!told_) return null;
  const { title, scene, scenes, caption, state: how, checks } = told_;
  const over = how === "ended" || how === "failed";
  const good = checks.filter((each) => each.true).length;
  return h("section", { key: "story", class: `story ${how}`, "data-part": "story", "aria-label": t("story.now", { title }) },
    h("div", { class: "story-head" },
      h("span", { class: "story-title" }, icon("book"), title),
      h("span", { class: "scene" }, t("story.scene", { scene, scenes })),
      h("progress", { max: scenes || 1, value: scene, "aria-label": t("story.scene", { scene, scenes }) })),
    h("p", { class: "caption", "aria-live": "polite", key: `scene ${scene}` }, caption),
    checks.length > 0 && h("ul", { class: "checks", "aria-label": t("story.checks", { n: good, all: checks.length }) },
      checks.map((each, place) => h("li", { key: place, class: each.true ? "true" : "false" }, icon(each.true ? "check" : "close"), h("span", { class: "unseen" }, t(each.true ? "check.true" : "check.false")), h("span", null, each.text)))),
    h("div", { class: "story-foot" },
      over && h("strong", { key: "over", class: `outcome ${how}` }, t(`story.${how}`)),
      how === "waiting" && h("button", { key: "next", class: "primary", onclick: () => go("/api/story/next") }, icon("next"), t("story.next")),
      how === "playing" && h("span", { key: "playing", class: "wave", "aria-label": t("story.playing") }, h("i", null), h("i", null), h("i", null)),
      h("button", { key: "stop", class: "plain", onclick: () => go("/api/story/stop") }, icon("close"), t(over ? "story.leave" : "story.stop"))));
}

async function go(path) {
  await told(() => watched(() => send(path, {})));
  refresh();
}
