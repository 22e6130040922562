// The keyboard's short ways. Everything can be reached with Tab too; these only save steps.

import { dialog } from "./dialog.js";
import { h } from "./dom.js";
import { t } from "./text.js";
import { change, view } from "./view.js";

const PARTS = ["phones", "desk", "journal", "troubles", "stories"];

export function go(part) {
  if (part === "troubles" || part === "stories") change({ tab: part, side: part, sheet: part });
  else change({ tab: part, sheet: null });
  const field = { phones: ".phone textarea", desk: ".desk .compose textarea, .finder input", journal: ".journal input" }[part];
  (document.querySelector(field ?? `#${part}`) ?? document.getElementById(part))?.focus();
}

export function watchKeys() {
  addEventListener("keydown", (event) => {
    const place = event.altKey && !event.ctrlKey && !event.metaKey ? "12345".indexOf(event.code.replace("Digit", "")) : -1;
    const writing = event.target.closest?.("input, textarea, select, dialog, [role=menu]");
    if (place >= 0 && event.code.startsWith("Digit")) go(PARTS[place]);
    else if (event.key === "?" && !writing) shortcuts();
    else if (event.key === "Escape" && view.sheet && !event.target.closest?.("dialog, [role=menu]")) change({ sheet: null });
    else return;
    event.preventDefault();
  });
}

export function shortcuts() {
  const rows = [...PARTS.map((part, place) => [`Alt ${place + 1}`, t(`part.${part}`)]), ["Enter", t("keys.send")], ["Shift Enter", t("keys.line")], ["Esc", t("keys.close")], ["?", t("keys")]];
  dialog(t("keys"), () => h("dl", { class: "keys-list" }, rows.map(([key, what]) => h("div", { key }, h("dt", null, key.split(" ").map((each) => h("kbd", null, each))), h("dd", null, what)))));
}
