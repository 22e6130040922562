// A file dropped on the page: a sequence that a crowd will rehearse, or a story to play.

import { perform } from "./api.js";
import { form, pick } from "./dialog.js";
import { h } from "./dom.js";
import { notice } from "./notices.js";
import { runFile } from "./stories.js";
import { t } from "./text.js";
import { view } from "./view.js";

const SHARES = { answers: 30, silent: 40, offline: 20, blocks: 10 };

export function openSequence() {
  pick(".toml,.json", take);
}

export function watchDrops() {
  let depth = 0;
  const over = (on) => document.body.classList.toggle("dropping", on);
  addEventListener("dragenter", (event) => event.dataTransfer?.types.includes("Files") && over(++depth > 0));
  addEventListener("dragleave", () => over((depth = Math.max(0, depth - 1)) > 0));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    over((depth = 0) > 0);
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
}

export async function take(file) {
  if (!/\.(toml|json)$/i.test(file.name)) return notice(t("drop.wrong", { name: file.name }), "refused");
  const text = await file.text();
  const format = /\.json$/i.test(file.name) ? "json" : "toml";
  if (format === "toml" && /^\s*\[\[scene\]\]/m.test(text)) return runFile(text);
  return rehearse(file.name, text, format);
}

function rehearse(name, text, format) {
  const share = (id) => ({ name: id, label: t(`crowd.${id}`), type: "number", value: SHARES[id], min: 0, max: 100, step: 5, short: true, hint: t(`crowd.${id}.hint`) });
  form({
    title: t("crowd.of", { name }),
    about: t("crowd.how"),
    fields: [
      { name: "size", label: t("crowd.size"), type: "number", value: 50, min: 0, max: 2000, required: true, short: true, hint: t("crowd.size.hint") },
      { name: "seed", label: t("crowd.seed"), type: "number", value: 0, min: 0, short: true, hint: t("crowd.seed.hint") },
      ...Object.keys(SHARES).map(share),
    ],
    picture: crowd,
    submit: t("crowd.go"),
    run: async ({ size, seed, ...shares }) => {
      const { sequences = [] } = await perform("sequence.load", { text, format });
      const parts = Object.fromEntries(Object.entries(shares).map(([id, percent]) => [id, (percent ?? 0) / 100]));
      if (size > 0) await perform("crowd.joins", { size, sequence: sequences[0], seed: seed ?? 0, language: view.language, ...parts });
      notice(t("crowd.came", { n: size }));
    },
  });
}

// The crowd as one coloured line; whoever is in no group keeps what is left of it.
function crowd(value) {
  const shares = Object.keys(SHARES).map((id) => [id, Math.max(0, Number(value(id)) || 0)]);
  const left = Math.max(0, 100 - shares.reduce((sum, [, each]) => sum + each, 0));
  return h("div", { key: "crowd", class: "crowd", "aria-hidden": "true" }, [...shares, ["rest", left]].map(([id, each]) => h("span", { key: id, class: id, vars: { "flex-grow": String(each) } })));
}
