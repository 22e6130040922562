// One message at the desk, with its buttons: what the bot wrote, what people wrote.

import { act, perform, told } from "./api.js";
import { copy } from "./bubble.js";
import { dialog } from "./dialog.js";
import { h } from "./dom.js";
import { plain } from "./desk.js";
import { icon } from "./icons.js";
import { file } from "./media.js";
import { menu } from "./menu.js";
import { notice } from "./notices.js";
import { safe } from "./safe.js";
import { hour, t } from "./text.js";
import { change, view } from "./view.js";

const EMOJIS = ["👌", "👍", "❤️", "🔥", "🎉", "👀"];

export const place = (chat) => (chat.kind === "private" ? {} : { chat: chat.title });

export function post(state, chat, message) {
  if (message.from === "service") return h("li", { key: message.id, class: "day system" }, h("span", null, plain(message.html)));
  const mine = message.from === "me";
  const busy = view.pressing === message.id;
  return h("li", { key: message.id, id: `post-${message.id}`, class: `post ${mine ? "me" : "they"} ${message.keyboard.length ? "keyed" : ""}` },
    h("div", { class: "card" },
      message.from === "other" && h("span", { key: "sender", class: "sender" }, message.sender),
      message.reply_to && h("blockquote", { key: "reply" }, message.reply_to.text),
      message.file && h("div", { key: "file", class: "file-box" }, file(message.file)),
      message.html && h("div", { key: "text", class: "rich", filled: html(message) }),
      h("span", { class: "meta" },
        message.pinned && icon("pin"),
        message.silent && h("span", { key: "silent", title: t("silent") }, icon("mute")),
        message.edited && h("span", { key: "edited" }, t("edited")),
        h("time", { datetime: message.at }, hour(message.at, state.zone)))),
    h("button", { class: "quiet round act", "aria-label": t("message.menu"), title: t("message.menu"), "aria-haspopup": "menu", onclick: (event) => options(event.currentTarget, state, chat, message, mine) }, icon("smile")),
    message.reactions.length > 0 && h("span", { key: "reactions", class: "reactions", "aria-label": t("reactions") }, message.reactions.join(" ")),
    message.keyboard.length > 0 && h("div", { key: "keys", class: `keys ${busy ? "busy" : ""}` },
      message.keyboard.map((row, y) => h("div", { key: y, class: "keys-row" }, row.map((each, x) =>
        h("button", { key: x, class: each.style ?? null, onclick: () => press(state, chat, message, each) }, h("span", null, each.label), each.kind === "url" && icon("link"), each.kind === "copy" && icon("copy")))))));
}

const filled = new Map(); // the same text gives the same function, so that an unchanged message is left alone

function html(message) {
  if (!filled.has(message.html)) {
    if (filled.size > 2000) filled.clear();
    filled.set(message.html, () => safe(message.html));
  }
  return filled.get(message.html);
}

async function press(state, chat, message, button) {
  change({ pressing: message.id });
  const said = await told(() => perform("agent.presses", { agent: state.desk.agent, button: button.label, message: String(message.id), ...place(chat) }));
  change({ pressing: null });
  if (!said) return;
  if (said.alert) dialog(chat.title, ({ close }) => h("div", { class: "alert" }, h("p", null, said.alert), h("footer", null, h("button", { class: "primary", onclick: close }, t("close")))));
  else if (said.toast) notice(said.toast);
  if (said.copied) copy(said.copied);
  if (said.url) {
    notice(t("opens"), "link", said.url);
    if (said.url.startsWith("http://127.0.0.1:")) window.open(said.url, "_blank", "noopener"); // the program's own page
  }
}

function options(button, state, chat, message, mine) {
  const one = { agent: state.desk.agent, message: String(message.id), ...place(chat) };
  const set = (part) => {
    change({ say: { reply: null, edit: null, search: false, ...part } });
    document.querySelector(".desk .compose textarea")?.focus();
  };
  const text = plain(message.html);
  menu(button, t("message.menu"), [
    { emojis: EMOJIS, label: t("react"), run: (emoji) => act("agent.reacts", { ...one, emoji }) },
    message.reactions.length > 0 && { icon: "close", label: t("unreact"), run: () => act("agent.reacts", { ...one, emoji: "" }) },
    { icon: "reply", label: t("reply"), run: () => set({ reply: { id: message.id, text } }) },
    mine && !message.file && { icon: "edit", label: t("edit"), run: () => set({ edit: { id: message.id, text } }) },
    text && { icon: "copy", label: t("copy"), run: () => copy(text) },
  ]);
}
