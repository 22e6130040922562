// Dialogs: the browser's own, for its focus and Escape, filled from a short table of fields.

import { h, render } from "./dom.js";
import { icon } from "./icons.js";
import { Refusal } from "./api.js";
import { t } from "./text.js";

let count = 0;

export function dialog(title, body, { wide = false } = {}) {
  const element = document.createElement("dialog");
  const id = `dialog-${++count}`;
  element.className = wide ? "dialog wide" : "dialog";
  element.setAttribute("aria-labelledby", id);
  const close = () => element.close();
  element.addEventListener("close", () => element.remove());
  element.addEventListener("click", (event) => event.target === element && close());
  const draw = (...more) =>
    render(element,
      h("header", null, h("h2", { id }, title), h("button", { class: "quiet round", type: "button", "aria-label": t("close"), onclick: close }, icon("close"))),
      body({ close, draw }, ...more));
  draw();
  document.body.append(element);
  element.showModal();
  return { close, draw };
}

// fields: {name, label, type?, value?, options?, hint?, required?, min?, max?, step?, pattern?, accept?, short?}
// picture: what is drawn under the fields from what stands in them, again at every stroke
export function form({ title, about, fields, submit, run, picture }) {
  let problem = "";
  let busy = false;
  const opened = dialog(title, ({ close, draw }) => {
    const onsubmit = async (event) => {
      event.preventDefault();
      const given = await read(event.target, fields);
      problem = "";
      busy = true;
      draw();
      try {
        await run(given);
        close();
      } catch (refused) {
        if (!(refused instanceof Refusal)) throw refused;
        problem = refused.message;
        busy = false;
        draw();
      }
    };
    return h("form", { class: "fields", onsubmit, oninput: picture && (() => draw()) },
      about && h("p", { class: "about" }, about),
      fields.map((each, place) => field(each, place === 0)),
      picture && picture((name) => document.getElementById(`field-${name}`)?.value ?? ""),
      h("p", { class: "problem", role: "alert", hidden: !problem }, problem),
      h("footer", null,
        h("button", { type: "button", class: "plain", onclick: close }, t("cancel")),
        h("button", { type: "submit", class: "primary", disabled: busy }, submit ?? t("save"))));
  });
  if (picture) opened.draw(); // now that there are fields to read
}

function field(each, first) {
  const { name, label, type = "text", hint, value, options } = each;
  const common = { name, id: `field-${name}`, required: each.required, autofocus: first, "aria-describedby": hint ? `hint-${name}` : null };
  const more = hint && h("small", { id: `hint-${name}` }, hint);
  if (type === "check") {
    return h("label", { key: name, class: "check" }, h("input", { ...common, type: "checkbox", checked: Boolean(value) }), h("span", null, label, more));
  }
  if (type === "checks") {
    return h("fieldset", { key: name }, h("legend", null, label),
      options.map(([id, text], place) => h("label", { class: "check" }, h("input", { type: "checkbox", name, value: id, checked: place === 0 || value === true }), h("span", null, text))));
  }
  const { min, max, step, pattern, accept, placeholder } = each;
  const limits = { min, max, step, pattern, accept, placeholder, maxlength: each.maxlength };
  let input;
  if (type === "select") {
    input = h("select", { ...common, value: value ?? options[0]?.[0] }, options.map(([id, text]) => h("option", { value: id }, text)));
  } else if (type === "long") input = h("textarea", { ...common, rows: each.rows ?? 3, value: value ?? "", maxlength: each.maxlength, placeholder });
  else input = h("input", { ...common, ...limits, type, value: type === "file" ? undefined : String(value ?? ""), autocomplete: "off" });
  return h("label", { key: name, class: each.short ? "field short" : "field" }, h("span", null, label), input, more);
}

async function read(form, fields) {
  const data = new FormData(form);
  const given = {};
  for (const { name, type } of fields) {
    const value = data.get(name);
    if (type === "check") given[name] = data.has(name);
    else if (type === "checks") given[name] = data.getAll(name);
    else if (type === "number") given[name] = value === "" ? null : Number(value);
    else if (type === "file") given[name] = value instanceof File && value.size ? await packed(value) : null;
    else given[name] = value.trim() === "" ? null : value.trim();
  }
  return given;
}

export async function packed(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return { name: file.name, mime_type: file.type || "application/octet-stream", base64: btoa(binary) };
}

export function pick(accept, run) {
  const input = document.createElement("input");
  input.type = "file";
  if (accept) input.accept = accept;
  input.onchange = () => input.files[0] && run(input.files[0]);
  input.click();
}
