"""What a person sees at a glance and a program must compute: too little contrast, something that sticks out, what is said everywhere."""

FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((each, at) => each * top[3] + under[at] * (1 - top[3])).concat(1);
  const light = (colour) => {
    const [r, g, b] = colour.map((each) => (each / 255 <= 0.03928 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage.includes("linear-gradient")) return null;
      layers.push(rgba(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (!/[\\p{L}\\p{N}]/u.test(text) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest(":disabled, .unseen, option, noscript")) continue;
    const style = getComputedStyle(element);
    const under = ground(element);
    if (under === null) continue;
    const ink = over(rgba(style.color), under);
    const [high, low] = [light(ink), light(under)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < wanted) faint.add(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${text.slice(0, 40)}`);
  }
  return [...faint];
}"""
"""Every visible text on a plain background that has less contrast than WCAG AA asks for."""

TOO_WIDE = """() => {
  const seen = [...document.querySelectorAll(".parts-of-page > .part, .clock, .story, .tabs")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }));
  const beyond = (each) => Math.round(each.getBoundingClientRect().right) - innerWidth;
  const inside = (each) => each.scrollWidth - each.clientWidth;
  return Math.max(document.documentElement.scrollWidth - innerWidth, ...seen.map(beyond), ...seen.map(inside));
}"""
"""By how many pixels the page, or any part of it, is wider than there is room."""

SAID = """() => {
  const places = "h2, h3, h4, label, dt, .hint, .trouble, .tool, .pill, .filter, .step, [aria-label], [title]";
  const own = (each) => (each.children.length ? "" : each.textContent);
  return [...document.querySelectorAll(places)].flatMap((each) => [each.getAttribute("aria-label"), each.title, own(each)]);
}"""
"""Every word that the page itself says."""
