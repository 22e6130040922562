// What this browser looks at: language, theme, whose phone, whose desk, which part. Nothing of it is the world's state.

const LASTING = ["language", "theme", "side", "journal"];

function remembered() {
  try {
    return JSON.parse(localStorage.getItem("centralita") ?? "{}");
  } catch {
    return {};
  }
}

function preferred() {
  const known = (navigator.languages ?? []).map((each) => each.slice(0, 2)).find((each) => ["es", "en", "pt"].includes(each));
  return known ?? "en";
}

export const view = {
  language: preferred(),
  theme: "auto",
  tab: "phones", // which part a narrow screen shows
  side: "stories", // what the column at the side shows where there is room for it
  sheet: null, // the same column where there is no room: it lies over the rest, when asked for
  journal: "open",
  customer: null,
  number: null,
  agent: null,
  chat: null,
  topic: null,
  log: "",
  words: "", // the journal's own filter
  opened: new Map(), // lines of the journal that are open, with their parts
  from: { as: "customer", ad: false, reply: null, edit: null }, // the phone's writing line
  say: { reply: null, edit: null, search: false }, // the desk's writing line
  times: 1, // how often an ordered trouble strikes
  only: "", // the number it is ordered for
  recorded: false, // there is a finished recording to save
  connected: true,
  waiting: 0, // acts under way that this page asked for
  ...remembered(),
};

let draw = () => {};

export function onChange(redraw) {
  draw = redraw;
}

export function change(part) {
  Object.assign(view, part);
  try {
    localStorage.setItem("centralita", JSON.stringify(Object.fromEntries(LASTING.map((each) => [each, view[each]]))));
  } catch {
    // a private window without storage: the choice then lasts as long as the page
  }
  draw();
}

// Another world: nothing that was chosen in the old one has to exist in it.
export function forget() {
  Object.assign(view, { customer: null, number: null, agent: null, chat: null, topic: null });
  view.opened.clear();
  view.from = { as: "customer", ad: false, reply: null, edit: null };
  view.say = { reply: null, edit: null, search: false };
}
