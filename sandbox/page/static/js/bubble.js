// One message on a phone, with everything that can be in it and everything that can be done with it.

import { act } from "./api.js";
import { dialog } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { media } from "./media.js";
import { menu } from "./menu.js";
import { notice } from "./notices.js";
import { ticks } from "./ticks.js";
import { hour, t } from "./text.js";
import { change, view } from "./view.js";
import { words } from "./words.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

export function bubble(state, owner, number, line) {
  const mine = line.author === "person";
  if (line.system) return h("li", { key: line.id, class: "day system" }, h("span", null, line.text));
  const sticker = line.media?.kind === "sticker" && !line.revoked;
  const classes = ["bubble", mine ? "mine" : "theirs", sticker && "bare", !line.shown && "ghost", line.tick === "failed" && "lost"];
  return h("li", { key: line.id, class: `line ${mine ? "from-person" : "from-business"}` },
    h("div", { class: classes.filter(Boolean).join(" ") },
      line.author === "app" && h("span", { key: "app", class: "by" }, icon("shop"), t("typed.on.phone")),
      line.template && h("span", { key: "template", class: "by" }, icon("document"), t("template.of", { name: line.template })),
      quoted(state, line),
      line.revoked ? h("p", { class: "gone" }, icon("block"), t("revoked")) : content(line),
      meta(state, line, mine)),
    !line.revoked && h("button", { class: "quiet round act", "aria-label": t("message.menu"), title: t("message.menu"), "aria-haspopup": "menu", onclick: (event) => options(event.currentTarget, owner, number, line, mine) }, icon("smile")),
    line.reactions.length > 0 && h("span", { key: "reactions", class: "reactions", "aria-label": t("reactions") }, line.reactions.join(" ")),
    !line.revoked && buttons(owner, line, mine),
    !line.shown && h("small", { key: "ghost", class: "whereabouts" }, line.tick === "failed" ? t("ghost.failed", { code: line.error ?? "" }) : t("ghost", { tick: t(`tick.${line.tick}`) })));
}

function quoted(state, line) {
  if (!line.reply_to) return null;
  const to = state.chat.lines.find((each) => each.id === line.reply_to);
  return h("blockquote", { key: "quoted" }, to ? to.text || t(`kind.${to.media?.kind ?? to.type}`) : t("quoted.gone"));
}

function content(line) {
  return [
    line.ad && h("div", { key: "ad", class: "ad" }, icon("megaphone"), h("span", null, h("small", null, t("from.ad")), h("strong", null, line.ad.headline))),
    line.header && h("strong", { key: "header", class: "header" }, line.header),
    media(line),
    line.text && h("p", { key: "text", class: "text" }, words(line.text)),
    line.footer && h("small", { key: "footer", class: "footer" }, line.footer),
  ];
}

function meta(state, line, mine) {
  return h("span", { class: "meta" },
    line.edited && !line.revoked && h("span", { key: "edited" }, t("edited")),
    h("time", { datetime: line.at }, hour(line.at, state.zone)),
    (mine || line.shown) && ticks(line.tick));
}

function buttons(owner, line, mine) {
  if (mine || (line.buttons.length === 0 && !line.list)) return null;
  const tap = (label) => act("customer.taps", { customer: owner.name, message: line.id, button: label });
  return h("div", { key: "buttons", class: "taps" },
    line.list && h("button", { key: "list", disabled: !line.shown, "aria-haspopup": "dialog", onclick: () => choose(line.list, tap) }, icon("list"), line.list.button),
    line.buttons.map((each) => h("button", { key: each.label, disabled: !line.shown, onclick: () => press(each, tap) }, each.kind !== "reply" && icon({ url: "link", call: "call", copy: "copy", contact: "call" }[each.kind] ?? "reply"), each.kind === "contact" ? t("share.phone") : each.label)));
}

function press(button, tap) {
  if (button.kind === "url") notice(t("opens"), "link", button.payload);
  else if (button.kind === "call") notice(t("calls", { phone: button.payload }));
  else if (button.kind === "copy") copy(button.payload);
  else tap(button.label);
}

export function copy(text) {
  navigator.clipboard?.writeText(text).catch(() => {});
  notice(t("copied", { text }));
}

function choose(list, tap) {
  dialog(list.button, ({ close }) =>
    h("div", { class: "rows" }, list.sections.map((section) =>
      h("section", null, section.title && h("h3", null, section.title),
        section.rows.map((row) => h("button", { class: "row", onclick: () => { close(); tap(row.label); } }, h("strong", null, row.label), row.description && h("small", null, row.description)))))));
}

function options(button, owner, number, line, mine) {
  const one = { customer: owner.name, message: line.id };
  const set = (part) => {
    change({ from: { ...view.from, reply: null, edit: null, ...part } });
    document.querySelector(".phone .compose textarea")?.focus();
  };
  const text = line.text && { icon: "copy", label: t("copy"), run: () => copy(line.text) };
  const reactions = line.shown && { emojis: EMOJIS, label: t("react"), run: (emoji) => act("customer.reacts", { ...one, emoji }) };
  const own = mine && [
    line.type === "text" && { icon: "edit", label: t("edit"), run: () => set({ as: "customer", edit: { id: line.id, text: line.text, as: "customer" } }) },
    { icon: "trash", label: t("delete"), danger: true, run: () => act("customer.revokes", one) },
  ];
  const typed = line.author === "app" && [
    line.type === "text" && { icon: "edit", label: t("edit"), run: () => set({ as: "phone", edit: { id: line.id, text: line.text, as: "phone" } }) },
    { icon: "trash", label: t("delete"), danger: true, run: () => act("phone.revokes", { message: line.id }) },
  ];
  menu(button, t("message.menu"), [
    reactions,
    line.shown && line.reactions.length > 0 && { icon: "close", label: t("unreact"), run: () => act("customer.reacts", { ...one, emoji: "" }) },
    line.shown && { icon: "reply", label: t("reply"), run: () => set({ as: "customer", reply: { id: line.id, text: line.text || t(`kind.${line.media?.kind ?? line.type}`) } }) },
    text,
    ...(own || []),
    ...(typed || []),
  ]);
}
