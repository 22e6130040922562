// Icons come from one sprite and are silent for screen readers: the control around them has the name.

import { h } from "./dom.js";

export function icon(name, more = "") {
  return h("svg", { class: `icon ${more}`, "aria-hidden": "true", focusable: "false" }, h("use", { href: `/static/icons.svg#${name}` }));
}
