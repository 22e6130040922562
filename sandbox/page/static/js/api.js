// The line to the page server: one state, one door for acts, one stream that says "changed".

import { t } from "./text.js";
import { change, view } from "./view.js";
import { notice } from "./notices.js";

export class Refusal extends Error {}

let show = () => {};
let running = null;
let again = false;

export async function send(path, body, method = "POST") {
  const asked = `${path}${path.includes("?") ? "&" : "?"}language=${view.language}`;
  const text = typeof body === "string";
  const headers = { "Content-Type": text ? "application/toml" : "application/json" };
  let answer;
  try {
    answer = await fetch(asked, { method, headers, body: text ? body : JSON.stringify(body ?? {}) });
  } catch {
    throw new Refusal(t("connection.lost"));
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(said.error ?? t("refused.unknown", { status: answer.status }));
  return said;
}

// Do something in the world and return what came of it. Raises Refusal with a sentence for people.
export async function perform(name, args = {}) {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined && value !== null));
  return watched(async () => (await send("/api/act", { act: name, args: given })).result ?? {});
}

// The same for buttons: a refusal is told, and null returned.
export async function act(name, args) {
  return told(() => perform(name, args));
}

export async function told(doing) {
  try {
    return await doing();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    notice(problem.message, "refused");
    return null;
  }
}

export async function watched(doing) {
  change({ waiting: view.waiting + 1 });
  try {
    return await doing();
  } finally {
    change({ waiting: view.waiting - 1 });
    refresh();
  }
}

export async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Refusal(t("refused.unknown", { status: answer.status }));
  return answer.json();
}

// Ask for the state; while one question is on its way, the next waits and asks for what is newest then.
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = load().finally(() => {
    running = null;
    if (again) {
      again = false;
      refresh();
    }
  });
  return running;
}

async function load() {
  const wanted = { language: view.language, customer: view.customer, number: view.number, agent: view.agent };
  Object.assign(wanted, { chat: view.chat, topic: view.topic, log: view.log });
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== null && value !== ""));
  try {
    const answer = await fetch(`/api/state?${query}`);
    if (answer.ok) show(await answer.json());
    else setTimeout(refresh, 500); // one world gives way to the next
    if (!view.connected) change({ connected: true });
  } catch (problem) {
    if (!(problem instanceof TypeError)) throw problem;
    change({ connected: false });
    setTimeout(refresh, 1500);
  }
}

export function listen(onState) {
  show = onState;
  const stream = new EventSource("/api/events");
  stream.addEventListener("changed", refresh);
  stream.onopen = () => {
    if (!view.connected) change({ connected: true });
    refresh();
  };
  stream.onerror = () => {
    change({ connected: false });
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen(onState), 2000);
  };
}
