// Dialogs for whoever and whatever comes new into the world.

import { perform } from "./api.js";
import { form } from "./dialog.js";
import { LANGUAGES, t } from "./text.js";
import { change, view } from "./view.js";

export const PHONE = "\\+?[\\d \\-]{7,20}";

export function addCustomer() {
  form({
    title: t("add.customer"),
    fields: [
      { name: "name", label: t("name"), required: true, maxlength: 64 },
      { name: "phone", label: t("phone"), type: "tel", pattern: PHONE, placeholder: "+54 9 11 5555 0123", hint: t("phone.free") },
      { name: "username", label: t("username"), maxlength: 32 },
      { name: "hides_phone", label: t("hides_phone"), type: "check", hint: t("hides_phone.hint") },
    ],
    submit: t("add"),
    run: async (given) => {
      const { customer } = await perform("customer.joins", given);
      change({ customer: customer ?? given.name, number: null, tab: "phones" });
    },
  });
}

export function addAgent() {
  form({
    title: t("add.agent"),
    fields: [
      { name: "name", label: t("name"), required: true, maxlength: 64 },
      { name: "role", label: t("role"), type: "select", value: "agent", options: ["admin", "agent", "viewer"].map((each) => [each, t(`role.${each}`)]) },
      { name: "language", label: t("language"), type: "select", value: view.language, options: Object.entries(LANGUAGES) },
    ],
    submit: t("add"),
    run: async (given) => {
      const { agent } = await perform("agent.joins", given);
      change({ agent: agent ?? given.name, chat: null, topic: null, tab: "desk" });
    },
  });
}

export function addNumber() {
  form({
    title: t("add.number"),
    fields: [
      { name: "name", label: t("name"), required: true, maxlength: 64 },
      { name: "phone", label: t("phone"), type: "tel", pattern: PHONE, placeholder: "+54 11 5000 0001", required: true },
      { name: "coexistence", label: t("coexistence"), type: "check", value: true, hint: t("coexistence.hint") },
    ],
    submit: t("add"),
    run: (given) => perform("number.joins", given),
  });
}

export function openGroup(state) {
  form({
    title: t("add.group"),
    about: t("add.group.about"),
    fields: [
      { name: "title", label: t("group.title"), required: true, value: t("add.group.title"), maxlength: 128 },
      { name: "members", label: t("members"), type: "checks", value: true, options: state.agents.map((each) => [each.name, each.name]) },
    ],
    submit: t("add"),
    run: async (given) => {
      const { chat } = await perform("group.opens", given);
      change({ chat: chat === undefined ? null : String(chat), topic: null, agent: given.members[0], tab: "desk" });
    },
  });
}

export function addTemplate(state) {
  form({
    title: t("add.template"),
    fields: [
      { name: "number", label: t("number"), type: "select", options: state.numbers.map((each) => [each.name, each.name]) },
      { name: "name", label: t("template.name"), required: true, pattern: "[a-z0-9_]{1,512}", placeholder: "order_ready", hint: t("template.name.hint") },
      { name: "language", label: t("language"), required: true, value: { es: "es_AR", en: "en_US", pt: "pt_BR" }[view.language], pattern: "[a-z]{2,3}(_[A-Za-z]{2,4})?" },
      { name: "category", label: t("category"), type: "select", options: ["UTILITY", "MARKETING", "AUTHENTICATION"].map((each) => [each, t(`category.${each}`)]) },
      { name: "header", label: t("header"), maxlength: 60 },
      { name: "body", label: t("body"), type: "long", required: true, maxlength: 1024, placeholder: t("body.example"), hint: t("body.hint") },
      { name: "footer", label: t("footer"), maxlength: 60 },
      { name: "replies", label: t("template.buttons"), hint: t("template.buttons.hint") },
    ],
    submit: t("add"),
    run: ({ replies, ...given }) => {
      const labels = (replies ?? "").split(",").map((each) => each.trim()).filter(Boolean);
      return perform("template.add", { ...given, ...(labels.length ? { buttons: labels.map((text) => ({ type: "QUICK_REPLY", text })) } : {}) });
    },
  });
}
