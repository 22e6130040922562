// The desk's writing line: words, commands, files, and the bot's inline search.

import { act, perform, told } from "./api.js";
import { grow, grown, onEnter } from "./compose.js";
import { packed, pick } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { place } from "./post.js";
import { t } from "./text.js";
import { change, view } from "./view.js";

export function say(state, chat, key) {
  const { say: now } = view;
  const { agent, commands, topic } = state.desk;
  const where = { agent, ...place(chat), ...(topic === null ? {} : { topic: String(topic) }) };
  if (now.search) return finder(state, chat, where);
  const label = now.edit ? t("edit") : now.reply ? t("reply") : t("write.to", { name: chat.title });
  return h("div", { key: "say", class: "foot" },
    now.reply && chip("reply", t("replying"), now.reply.text, { reply: null }),
    now.edit && chip("edit", t("editing"), now.edit.text, { edit: null }),
    h("form", { class: "compose", onsubmit: (event) => { event.preventDefault(); submit(event.target, where); } },
      h("button", { type: "button", class: "quiet round", "aria-label": t("commands"), title: t("commands"), "aria-haspopup": "menu", disabled: commands.length === 0, onclick: (event) => list(event.currentTarget, commands, where) }, icon("slash")),
      h("button", { type: "button", class: "quiet round", "aria-label": t("search.inline"), title: t("search.inline"), onclick: () => search({ search: true }) }, icon("search")),
      h("textarea", { key: `${key} ${now.edit?.id ?? ""}`, rows: 1, "aria-label": label, placeholder: label, maxlength: 4096, value: now.edit?.text ?? "", onkeydown: onEnter, oninput: grow, made: grown }),
      h("button", { type: "button", class: "quiet round", "aria-label": t("attach.file"), title: t("attach.file"), onclick: () => pick("", (file) => upload(file, where)) }, icon("clip")),
      chat.kind === "private" && h("button", { type: "button", key: "album", class: "quiet round", "aria-label": t("attach.album"), title: t("attach.album"), onclick: () => album(agent, now) }, icon("image")),
      h("button", { type: "submit", class: "send round", "aria-label": t("send"), title: t("send") }, icon("send"))));
}

function chip(sign, title, text, drop) {
  return h("div", { key: sign, class: "chip" }, icon(sign), h("span", null, h("strong", null, title), h("small", null, text)), h("button", { type: "button", class: "quiet round small", "aria-label": t("cancel"), onclick: () => change({ say: { ...view.say, ...drop } }) }, icon("close")));
}

async function submit(form, where) {
  const area = form.querySelector("textarea");
  const text = area.value.trim();
  if (!text) return;
  const { say: now } = view;
  area.value = "";
  grown(area);
  const { agent, chat } = where;
  const done = await told(() => now.edit ? perform("agent.edits", { agent, chat, message: String(now.edit.id), text }) : perform("agent.says", { ...where, text, reply_to: now.reply ? String(now.reply.id) : undefined }));
  if (done === null && !area.value) {
    area.value = text;
    grown(area);
  } else change({ say: { reply: null, edit: null, search: false } });
}

function list(button, commands, where) {
  menu(button, t("commands"), commands.map((each) => ({ icon: "slash", label: `/${each.command}`, hint: each.description, run: () => act("agent.says", { ...where, text: `/${each.command}` }) })));
}

async function upload(file, where) {
  const caption = words();
  act("agent.uploads", { ...where, file: await packed(file), caption });
}

// Three pictures at once, with what is written as their words, in answer to the chosen message.
async function album(agent, now) {
  const done = await act("agent.uploads_album", { agent, caption: words(), reply_to: now.reply ? String(now.reply.id) : undefined });
  if (done !== null) change({ say: { reply: null, edit: null, search: false } });
}

function words() {
  const area = document.querySelector(".desk .compose textarea");
  const text = area?.value.trim() || undefined;
  if (area) area.value = "";
  return text;
}

// --- inline search: what one types after the bot's name

let asked = 0;

function search(part) {
  change({ say: { reply: null, edit: null, ...part } });
  if (part.search) document.querySelector(".finder input")?.focus();
}

function finder(state, chat, where) {
  const found = state.desk.search;
  return h("div", { key: "finder", class: "foot finder" },
    found && h("ul", { key: "results", class: "results", "aria-label": t("search.results") },
      found.results.length === 0 && h("li", { key: "none", class: "blank" }, t("search.none")),
      found.results.map((each) => h("li", { key: each.id }, h("button", { onclick: () => choose(each, where) }, h("strong", null, each.title), h("small", null, each.description))))),
    h("form", { class: "compose", onsubmit: (event) => { event.preventDefault(); ask(where, event.target.elements.query.value); } },
      h("button", { type: "button", class: "quiet round", "aria-label": t("close"), onclick: () => search({ search: false }) }, icon("close")),
      h("span", { class: "at", "aria-hidden": "true" }, "@bot"),
      h("input", { name: "query", type: "search", "aria-label": t("search.inline"), placeholder: t("search.words"), autocomplete: "off", oninput: (event) => soon(where, event.target.value) }),
      h("button", { type: "submit", class: "send round", "aria-label": t("search.inline") }, icon("search"))));
}

function soon(where, query) {
  const mine = ++asked;
  setTimeout(() => mine === asked && ask(where, query), 350);
}

function ask({ agent }, query) {
  asked += 1;
  return act("agent.searches", { agent, query });
}

async function choose(result, where) {
  const done = await act("agent.picks", { agent: where.agent, chat: where.chat, result: result.title });
  if (done !== null) search({ search: false });
}
