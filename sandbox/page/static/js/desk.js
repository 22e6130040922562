// The right side: whose desk it is, and that person's chats as a messenger shows them.

import { act } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { addAgent, openGroup } from "./newcomers.js";
import { avatar } from "./people.js";
import { follow, keepDown } from "./phone.js";
import { post } from "./post.js";
import { say } from "./say.js";
import { date, day, t } from "./text.js";
import { change, view } from "./view.js";

export function desk(state) {
  return h("section", { class: "part desk", "data-part": "desk", "aria-label": t("part.desk"), id: "desk", tabindex: "-1" },
    h("div", { class: "team" },
      h("h2", null, t("part.desk")),
      h("ul", { "aria-label": t("agents") }, state.agents.map((each) => h("li", { key: each.id }, member(state, each)))),
      h("button", { class: "quiet round add", "aria-label": t("add.agent"), title: t("add.agent"), onclick: addAgent }, icon("plus"))),
    state.desk ? messenger(state) : h("div", { class: "nobody" }, icon("desk"), h("p", null, t("desk.empty")), h("button", { class: "primary", onclick: addAgent }, t("add.agent"))));
}

function member(state, each) {
  const shown = state.desk?.agent === each.name;
  const role = each.role ? t(`role.${each.role}`) : "";
  return h("button", { class: `member ${shown ? "on" : ""}`, "aria-pressed": String(shown), title: `${each.name} · ${role}`, onclick: () => sit(each.name) },
    avatar(each.name, "small"),
    h("span", { class: "who" }, h("strong", null, each.name), h("small", null, role)),
    each.unread > 0 && h("span", { class: "unread", "aria-label": t("unread", { n: each.unread }) }, each.unread));
}

function sit(agent) {
  view.say = { reply: null, edit: null, search: false };
  change({ agent, chat: null, topic: null });
  view.refresh();
}

function messenger(state) {
  const { desk: its } = state;
  const chat = its.chats.find((each) => each.id === its.chat) ?? its.chats[0];
  const key = `${its.agent}/${its.chat}/${its.topic ?? ""}`;
  const pinned = its.messages.findLast((each) => each.pinned);
  return h("div", { class: `messenger ${its.chats.length > 1 ? "many" : ""}` },
    its.chats.length > 1 && h("ul", { key: "chats", class: "chats", "aria-label": t("chats") }, its.chats.map((each) => h("li", { key: each.id }, chatRow(its, each)))),
    h("div", { key: "talk", class: "talk" },
      h("div", { class: "talk-head" },
        avatar(chat.title, "small", chat.kind === "private" && h("span", { class: "bot" }, icon("robot"))),
        h("div", { class: "titles" }, h("strong", null, chat.title), h("small", null, chat.kind === "private" ? t("chat.bot", { name: its.agent }) : t("chat.group"))),
        h("button", { class: "quiet round", "aria-label": t("desk.menu", { name: its.agent }), title: t("desk.menu", { name: its.agent }), "aria-haspopup": "menu", onclick: (event) => options(event.currentTarget, state) }, icon("more"))),
      chat.topics.length > 0 && topics(its, chat),
      pinned && h("button", { key: "pinned", class: "pinned", onclick: () => document.getElementById(`post-${pinned.id}`)?.scrollIntoView({ block: "center" }) }, icon("pin"), h("span", null, plain(pinned.html))),
      h("ol", { key: `posts ${key}`, class: "posts", role: "log", tabindex: "0", "aria-label": t("posts.of", { name: its.agent, chat: chat.title }), made: follow, drawn: keepDown },
        its.messages.length === 0 && h("li", { key: "empty", class: "blank" }, t("desk.silent")),
        days(state, its.messages).map((each) => (each.day ? h("li", { key: each.key, class: "day" }, h("span", null, each.day)) : post(state, chat, each.message)))),
      say(state, chat, key)));
}

function chatRow(its, each) {
  const shown = each.id === its.chat;
  return h("button", { class: `chat ${shown ? "on" : ""}`, "aria-pressed": String(shown), title: each.title, onclick: () => go(each.id, null) },
    avatar(each.title, "", each.kind === "private" && h("span", { class: "bot" }, icon("robot"))),
    h("span", { class: "who" }, h("strong", null, each.title), h("small", null, each.kind === "private" ? t("bot") : each.topics.length ? t("topics", { n: each.topics.length }) : t("group"))),
    each.unread > 0 && h("span", { class: "unread", "aria-label": t("unread", { n: each.unread }) }, each.unread));
}

function topics(its, chat) {
  const chip = (id, name, sign, closed) =>
    h("button", { key: `topic ${id ?? "all"}`, class: its.topic === id ? "on" : "", "aria-pressed": String(its.topic === id), onclick: () => go(chat.id, id) }, closed ? icon("lock") : sign ? h("span", null, sign) : icon("topic"), name);
  return h("div", { key: "topics", class: "topics", role: "group", "aria-label": t("topics.all") }, chip(null, t("topics.all"), "", false), chat.topics.map((each) => chip(each.id, each.name, each.icon, each.closed)));
}

function go(chat, topic) {
  view.say = { reply: null, edit: null, search: false };
  change({ chat: String(chat), topic: topic === null ? null : String(topic) });
  view.refresh();
}

function options(button, state) {
  const { agent } = state.desk;
  menu(button, agent, [
    { icon: "block", label: t("blocks.bot"), danger: true, run: () => act("agent.blocks_bot", { agent }) },
    { icon: "robot", label: t("unblocks.bot"), run: () => act("agent.unblocks_bot", { agent }) },
    null,
    { icon: "people", label: t("add.group"), run: () => openGroup(state) },
  ]);
}

function days(state, messages) {
  const rows = [];
  let current = "";
  for (const message of messages) {
    const its = date(message.at, state.zone);
    if (its !== current) rows.push({ day: its === date(state.at, state.zone) ? t("today") : day(message.at, state.zone), key: `day ${its}` });
    current = its;
    rows.push({ message });
  }
  return rows;
}

export function plain(html) {
  return new DOMParser().parseFromString(html.replaceAll("<br>", " "), "text/html").body.textContent;
}
