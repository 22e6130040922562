// What a customer is like: how fast messages arrive, whether they are read, and the few things that change a life.

import { perform } from "./api.js";
import { form } from "./dialog.js";
import { PHONE } from "./newcomers.js";
import { t } from "./text.js";

export function habits(owner) {
  const has = owner.habits;
  form({
    title: t("habits.of", { name: owner.name }),
    fields: [
      { name: "delivery_seconds", label: t("habits.delivery"), type: "number", value: has.delivery_seconds, min: 0, max: 86400, step: "any" },
      { name: "reads", label: t("habits.reads"), type: "check", value: has.reads, hint: t("habits.reads.hint") },
      { name: "read_after_seconds", label: t("habits.read_after"), type: "number", value: has.read_after_seconds, min: 0, max: 2592000, step: "any" },
      { name: "chat_open", label: t("habits.open"), type: "check", value: has.chat_open, hint: t("habits.open.hint") },
    ],
    run: (given) => perform("customer.habits", { customer: owner.name, ...given }),
  });
}

export function changePhone(owner) {
  form({
    title: t("changes.phone"),
    about: t("changes.phone.about", { name: owner.name }),
    fields: [{ name: "phone", label: t("phone"), type: "tel", required: true, pattern: PHONE, placeholder: "+54 9 11 5555 9999" }],
    run: ({ phone }) => perform("customer.changes_phone", { customer: owner.name, phone }),
  });
}

export function takeUsername(owner) {
  form({
    title: t("takes.username"),
    about: t("takes.username.about", { name: owner.name }),
    fields: [
      { name: "username", label: t("username"), maxlength: 32 },
      { name: "hides_phone", label: t("hides_phone"), type: "check", value: true, hint: t("hides_phone.hint") },
    ],
    run: ({ username, hides_phone }) => perform("customer.takes_username", { customer: owner.name, username: username || null, hides_phone }),
  });
}

export function enroll(owner, number) {
  form({
    title: t("enroll"),
    about: t("enroll.about", { name: owner.name }),
    fields: [{ name: "sequence", label: t("sequence.key"), required: true, value: "welcome" }],
    submit: t("enroll.do"),
    run: ({ sequence }) => perform("sequence.enroll", { sequence, customer: owner.name, number: number.name }),
  });
}
