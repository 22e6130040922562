// Menus that open beside a button: arrows move, Enter chooses, Escape closes and gives the focus back.

import { h, render } from "./dom.js";
import { icon } from "./icons.js";

let open = null;

// items: {label, icon?, run, checked?, danger?, hint?} or {emojis: [...], run} or null for a line between.
export function menu(anchor, label, items) {
  const same = open?.anchor === anchor;
  shut();
  if (same) return;
  open = { anchor };
  anchor.setAttribute("aria-expanded", "true");
  render(document.getElementById("layer"), h("div", { class: "menu", role: "menu", "aria-label": label, onkeydown: keys }, items.filter((each) => each !== undefined && each !== false).map(entry)));
  const box = document.querySelector("#layer .menu");
  place(box, anchor.getBoundingClientRect());
  choices()[0]?.focus({ preventScroll: true });
}

function entry(item) {
  if (item === null) return h("hr", null);
  if (item.emojis) {
    return h("div", { class: "emojis", role: "group", "aria-label": item.label },
      item.emojis.map((each) => h("button", { role: "menuitem", "aria-label": each, onclick: () => choose(() => item.run(each)) }, each)));
  }
  const ticked = item.checked === undefined ? {} : { "aria-checked": String(item.checked) };
  return h("button", { role: item.checked === undefined ? "menuitem" : "menuitemcheckbox", ...ticked, class: item.danger ? "danger" : null, disabled: item.disabled, onclick: () => choose(item.run) },
    icon(item.icon ?? "right"), h("span", null, item.label, item.hint && h("small", null, item.hint)), item.checked && icon("check", "end"));
}

function place(box, at) {
  const [wide, high] = [box.offsetWidth, box.offsetHeight];
  const below = at.bottom + 6 + high <= innerHeight - 8;
  const top = below ? at.bottom + 6 : Math.max(8, at.top - 6 - high);
  const left = Math.min(Math.max(8, at.left + (at.left > innerWidth / 2 ? at.width - wide : 0)), innerWidth - wide - 8);
  box.style.setProperty("top", `${top}px`);
  box.style.setProperty("left", `${left}px`);
  box.classList.add(below ? "below" : "above");
}

const choices = () => [...document.querySelectorAll("#layer .menu button:not(:disabled)")];

function keys(event) {
  const all = choices();
  const here = all.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step) all[(here + step + all.length) % all.length]?.focus();
  else if (event.key === "Home") all[0]?.focus();
  else if (event.key === "End") all.at(-1)?.focus();
  else if (event.key === "Escape" || event.key === "Tab") shut();
  else return;
  if (event.key !== "Tab") event.preventDefault();
}

function choose(run) {
  shut();
  run();
}

export function shut() {
  if (!open) return;
  const { anchor } = open;
  open = null;
  render(document.getElementById("layer"));
  if (!anchor.isConnected) return;
  anchor.setAttribute("aria-expanded", "false");
  anchor.focus({ preventScroll: true });
}

addEventListener("pointerdown", (event) => {
  if (open && !event.target.closest("#layer") && !open.anchor.contains(event.target)) shut();
});
addEventListener("resize", shut);
