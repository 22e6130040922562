// The score: was anything lost, was anything sent twice? Counted by the simulators, not by the program.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./text.js";

const GOOD_AT_ZERO = ["doubled", "webhooks_given_up", "dead"];
const COUNTS = ["accepted", "shown", "webhooks_posted", "webhooks_waiting", "pending"];

export function score(state) {
  const { score: counted } = state;
  const wrong = GOOD_AT_ZERO.filter((each) => counted[each] > 0);
  const waits = counted.webhooks_waiting > 0 || state.program.state !== "running" || state.database.stopped;
  const verdict = wrong.length ? "bad" : waits ? "waits" : "good";
  return h("section", { class: `score ${verdict}`, "aria-label": t("score") },
    h("p", { class: "verdict", role: "status" }, icon(verdict === "good" ? "check" : verdict === "bad" ? "warn" : "clock"), h("strong", null, t(`score.${verdict}`))),
    h("dl", { class: "tiles" },
      GOOD_AT_ZERO.map((each) => tile(each, counted[each], counted[each] > 0 ? "bad" : "good")),
      COUNTS.map((each) => tile(each, counted[each], ""))));
}

const tile = (name, count, tone) => h("div", { key: name, class: `tile ${tone}`, title: t(`score.${name}.hint`) }, h("dt", null, t(`score.${name}`)), h("dd", null, count));
