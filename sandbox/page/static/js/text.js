// What the page says, in the language chosen, and how it writes times and amounts there.

export const LANGUAGES = { es: "Español", en: "English", pt: "Português" };

let texts = {};
let language = "es";
let plural = new Intl.PluralRules("es");
let formats = new Map();

export async function speak(wanted) {
  const answer = await fetch(`/texts/${wanted}.json`);
  if (!answer.ok) throw new Error(`no texts in ${wanted}`);
  texts = await answer.json();
  language = wanted;
  plural = new Intl.PluralRules(wanted);
  formats = new Map();
  document.documentElement.lang = wanted;
}

export const knows = (key) => key in texts;

// A text that depends on a number has two keys, `key.one` and `key.other`.
export function t(key, values = {}) {
  const chosen = typeof values.n === "number" && !(key in texts) ? `${key}.${plural.select(values.n) === "one" ? "one" : "other"}` : key;
  return (texts[chosen] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
}

const shown = (value) => (typeof value === "number" ? value.toLocaleString(language) : String(value));

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, ...options }));
  return formats.get(key);
}

export const hour = (at, zone) => format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
export const seconds = (at, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(new Date(at));
export const day = (at, zone) => format(zone, { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
export const shortDay = (at, zone) => format(zone, { weekday: "short", day: "numeric", month: "short" }).format(new Date(at));
export const whole = (at, zone) => format(zone, { dateStyle: "full", timeStyle: "short" }).format(new Date(at));
export const date = (at, zone) => format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(at));

// In a list: the hour today, the day before that.
export const when = (at, now, zone) => (date(at, zone) === date(now, zone) ? hour(at, zone) : shortDay(at, zone));

export function span(milliseconds) {
  const minutes = Math.round(milliseconds / 60000);
  if (minutes < 1) return t("span.soon");
  const [d, hr, m] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts = [d && `${d} d`, hr && `${hr} h`, !d && m && `${m} min`];
  return parts.filter(Boolean).join(" ");
}

// Hours of the shop's day as a number, for the sky: 13.5 is half past one.
export function hourOfDay(at, zone) {
  const [hours, minutes] = hour(at, zone).split(":").map(Number);
  return hours + minutes / 60;
}
