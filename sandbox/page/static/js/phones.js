// The left side: whose phone it is, and that phone.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { addCustomer } from "./newcomers.js";
import { avatar } from "./people.js";
import { phone } from "./phone.js";
import { ticks } from "./ticks.js";
import { t, when } from "./text.js";
import { change, view } from "./view.js";

export function phones(state) {
  return h("section", { class: "part phones", "data-part": "phones", "aria-label": t("part.phones"), id: "phones", tabindex: "-1" },
    h("div", { class: "phones-inside" }, h("div", { class: "rail" },
      h("div", { class: "rail-head" },
        h("h2", null, t("part.phones")),
        state.customers_total > state.customers.length && h("small", { key: "total" }, t("customers.total", { n: state.customers_total })),
        h("button", { class: "quiet round add", "aria-label": t("add.customer"), title: t("add.customer"), onclick: addCustomer }, icon("plus"))),
      h("ul", { class: "people", "aria-label": t("customers") }, state.customers.map((each) => h("li", { key: each.key }, person(state, each))))),
    h("div", { class: "stand" }, state.chat ? phone(state) : empty())));
}

function person(state, each) {
  const shown = state.chat?.customer === each.name;
  const { last } = each;
  const words = last && (last.text || t(`kind.${last.type ?? "other"}`));
  return h("button", { class: `person ${shown ? "on" : ""}`, "aria-pressed": String(shown), title: each.name, onclick: () => look(each.name) },
    avatar(each.name, each.online ? "" : "away", each.blocked.length > 0 && h("span", { class: "badge-block" }, icon("block")), !each.online && h("span", { class: "badge-off" }, icon("offline"))),
    h("span", { class: "who" },
      h("span", { class: "name" }, each.name),
      last && h("time", { datetime: last.at }, when(last.at, state.at, state.zone)),
      !each.online && h("span", { key: "off", class: "unseen" }, t("offline")),
      each.blocked.length > 0 && h("span", { key: "blocked", class: "unseen" }, t("blocked")),
      h("span", { class: "last" }, last ? [last.author === "person" && ticks(last.tick), h("span", null, words)] : h("span", null, t("never.wrote"))),
      each.unread > 0 && h("span", { key: "unread", class: "unread", "aria-label": t("unread", { n: each.unread }) }, each.unread)));
}

function look(name) {
  view.from = { as: view.from.as, ad: false, reply: null, edit: null };
  change({ customer: name, number: null });
  view.refresh();
}

function empty() {
  return h("div", { class: "nobody" }, icon("phone"), h("p", null, t("phones.empty")), h("button", { class: "primary", onclick: addCustomer }, t("add.customer")));
}
