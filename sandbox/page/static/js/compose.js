// The phone's writing line. It writes as the customer, or as somebody in the shop on the business's own phone.

import { act, perform, told } from "./api.js";
import { packed, pick } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { sendsSample } from "./meta.js";
import { t } from "./text.js";
import { change, view } from "./view.js";

const KINDS = ["image", "video", "voice", "audio", "document", "sticker", "location", "contacts"];
const ODD = ["corrupt", "too_large", "expired"];
const FILES = { "image/": "image", "video/": "video", "audio/": "audio" };

export function compose(state, owner, number, key) {
  const { from } = view;
  const as = from.as === "phone" && number.coexistence ? "phone" : "customer";
  const label = from.edit ? t("edit") : t(as === "phone" ? "write.as.shop" : "write.as", { name: as === "phone" ? number.name : owner.name });
  return h("div", { class: `foot as-${as}` },
    from.reply && chip("reply", t("replying"), from.reply.text, () => change({ from: { ...from, reply: null } })),
    from.edit && chip("edit", t("editing"), from.edit.text, () => change({ from: { ...from, edit: null } })),
    from.ad && as === "customer" && chip("megaphone", t("from.ad"), t("from.ad.hint"), () => change({ from: { ...from, ad: false } })),
    number.coexistence && whoWrites(owner, number, as, from),
    h("form", { class: "compose", onsubmit: (event) => { event.preventDefault(); submit(event.target, owner, number, as); } },
      h("button", { type: "button", class: "quiet round", "aria-label": t("attach"), title: t("attach"), "aria-haspopup": "menu", disabled: as === "phone", onclick: (event) => attach(event.currentTarget, owner, number) }, icon("plus")),
      h("textarea", { key: `${key} ${as} ${from.edit?.id ?? ""}`, rows: 1, "aria-label": label, placeholder: label, maxlength: 4096, value: from.edit?.text ?? "", onkeydown: onEnter, oninput: grow, made: grown }),
      h("button", { type: "submit", class: "send round", "aria-label": t("send"), title: t("send") }, icon("send"))));
}

function whoWrites(owner, number, as, from) {
  const choice = (id, name, sign) =>
    h("button", { type: "button", key: id, class: as === id ? "on" : "", "aria-pressed": String(as === id), onclick: () => change({ from: { ...from, as: id, edit: null } }) }, icon(sign), h("span", null, name));
  return h("div", { key: "as", class: "as", role: "group", "aria-label": t("who.writes") }, choice("customer", owner.name, "contacts"), choice("phone", t("shops.phone", { number: number.name }), "shop"));
}

function chip(sign, title, text, drop) {
  return h("div", { key: sign, class: "chip" }, icon(sign), h("span", null, h("strong", null, title), h("small", null, text)), h("button", { type: "button", class: "quiet round small", "aria-label": t("cancel"), onclick: drop }, icon("close")));
}

// Enter sends, with Shift it is a new line; while an accent is being put together Enter belongs to the keyboard.
export function onEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}

export function grow(event) {
  grown(event.target);
}

export function grown(area) {
  area.style.setProperty("height", "auto");
  area.style.setProperty("height", `${Math.min(area.scrollHeight, 140)}px`);
}

async function submit(form, owner, number, as) {
  const area = form.querySelector("textarea");
  const text = area.value.trim();
  if (!text) return;
  const { from } = view;
  area.value = "";
  grown(area);
  const done = await told(() => write(text, owner, number, as, from));
  if (done === null && !area.value) {
    area.value = text; // refused: what was written is not lost
    grown(area);
  } else change({ from: { as, ad: false, reply: null, edit: null } });
}

function write(text, owner, number, as, from) {
  if (from.edit) return perform(from.edit.as === "phone" ? "phone.edits" : "customer.edits", from.edit.as === "phone" ? { message: from.edit.id, text } : { customer: owner.name, message: from.edit.id, text });
  if (as === "phone") return perform("phone.sends", { customer: owner.name, text, number: number.name });
  return perform("customer.writes", { customer: owner.name, text, number: number.name, ...(from.ad ? { ad: true } : {}), reply_to: from.reply?.id });
}

function attach(button, owner, number) {
  const send = (kind, more) => act("customer.sends", { customer: owner.name, kind, number: number.name, ...more });
  menu(button, t("attach"), [
    ...KINDS.map((kind) => ({ icon: kind, label: t(`kind.${kind}`), run: () => send(kind) })),
    null,
    { icon: "upload", label: t("attach.file"), run: () => pick("", async (file) => send(Object.entries(FILES).find(([start]) => file.type.startsWith(start))?.[1] ?? "document", { file: await packed(file), caption: caption() })) },
    ...ODD.map((what) => ({ icon: "warn", label: t(`odd.${what}`), hint: t(`odd.${what}.hint`), run: () => act("customer.sends_odd_file", { customer: owner.name, number: number.name, what }) })),
    { icon: "list", label: t("sample"), hint: t("sample.hint"), run: () => sendsSample(owner, number, view.from.reply?.id) },
    { icon: "megaphone", label: t("from.ad"), hint: t("from.ad.hint"), run: () => { change({ from: { ...view.from, ad: true } }); document.querySelector(".phone textarea")?.focus(); } },
  ]);
}

// What stands in the writing line goes along with a file of one's own.
function caption() {
  const area = document.querySelector(".phone .compose textarea");
  const text = area?.value.trim();
  if (area) area.value = "";
  return text || undefined;
}
