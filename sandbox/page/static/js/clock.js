// The bar at the top: the one clock that everybody shares, and the ways to move it.

import { act } from "./api.js";
import { form } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { settings } from "./settings.js";
import { sky } from "./sky.js";
import { day, hour, hourOfDay, span, t, when, whole } from "./text.js";

const SPEEDS = [60, 600, 3600, 21600];
const ROLL = 900; // milliseconds that the digits take to arrive

// What moves the clock itself. Beside any other act a tap waits its turn: a button that goes dark for a moment loses taps.
const MOVES = new Set(["travel", "story", "reset"]);

let face = null; // the elements that roll
let rolling = { from: 0, to: 0, began: 0, now: 0, zone: "UTC" };

export function clock(state) {
  rollTo(new Date(state.at).getTime(), state.zone);
  const travelling = state.busy !== null || state.playing > 0;
  return h("header", { class: `clock ${travelling ? "travelling" : ""}`, "data-part": "clock", "aria-label": t("part.clock") },
    h("div", { class: "sky", made: (element) => (face = element), drawn: paint },
      h("span", { class: "stars", "aria-hidden": "true" }),
      h("span", { class: "orb", "aria-hidden": "true" }),
      h("span", { class: "hills", "aria-hidden": "true" }),
      h("div", { class: "now" },
        h("time", { class: "hour", datetime: state.at, "aria-label": whole(state.at, state.zone) }, h("span", { class: "digits", "aria-hidden": "true", filled: digits })),
        h("span", { class: "date", filled: digits }))),
    controls(state),
    ahead(state),
    settings(state));
}

const digits = () => document.createTextNode("");

function controls(state) {
  const busy = MOVES.has(state.busy?.what);
  const step = (key, args) =>
    h("button", { class: "step", disabled: busy, "aria-label": t(`clock.${key}.whole`), title: t(`clock.${key}.whole`), onclick: () => act("time.forward", args) }, t(`clock.${key}`));
  const playing = state.playing > 0;
  return h("div", { class: "steps", role: "group", "aria-label": t("clock.move") },
    step("hour", { hours: 1 }), step("day", { hours: 24 }), step("week", { days: 7 }),
    h("button", { class: "step wide", disabled: busy || !state.next_at, title: t("clock.next.whole"), onclick: () => act("time.next", {}) }, icon("next"), h("span", null, t("clock.next"))),
    playing
      ? h("button", { key: "stop", class: "step wide on", onclick: () => act("time.stop", {}) }, icon("pause"), h("span", null, t("clock.stop")))
      : h("button", { key: "play", class: "step wide", disabled: busy, "aria-haspopup": "menu", onclick: (event) => speeds(event.currentTarget, state) }, icon("play"), h("span", null, t("clock.play"))));
}

function speeds(button, state) {
  menu(button, t("clock.play"), [
    ...SPEEDS.map((speed) => ({ icon: "play", label: t(`clock.speed.${speed}`), run: () => act("time.play", { speed }) })),
    null,
    { icon: "clock", label: t("clock.until"), run: () => until(state) },
  ]);
}

function until(state) {
  form({
    title: t("clock.until"),
    fields: [
      { name: "at", label: t("clock.until.at"), type: "time", value: "09:00", required: true },
      { name: "days", label: t("clock.until.days"), type: "number", value: 1, min: 0, max: 400, hint: t("clock.until.hint", { zone: state.zone }) },
    ],
    submit: t("clock.go"),
    run: ({ at, days }) => act("time.until", { at, days: days ?? 0 }),
  });
}

function ahead(state) {
  let said = t("clock.calm");
  if (state.busy?.until) said = t("clock.travelling", { until: when(state.busy.until, state.at, state.zone) });
  else if (state.busy) said = t("clock.working");
  else if (state.playing) said = t("clock.playing", { speed: state.playing });
  else if (state.next_at) said = t("clock.ahead", { span: span(new Date(state.next_at) - new Date(state.at)) });
  return h("p", { class: "ahead", "aria-live": "polite" }, h("span", { class: "pulse", "aria-hidden": "true" }), h("span", null, said));
}

// --- the digits roll to where the clock went

function rollTo(to, zone) {
  rolling.zone = zone;
  if (to === rolling.to) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || rolling.to === 0 || to < rolling.to;
  const resting = rolling.began === 0;
  rolling = { ...rolling, from: still ? to : rolling.now, to, began: performance.now(), now: still ? to : rolling.now };
  if (still) rolling.began = 0;
  else if (resting) requestAnimationFrame(roll);
}

function roll(moment) {
  const share = Math.min(1, (moment - rolling.began) / ROLL);
  rolling.now = rolling.from + (rolling.to - rolling.from) * (1 - (1 - share) ** 3);
  if (share === 1) rolling.began = 0;
  else requestAnimationFrame(roll);
  paint();
}

function paint() {
  if (!face) return;
  const at = rolling.began === 0 ? rolling.to : rolling.now;
  put(face.querySelector(".digits"), hour(at, rolling.zone));
  put(face.querySelector(".date"), day(at, rolling.zone));
  const { vars, daylight } = sky(hourOfDay(at, rolling.zone));
  for (const name in vars) face.style.setProperty(name, vars[name]);
  face.classList.toggle("night", !daylight);
}

function put(element, text) {
  if (element.firstChild && element.firstChild.data !== text) element.firstChild.data = text;
}
