// Pictures, films, voices, files, places and cards inside a message.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./text.js";

export function media(line) {
  if (line.location) return place(line.location);
  if (line.contacts) return h("div", { key: "cards", class: "cards" }, line.contacts.map((each) => card(each)));
  if (!line.media) return null;
  return file(line.media);
}

export function file({ kind, url, name, mime_type: type }) {
  if (!url) return h("p", { key: "file", class: "file" }, icon(sign(kind)), h("span", null, name || t(`kind.${kind}`)));
  if (kind === "image" || kind === "photo" || kind === "sticker") {
    return h("a", { key: "file", class: kind === "sticker" ? "sticker" : "picture", href: url, target: "_blank", rel: "noopener" }, h("img", { src: url, alt: name || t(`kind.${kind}`), loading: "lazy" }));
  }
  if (kind === "video" || kind === "animation") return h("video", { key: "file", class: "picture", src: url, controls: true, preload: "metadata", "aria-label": name || t("kind.video") });
  if (kind === "audio" || kind === "voice") {
    return h("div", { key: "file", class: "voice" }, icon(kind === "voice" ? "voice" : "audio"), h("audio", { src: url, controls: true, preload: "metadata", "aria-label": t(`kind.${kind}`) }));
  }
  return h("a", { key: "file", class: "file", href: url, target: "_blank", rel: "noopener", download: name || true }, icon("document"), h("span", null, name, h("small", null, type)));
}

const sign = (kind) => (["image", "video", "audio", "voice", "sticker"].includes(kind) ? kind : "document");

function place({ latitude, longitude, name }) {
  return h("div", { key: "place", class: "place" }, h("span", { class: "map", "aria-hidden": "true" }, icon("location")), h("strong", null, name || t("kind.location")), h("small", null, `${latitude}, ${longitude}`));
}

function card(each) {
  return h("p", { class: "file" }, icon("contacts"), h("span", null, each.name, h("small", null, (each.phones ?? []).join(" · "))));
}
