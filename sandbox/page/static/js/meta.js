// What Meta and the shop's phone do by themselves, asked for in dialogs: each fills in one act.

import { perform } from "./api.js";
import { form } from "./dialog.js";
import { t } from "./text.js";

const NEWS = ["banned", "reinstated", "ban_scheduled", "restricted", "restricted_in_part", "violation", "disconnected", "offboarded", "reconnected", "app_uninstalled", "price_tier", "review", "meta_alert", "settings", "name", "number_quality", "capability", "username", "security", "payments", "solution", "form", "group", "automatic_event", "from_the_future"];
const SAMPLES = ["order", "form", "list_reply", "quick_reply", "quick_reply_stop", "forwarded", "product", "poll", "view_once", "other_device", "too_large", "new_device", "hologram"];
const EVENTS = ["APPROVED", "PAUSED", "DISABLED", "REJECTED", "FLAGGED", "DELETED"];
const QUALITIES = ["GREEN", "YELLOW", "RED"];
const CATEGORIES = ["UTILITY", "MARKETING"];

const named = (prefix, names) => names.map((each) => [each, t(`${prefix}.${each}`)]);
const unchanged = (prefix, names) => [["", t("template.as_it_is")], ...named(prefix, names)];
const customers = (state) => ({ name: "customer", label: t("customer"), type: "select", options: state.customers.map((each) => [each.name, each.name]) });

export function metaSays(number) {
  form({
    title: t("meta.says"),
    about: t("meta.says.about", { number: number.name }),
    fields: [{ name: "news", label: t("meta.news"), type: "select", options: named("news", NEWS) }],
    submit: t("meta.says.do"),
    run: ({ news }) => perform("meta.says", { news, number: number.name }),
  });
}

export function metaAnswers(state, number) {
  form({
    title: t("meta.answers"),
    about: t("meta.answers.about"),
    fields: [customers(state), { name: "text", label: t("meta.text"), type: "long", required: true, maxlength: 4096 }],
    submit: t("send"),
    run: (given) => perform("meta.answers", { ...given, number: number.name }),
  });
}

export function metaHandsOver(state, number) {
  form({
    title: t("meta.hands_over"),
    about: t("meta.hands_over.about"),
    fields: [customers(state), { name: "to", label: t("meta.to"), type: "select", options: named("meta.to", ["ours", "meta_agent"]) }],
    submit: t("meta.hands_over.do"),
    run: (given) => perform("meta.hands_over", { ...given, number: number.name }),
  });
}

export function changeTemplate(number) {
  form({
    title: t("template.change"),
    about: t("template.change.about", { number: number.name }),
    fields: [
      { name: "name", label: t("template.name"), required: true, pattern: "[a-z0-9_]{1,512}" },
      { name: "event", label: t("template.event"), type: "select", value: "PAUSED", options: unchanged("template.event", EVENTS) },
      { name: "quality", label: t("template.quality"), type: "select", options: unchanged("template.quality", QUALITIES) },
      { name: "category", label: t("category"), type: "select", options: unchanged("category", CATEGORIES) },
    ],
    run: (given) => perform("template.change", { ...given, number: number.name }),
  });
}

export function phoneRemembers(state, number) {
  form({
    title: t("phone.remembers"),
    about: t("phone.remembers.about", { number: number.name }),
    fields: [
      { name: "customer", label: t("customer"), type: "select", options: [["", t("phone.remembers.new")], ...state.customers.map((each) => [each.name, each.name])] },
      { name: "people", label: t("phone.remembers.people"), type: "number", value: 3, min: 1, max: 500, required: true },
      { name: "each", label: t("phone.remembers.each"), type: "number", value: 20, min: 1, max: 1000, required: true },
      { name: "days", label: t("phone.remembers.days"), type: "number", value: 180, min: 1, max: 180, required: true },
    ],
    run: (given) => perform("phone.remembers", { ...given, number: number.name }),
  });
}

export function phoneNames(owner, number) {
  form({
    title: t("phone.names"),
    about: t("phone.names.about", { name: owner.name, number: number.name }),
    fields: [{ name: "name", label: t("name"), maxlength: 120 }],
    run: ({ name }) => perform("phone.names", { customer: owner.name, number: number.name, name }),
  });
}

export function calls(owner, number) {
  form({
    title: t("customer.calls"),
    about: t("calls.about", { name: owner.name, number: number.name }),
    fields: [{ name: "seconds", label: t("calls.seconds"), type: "number", min: 0, max: 86400, hint: t("calls.missed") }],
    submit: t("calls.do"),
    run: ({ seconds }) => perform("customer.calls", { customer: owner.name, number: number.name, seconds }),
  });
}

export function sendsSample(owner, number, replyTo) {
  form({
    title: t("sample"),
    about: t("sample.about"),
    fields: [{ name: "sample", label: t("sample.what"), type: "select", options: named("sample", SAMPLES) }],
    submit: t("send"),
    run: ({ sample }) => perform("customer.sends_sample", { customer: owner.name, number: number.name, sample, reply_to: replyTo }),
  });
}
