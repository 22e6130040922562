// Short notices at the edge of the page: what was refused, copied, done. They leave by themselves, errors a little later.

import { h, render } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./text.js";

const STAYS = { refused: 9000, done: 4000, link: 12000 };
let shown = [];
let count = 0;

export function notice(text, kind = "done", link = null) {
  const one = { id: ++count, text, kind, link };
  shown = [...shown.filter((each) => each.text !== text), one].slice(-4);
  draw();
  setTimeout(() => dismiss(one.id), STAYS[kind]);
}

function dismiss(id) {
  shown = shown.filter((each) => each.id !== id);
  draw();
}

function draw() {
  const cards = shown.map(({ id, text, kind, link }) =>
    h("div", { key: id, class: `notice ${kind}`, role: kind === "refused" ? "alert" : null },
      icon(kind === "refused" ? "warn" : kind === "link" ? "link" : "check"),
      h("p", null, text, link && [" ", h("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, link)]),
      h("button", { class: "quiet round small", "aria-label": t("close"), onclick: () => dismiss(id) }, icon("close"))),
  );
  render(document.getElementById("notices"), ...[cards]);
}
