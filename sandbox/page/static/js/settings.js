// The end of the clock bar: how the program and the database are, troubles and stories, language, theme, the rest.

import { refresh, send, told, watched } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { addAgent, addCustomer, addNumber, addTemplate, openGroup } from "./newcomers.js";
import { LANGUAGES, speak, t } from "./text.js";
import { change, forget, view } from "./view.js";
import { openSequence } from "./drop.js";
import { shortcuts } from "./keys.js";

const THEMES = { auto: "auto", light: "sun", dark: "moon" };

export function settings(state) {
  return h("div", { class: "settings" },
    health(state),
    h("div", { class: "tools" },
      side("stories", "book", state.story?.state === "playing" || state.story?.state === "waiting" ? 1 : 0),
      side("troubles", "bolt", ordered(state)),
      h("label", { class: "language", title: t("language") }, h("span", { class: "unseen" }, t("language")),
        h("select", { value: view.language, onchange: (event) => talk(event.target.value) },
          Object.entries(LANGUAGES).map(([id, name]) => h("option", { value: id, "aria-label": name }, id.toUpperCase())))),
      h("button", { class: "quiet round", "aria-label": t("theme"), title: `${t("theme")}: ${t(`theme.${view.theme}`)}`, "aria-haspopup": "menu", onclick: (event) => themes(event.currentTarget) }, icon(THEMES[view.theme])),
      h("button", { class: "quiet round", "aria-label": t("more"), title: t("more"), "aria-haspopup": "menu", onclick: (event) => more(event.currentTarget, state) }, icon("more"))));
}

// Pills speak up only when something is not as it should be; the program always shows that it lives.
function health(state) {
  const { program, database } = state;
  return h("ul", { class: "health", "aria-label": t("health") },
    h("li", { class: `pill ${program.state}` }, h("span", { class: "lamp", "aria-hidden": "true" }), t(`program.${program.state}`)),
    database.stopped && h("li", { key: "database", class: "pill killed" }, icon("database"), t("database.stopped")),
    state.recording && h("li", { key: "recording", class: "pill recording" }, h("span", { class: "lamp", "aria-hidden": "true" }), t("recording.steps", { n: state.recording.steps })));
}

function ordered(state) {
  const graph = state.troubles.filter((each) => each.active).length;
  const { duplicates, shuffle, delay_minutes: delay, batch } = state.weather;
  return graph + [duplicates > 0, shuffle, delay > 0, batch > 1].filter(Boolean).length;
}

function side(name, sign, count) {
  const shown = view.sheet === name;
  return h("button", { class: `tool ${shown ? "on" : ""}`, "aria-expanded": String(shown), "aria-label": t(`part.${name}`), title: t(`part.${name}`), onclick: () => change({ sheet: shown ? null : name, side: name }) },
    icon(sign), h("span", { class: "name" }, t(`part.${name}`)), count > 0 && h("span", { class: "count" }, count));
}

export async function talk(language) {
  await speak(language);
  change({ language });
  refresh();
}

function themes(button) {
  menu(button, t("theme"), Object.entries(THEMES).map(([id, sign]) => ({ icon: sign, label: t(`theme.${id}`), checked: view.theme === id, run: () => dress(id) })));
}

export function dress(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  change({ theme });
}

function more(button, state) {
  menu(button, t("more"), [
    { icon: "phone", label: t("add.customer"), run: addCustomer },
    { icon: "contacts", label: t("add.agent"), run: addAgent },
    { icon: "shop", label: t("add.number"), run: addNumber },
    { icon: "people", label: t("add.group"), run: () => openGroup(state), disabled: state.agents.length === 0 },
    { icon: "document", label: t("add.template"), run: () => addTemplate(state), disabled: state.numbers.length === 0 },
    { icon: "upload", label: t("sequence.open"), run: openSequence },
    null,
    { icon: "list", label: t("keys"), run: shortcuts },
    { icon: "restart", label: t("reset"), danger: true, run: reset },
  ]);
}

export async function reset() {
  await told(() => watched(() => send("/api/reset", { language: view.language })));
  forget();
  refresh();
}

