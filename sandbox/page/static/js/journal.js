// The bottom: what the engine did and why, newest first; every line opens to what really crossed the wire.

import { get, told } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { json } from "./json.js";
import { knows, seconds, shortDay, t } from "./text.js";
import { change, view } from "./view.js";

const KINDS = { decision: "decision", webhook: "mail", graph: "cloud", telegram: "desk", job: "clock", program: "program" };

export function journal(state) {
  const folded = view.journal === "folded";
  const sought = view.words.trim().toLowerCase();
  const lines = state.log.lines.filter((each) => !sought || `${each.title} ${each.summary}`.toLowerCase().includes(sought)).reverse();
  return h("section", { class: `part journal ${view.journal}`, "data-part": "journal", "aria-label": t("part.journal"), id: "journal", tabindex: "-1" },
    h("div", { class: "journal-head" },
      h("h2", null, t("part.journal")),
      h("small", { class: "total" }, t("journal.total", { n: state.log.total })),
      !folded && filters(),
      !folded && h("label", { key: "words", class: "sought" }, icon("search"), h("span", { class: "unseen" }, t("journal.search")),
        h("input", { type: "search", placeholder: t("journal.search"), value: view.words, oninput: (event) => change({ words: event.target.value }) })),
      folded && lines[0] && h("p", { key: "latest", class: "latest" }, dot(lines[0]), h("strong", null, lines[0].title), " ", h("span", null, lines[0].summary)),
      h("span", { class: "push" }),
      !folded && h("button", { key: "taller", class: "quiet round taller", "aria-label": t(view.journal === "tall" ? "journal.lower" : "journal.taller"), title: t(view.journal === "tall" ? "journal.lower" : "journal.taller"), onclick: () => change({ journal: view.journal === "tall" ? "open" : "tall" }) }, icon("down", view.journal === "tall" ? "" : "up")),
      h("button", { class: "quiet round fold", "aria-label": t("journal.fold"), title: t("journal.fold"), "aria-expanded": String(!folded), onclick: () => change({ journal: folded ? "open" : "folded" }) }, icon(folded ? "plus" : "close"))),
    !folded && h("ol", { key: "entries", class: "entries", tabindex: "0", "aria-label": t("part.journal") },
      lines.length === 0 && h("li", { key: "none", class: "blank" }, t("journal.none")),
      lines.map((each) => entry(state, each))));
}

function filters() {
  const chip = (kind, name, sign) =>
    h("button", { key: kind || "all", class: `filter ${kind} ${view.log === kind ? "on" : ""}`, "aria-pressed": String(view.log === kind), onclick: () => { change({ log: kind }); view.refresh(); } }, sign && icon(sign), name);
  return h("div", { key: "filters", class: "filters", role: "group", "aria-label": t("journal.filter") }, chip("", t("journal.all"), null), Object.entries(KINDS).map(([kind, sign]) => chip(kind, t(`log.${kind}`), sign)));
}

const dot = (line) => h("span", { class: `kind ${line.kind}`, title: t(`log.${line.kind}`) }, icon(KINDS[line.kind] ?? "program"));

// What the engine decided is told in words where the page knows them; the technical name stays beside them.
const title = (line) => (line.kind === "decision" && knows(`decided.${line.title}`) ? t(`decided.${line.title}`) : line.title);

function entry(state, line) {
  const parts = view.opened.get(line.n);
  const name = title(line);
  return h("li", { key: line.n, class: `entry ${line.level} ${parts ? "open" : ""}` },
    h("button", { class: "line-button", "aria-expanded": String(Boolean(parts)), onclick: () => toggle(line) },
      h("time", { datetime: line.at, title: shortDay(line.at, state.zone) }, h("span", { class: "on-day" }, shortDay(line.at, state.zone)), " ", seconds(line.at, state.zone)),
      dot(line),
      h("span", { class: "kind-name" }, t(`log.${line.kind}`)),
      h("strong", null, name), h("span", { class: "summary" }, name === line.title ? null : `${line.title} · `, line.summary),
      line.level !== "info" && h("span", { key: "level", class: "level" }, icon("warn"), h("span", { class: "unseen" }, t(`level.${line.level}`)))),
    parts && h("div", { key: "parts", class: "parts" }, parts.map((each) => h("figure", { key: each.name }, h("figcaption", null, t(`log.part.${each.name}`)), h("pre", { tabindex: "0", "aria-label": t(`log.part.${each.name}`) }, json(each.text))))));
}

async function toggle(line) {
  const opened = new Map(view.opened);
  if (!opened.delete(line.n)) {
    const said = await told(() => get(`/api/log/${line.n}`));
    if (!said) return;
    opened.set(line.n, said.parts);
  }
  change({ opened });
}
