// Colours for JSON and log lines; what is no JSON stays plain text.

import { h } from "./dom.js";

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g;
const LONGEST = 20000;

export function json(text) {
  if (text.length > LONGEST || !/[{[]/.test(text)) return text;
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(TOKEN)) {
    pieces.push(text.slice(at, found.index), h("span", { class: kind(found) }, found[1] ?? found[0]));
    if (found[2]) pieces.push(found[2]);
    at = found.index + found[0].length;
  }
  return [...pieces, text.slice(at)];
}

const kind = ([, string, colon, word]) => (colon ? "key" : string ? "string" : word ? "word" : "amount");
