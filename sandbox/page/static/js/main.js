// Puts the parts together and keeps them up to date: a state comes in, the page is drawn from it, nothing else is remembered.

import { listen, refresh } from "./api.js";
import { clock } from "./clock.js";
import { desk } from "./desk.js";
import { h, render } from "./dom.js";
import { watchDrops } from "./drop.js";
import { icon } from "./icons.js";
import { journal } from "./journal.js";
import { go, watchKeys } from "./keys.js";
import { phones } from "./phones.js";
import { stories } from "./stories.js";
import { story } from "./story.js";
import { knows, speak, t } from "./text.js";
import { troubles } from "./troubles.js";
import { change, forget, onChange, view } from "./view.js";

const TABS = { phones: "phone", desk: "desk", journal: "journal", troubles: "bolt", stories: "book" };
const root = document.getElementById("page");
let state = null;

view.refresh = refresh;

function draw() {
  if (!knows("title")) return;
  document.title = t("title");
  document.body.dataset.tab = view.tab;
  document.body.dataset.side = view.side;
  document.body.classList.toggle("sheet-open", view.sheet !== null);
  document.body.classList.toggle("telling", Boolean(state?.story));
  document.body.classList.toggle("journal-folded", view.journal === "folded");
  document.body.classList.toggle("journal-tall", view.journal === "tall");
  const busy = state?.busy !== null || view.waiting > 0;
  render(root,
    h("nav", { class: "skips", "aria-label": t("skips") }, ["phones", "desk", "journal"].map((each) => h("a", { key: each, href: `#${each}`, onclick: (event) => { event.preventDefault(); go(each); } }, t(`part.${each}`)))),
    !view.connected && h("p", { key: "lost", class: "lost", role: "alert" }, icon("offline"), t("connection.lost")),
    h("div", { key: "progress", class: `progress ${busy && state ? "on" : ""}`, role: "progressbar", "aria-label": t("clock.working"), "aria-hidden": String(!busy) }),
    state ? whole() : h("p", { key: "wait", class: "wait", role: "status" }, t("loading")));
}

function whole() {
  return [
    clock(state),
    story(state),
    h("main", { key: "parts", class: "parts-of-page" }, phones(state), desk(state), journal(state), side()),
    h("nav", { key: "tabs", class: "tabs", "aria-label": t("parts") }, Object.entries(TABS).map(([id, sign]) =>
      h("button", { key: id, class: view.tab === id ? "on" : "", "aria-current": view.tab === id ? "page" : null, onclick: () => change({ tab: id, ...(id === "troubles" || id === "stories" ? { side: id } : {}) }) }, icon(sign), h("span", null, t(`part.${id}`)), mark(id)))),
  ];
}

// What waits unseen behind a tab of a narrow screen.
function mark(id) {
  const count = id === "phones" ? sum(state.customers) : id === "desk" ? sum(state.agents) : 0;
  return count > 0 && view.tab !== id && h("b", { key: "mark", class: "count", "aria-label": t("unread", { n: count }) }, count);
}

const sum = (all) => all.reduce((total, each) => total + each.unread, 0);

function side() {
  const chip = (id) => h("button", { key: id, role: "tab", id: `tab-${id}`, "aria-selected": String(view.side === id), "aria-controls": "side", class: view.side === id ? "on" : "", onclick: () => change({ side: id, sheet: view.sheet && id, tab: id }) }, icon(TABS[id]), t(`part.${id}`));
  return h("aside", { class: "part side", id: "side", tabindex: "-1", "aria-label": t(`part.${view.side}`) },
    h("div", { class: "side-head" },
      h("div", { class: "side-tabs", role: "tablist", "aria-label": t("parts") }, chip("stories"), chip("troubles")),
      h("button", { class: "quiet round shut", "aria-label": t("close"), onclick: () => change({ sheet: null }) }, icon("close"))),
    h("div", { class: "side-body", id: view.side, key: view.side, tabindex: "-1" }, view.side === "troubles" ? troubles(state) : stories(state)));
}

function arrive(fresh) {
  const began = state?.story?.name !== fresh.story?.name;
  state = fresh;
  if (began && state.story) forget();
  else if (!state.story) stay();
  draw();
}

// Outside a story nobody is pulled away from what they look at because somebody else wrote.
function stay() {
  if (view.customer === null && state.chat) Object.assign(view, { customer: state.chat.customer, number: state.chat.number });
  if (view.agent === null && state.desk) view.agent = state.desk.agent;
}

onChange(draw);
watchKeys();
watchDrops();
try {
  await speak(view.language);
} catch {
  await speak("es");
}
draw();
listen(arrive);
