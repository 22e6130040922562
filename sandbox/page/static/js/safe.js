// The bot's formatted text as nodes. The server builds it from entities; the page trusts nobody and lets through only
// what Telegram itself can show.

const TAGS = new Set(["B", "STRONG", "I", "EM", "U", "S", "CODE", "PRE", "BLOCKQUOTE", "BR", "SPAN", "A"]);
const LINK = /^(https?:\/\/|tg:|mailto:|tel:)/i;

export function safe(html) {
  const from = new DOMParser().parseFromString(html, "text/html").body;
  const into = document.createDocumentFragment();
  copy(from, into);
  return into;
}

function copy(from, into) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) into.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && TAGS.has(node.tagName)) {
      const clean = document.createElement(node.tagName);
      if (node.tagName === "A") link(clean, node.getAttribute("href") ?? "");
      if (node.tagName === "SPAN" && node.className === "spoiler") spoiler(clean);
      copy(node, clean);
      into.append(clean);
    } else if (node.nodeType === Node.ELEMENT_NODE && !["SCRIPT", "STYLE", "TEMPLATE"].includes(node.tagName)) copy(node, into);
  }
}

function link(element, href) {
  if (!LINK.test(href)) return;
  element.href = href;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
}

function spoiler(element) {
  element.className = "spoiler";
  element.tabIndex = 0;
}
