// WhatsApp's own marks in a text: *bold*, _italic_, ~struck~, `code`, and links. Everything else is plain text.

import { h } from "./dom.js";

const MARK = /(https?:\/\/[^\s<>"]+)|```([^`]+)```|`([^`\n]+)`|(?<![\p{L}\p{N}*_~])([*_~])(?=\S)([^\n]*?\S)\4(?![\p{L}\p{N}*_~])/u;
const TAG = { "*": "strong", _: "em", "~": "s" };

export function words(text) {
  const found = MARK.exec(text);
  if (!found) return text ? [text] : [];
  const [whole, url, block, code, mark, inside] = found;
  const rest = text.slice(found.index + whole.length);
  return [text.slice(0, found.index), piece(url, block ?? code, mark, inside), ...words(rest)];
}

function piece(url, code, mark, inside) {
  if (url) return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url);
  if (code) return h("code", null, code);
  return h(TAG[mark], null, ...words(inside));
}
