// How people and numbers look in a list: an initial on a colour that is always theirs.

import { h } from "./dom.js";

const TINTS = 8;

function tint(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % TINTS;
}

export function avatar(name, more = "", ...inside) {
  const words = name.trim().split(/\s+/);
  const initials = [...(words[0] ?? "?")][0] + (/^\d+$/.test(words.at(-1)) ? words.at(-1).slice(-2) : "");
  return h("span", { class: `avatar tint-${tint(name)} ${more}`, "aria-hidden": "true" }, h("span", null, initials.toUpperCase()), inside);
}
