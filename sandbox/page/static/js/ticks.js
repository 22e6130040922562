// Ticks: how far a message came, as a sign and as a word for whoever cannot see it.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./text.js";

const SIGNS = { accepted: "clock", sent: "tick", delivered: "ticks", read: "ticks", played: "ticks", failed: "warn" };

export function ticks(tick) {
  return h("span", { class: `ticks ${tick}`, role: "img", "aria-label": t(`tick.${tick}`), title: t(`tick.${tick}`) }, icon(SIGNS[tick] ?? "clock"));
}
