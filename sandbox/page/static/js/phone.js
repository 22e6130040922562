// One phone: its frame, whose it is, the chat with one of the business's numbers.

import { act } from "./api.js";
import { bubble } from "./bubble.js";
import { compose } from "./compose.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { calls, phoneNames } from "./meta.js";
import { avatar } from "./people.js";
import { changePhone, enroll, habits, takeUsername } from "./habits.js";
import { date, day, hour, t } from "./text.js";
import { change, view } from "./view.js";

export function phone(state) {
  const { chat } = state;
  const owner = state.customers.find((each) => each.name === chat.customer);
  const number = state.numbers.find((each) => each.id === chat.number);
  if (!owner || !number) return null;
  const key = `${owner.key}/${number.id}`;
  return h("div", { class: `phone ${chat.online ? "" : "off"}`, role: "group", "aria-label": t("phone.of", { name: owner.name }) },
    h("div", { class: "statusbar", "aria-hidden": "true" }, h("span", null, hour(state.at, state.zone)), h("span", { class: "island" }), h("span", { class: "signs" }, icon(chat.online ? "online" : "offline"), icon("battery"))),
    head(state, owner, number),
    state.numbers.length > 1 && tabs(state, owner, number),
    !chat.online && h("p", { key: "off", class: "strip" }, icon("offline"), t("phone.off", { name: owner.name })),
    chat.blocked && h("p", { key: "blocked", class: "strip" }, icon("block"), t("phone.blocked", { name: owner.name, number: number.name })),
    h("ol", { key: `lines ${key}`, class: "lines", role: "log", tabindex: "0", "aria-label": t("chat.with", { name: number.name }), made: follow, drawn: keepDown },
      chat.lines.length === 0 && h("li", { key: "empty", class: "blank" }, t("chat.empty", { name: owner.name, number: number.name })),
      days(state, chat.lines).map((each) => (each.day ? h("li", { key: each.key, class: "day" }, h("span", null, each.day)) : bubble(state, owner, number, each.line))),
      chat.typing && h("li", { key: "typing", class: "line from-business" }, h("div", { class: "bubble typing", "aria-label": t("typing") }, h("i", null), h("i", null), h("i", null)))),
    compose(state, owner, number, key));
}

function head(state, owner, number) {
  return h("div", { class: "phone-head" },
    avatar(number.name, "small"),
    h("div", { class: "titles" },
      h("strong", null, number.name),
      h("small", null, owner.name, " · ", owner.phone ? `+${owner.phone}` : t("phone.hidden"))),
    h("button", { class: "quiet round", "aria-label": t("phone.menu", { name: owner.name }), title: t("phone.menu", { name: owner.name }), "aria-haspopup": "menu", onclick: (event) => options(event.currentTarget, state, owner, number) }, icon("more")));
}

function tabs(state, owner, number) {
  return h("div", { key: "numbers", class: "numbers", role: "group", "aria-label": t("numbers") },
    state.numbers.map((each) =>
      h("button", { key: each.id, "aria-pressed": String(each.id === number.id), class: each.id === number.id ? "on" : "", onclick: () => { change({ customer: owner.name, number: each.id }); view.refresh(); } },
        each.name, each.token === "expired" && h("span", { class: "warn", title: t("token.expired") }, icon("key")))));
}

function options(button, state, owner, number) {
  const who = { customer: owner.name };
  const there = { ...who, number: number.name };
  menu(button, owner.name, [
    owner.online
      ? { icon: "offline", label: t("goes.offline"), hint: t("goes.offline.hint"), run: () => act("customer.offline", who) }
      : { icon: "online", label: t("goes.online"), run: () => act("customer.online", who) },
    owner.blocked.includes(number.id)
      ? { icon: "block", label: t("unblocks", { number: number.name }), run: () => act("customer.unblocks", there) }
      : { icon: "block", label: t("blocks", { number: number.name }), danger: true, run: () => act("customer.blocks", there) },
    null,
    { icon: "sliders", label: t("habits"), run: () => habits(owner) },
    { icon: "book", label: t("enroll"), run: () => enroll(owner, number) },
    { icon: "megaphone-off", label: t("stops.marketing"), run: () => act("customer.stops_marketing", there) },
    { icon: "megaphone", label: t("resumes.marketing"), run: () => act("customer.resumes_marketing", there) },
    { icon: "call", label: t("changes.phone"), run: () => changePhone(owner) },
    { icon: "sliders", label: t("takes.username"), run: () => takeUsername(owner) },
    null,
    { icon: "phone", label: t("customer.calls"), hint: t("calls.hint"), run: () => calls(owner, number) },
    number.coexistence && { icon: "contacts", label: t("phone.names"), hint: t("phone.names.hint", { number: number.name }), run: () => phoneNames(owner, number) },
  ]);
}

function days(state, lines) {
  const rows = [];
  let current = "";
  for (const line of lines) {
    const its = date(line.at, state.zone);
    if (its !== current) rows.push({ day: its === date(state.at, state.zone) ? t("today") : day(line.at, state.zone), key: `day ${its}` });
    current = its;
    rows.push({ line });
  }
  return rows;
}

// A chat stays at its end unless somebody scrolled up to read.
function follow(element) {
  element.atEnd = true;
  let top = 0;
  const scrolled = () => {
    const end = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
    element.atEnd = end || (element.atEnd && element.scrollTop >= top); // what only grew has not been scrolled
    top = element.scrollTop;
  };
  element.addEventListener("scroll", scrolled, { passive: true });
  element.addEventListener("load", () => keepDown(element), { capture: true });
  new ResizeObserver(() => keepDown(element)).observe(element);
}

function keepDown(element) {
  if (element.atEnd) element.scrollTop = element.scrollHeight;
}

export { follow, keepDown };
