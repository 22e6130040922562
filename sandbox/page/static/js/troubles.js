// Trouble on request, by scope; and the score that shows what came of it.

import { act } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { changeTemplate, metaAnswers, metaHandsOver, metaSays, phoneRemembers } from "./meta.js";
import { score } from "./score.js";
import { knows, t } from "./text.js";
import { change, view } from "./view.js";

const SIGNS = { message: "mail", pair: "people", number: "phone", account: "shop", marketing: "megaphone", token: "key", app: "cloud", connection: "link", file: "clip" };

export function troubles(state) {
  return h("div", { class: "troubles", "data-part": "troubles" },
    score(state),
    h("button", { class: "primary clear", onclick: () => act("trouble.clear", {}) }, icon("sun"), t("trouble.clear")),
    program(state),
    post(state),
    graph(state),
    telegram(),
    tokens(state),
    meta(state));
}

const group = (key, sign, ...inside) => h("section", { key, class: "group" }, h("h3", null, icon(sign), t(`trouble.${key}`)), inside);
const button = (label, run, { on = false, danger = false, hint, left = 0, disabled = false } = {}) =>
  h("button", { key: label, class: `trouble ${on ? "on" : ""} ${danger ? "danger" : ""}`, "aria-pressed": on ? "true" : null, title: hint, disabled, onclick: run }, h("span", null, label), left > 0 && h("span", { class: "count", "aria-label": t("trouble.left", { n: left }) }, `×${left}`));

function program(state) {
  const killed = state.program.state === "killed";
  const { stopped } = state.database;
  return group("program", "program",
    h("div", { class: "choices" },
      killed
        ? button(t("program.restart"), () => act("trouble.restart", {}), { on: true })
        : [button(t("program.kill"), () => act("trouble.kill", { when: "now" }), { danger: true, hint: "kill -9" }), button(t("program.kill.next"), () => act("trouble.kill", { when: "next_send" }), { danger: true, hint: t("program.kill.next.hint") })],
      button(t(stopped ? "database.start" : "database.stop"), () => act("trouble.database", { stopped: !stopped }), { on: stopped, danger: !stopped })),
    h("p", { class: "hint" }, t("program.starts", { n: state.program.starts }), " · ", state.database.engine === "sqlite" ? "SQLite" : "PostgreSQL"));
}

// Meta's post: every webhook may come twice, late, in another order, many at once.
function post(state) {
  const { duplicates, shuffle, delay_minutes: delay, batch } = state.weather;
  const set = (part) => act("trouble.webhooks", part);
  const slider = (name, label, value, limits, shown, read) =>
    h("label", { key: name, class: "slider" }, h("span", null, label, h("output", null, shown)), h("input", { type: "range", ...limits, value: String(value), "aria-label": label, "aria-valuetext": shown, onchange: (event) => set(read(Number(event.target.value))) }));
  return group("webhooks", "mail",
    slider("duplicates", t("webhooks.duplicates"), Math.round(duplicates * 100), { min: 0, max: 100, step: 10 }, `${Math.round(duplicates * 100)} %`, (value) => ({ duplicates: value / 100 })),
    slider("delay", t("webhooks.delay"), delay, { min: 0, max: 240, step: 5 }, `${delay} min`, (value) => ({ delay_minutes: value })),
    slider("batch", t("webhooks.batch"), batch ?? 1, { min: 1, max: 100, step: 1 }, String(batch ?? 1), (value) => ({ batch: value })),
    h("label", { key: "shuffle", class: "check" }, h("input", { type: "checkbox", role: "switch", checked: Boolean(shuffle), onchange: (event) => set({ shuffle: event.target.checked }) }), h("span", null, t("webhooks.shuffle"))));
}

function graph(state) {
  const scopes = [...new Set(state.troubles.map((each) => each.scope))];
  const order = ({ id, scope }) => act("trouble.graph", { trouble: id, times: view.times, number: (scope !== "file" && view.only) || undefined }); // files lie in one place for all numbers
  return group("graph", "cloud",
    h("div", { class: "for" },
      h("label", { class: "field" }, h("span", null, t("trouble.times")), h("input", { type: "number", min: 1, max: 100, value: String(view.times), onchange: (event) => change({ times: Math.max(1, Number(event.target.value) || 1) }) })),
      h("label", { class: "field" }, h("span", null, t("trouble.only")), h("select", { value: view.only, onchange: (event) => change({ only: event.target.value }) }, h("option", { value: "" }, t("trouble.any")), state.numbers.map((each) => h("option", { key: each.id, value: each.name }, each.name))))),
    scopes.map((scope) => h("div", { key: scope, class: "scope" }, h("h4", null, icon(SIGNS[scope] ?? "warn"), knows(`scope.${scope}`) ? t(`scope.${scope}`) : scope),
      h("div", { class: "choices" }, state.troubles.filter((each) => each.scope === scope).map((each) => button(knows(`trouble.id.${each.id}`) ? t(`trouble.id.${each.id}`) : each.id, () => order(each), { on: each.active, left: each.left }))))));
}

function telegram() {
  return group("telegram", "desk",
    h("div", { class: "choices" }, ["flood", "gateway", "drop"].map((kind) => button(t(`telegram.${kind}`), () => act("trouble.telegram", { kind, times: view.times }), { hint: t(`telegram.${kind}.hint`) }))));
}

const AMISS = ["scope", "app", "target", "subscription", "webhook", "quality", "blocked", "limited", "calls"];

// What is amiss with a number at Meta: pressed again, it is put right.
function amiss(number, kind) {
  const on = number.amiss.includes(kind);
  return button(t(`trouble.account.${kind}`), () => act("trouble.account", { number: number.name, kind, mended: on }), { on });
}

function tokens(state) {
  return group("tokens", "key",
    state.numbers.map((each) => h("div", { key: each.id, class: "token" },
      h("span", null, h("strong", null, each.name), h("small", null, each.phone, " · ", t(`token.${each.token}`))),
      each.token === "valid" ? button(t("token.expire"), () => act("trouble.token_expires", { number: each.name }), { danger: true }) : button(t("token.renew"), () => act("trouble.token_renewed", { number: each.name }), { on: true }),
      h("div", { class: "choices" }, AMISS.map((kind) => amiss(each, kind))))));
}

// What Meta, its own agent and the shop's phone do by themselves, number by number.
function meta(state) {
  return group("meta", "robot",
    state.numbers.map((each) => h("div", { key: each.id, class: "scope" }, h("h4", null, icon("shop"), each.name),
      h("div", { class: "choices" },
        button(t("meta.says"), () => metaSays(each)),
        button(t("template.change"), () => changeTemplate(each)),
        button(t("meta.agent"), () => act("meta.agent", { number: each.name, on: !each.meta_agent }), { on: each.meta_agent, hint: t("meta.agent.hint") }),
        button(t("meta.answers"), () => metaAnswers(state, each), { disabled: state.customers.length === 0 }),
        button(t("meta.hands_over"), () => metaHandsOver(state, each), { disabled: state.customers.length === 0 }),
        each.coexistence && [
          button(t("phone.remembers"), () => phoneRemembers(state, each)),
          button(t("phone.declines"), () => act("phone.declines", { number: each.name }), { on: !each.shares_history, disabled: !each.shares_history, hint: t("phone.declines.hint") }),
        ]))));
}
