// A small view of the page as a value: `h` describes it, `render` changes what differs and leaves the rest alone,
// so that what somebody is typing, the focus and the scroll position survive every change of the state.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "use", "path", "circle", "rect", "g"]);
const LATE = new Set(["value", "checked", "selected", "open"]); // they depend on children, or must not undo the person's doing
const VNODE = Symbol("vnode");

export function h(tag, props, ...children) {
  const flat = [];
  spread(children, "", flat);
  return { tag, props: props ?? {}, key: props?.key, children: flat };
}

// Every child gets a name among its siblings: its own key, or its place. A missing child leaves the others' names alone.
function spread(children, prefix, into) {
  children.forEach((child, place) => {
    if (child === null || child === undefined || typeof child === "boolean") return;
    if (Array.isArray(child)) spread(child, `${prefix}${place}.`, into);
    else if (typeof child === "object") {
      into.push({ ...child, at: child.key === undefined ? `${prefix}${place}` : `${prefix}:${child.key}` });
    } else into.push({ text: String(child), at: `${prefix}${place}` });
  });
}

export function render(root, ...children) {
  const held = document.activeElement;
  const flat = [];
  spread(children, "", flat);
  reconcile(root, flat);
  if (held instanceof HTMLElement && held !== document.activeElement && held.isConnected) held.focus({ preventScroll: true });
}

function reconcile(parent, wanted) {
  const had = new Map();
  for (const node of parent.childNodes) if (node[VNODE]) had.set(node[VNODE].at, node);
  const kept = wanted.map((vnode) => {
    const node = had.get(vnode.at);
    if (!node || node[VNODE].tag !== vnode.tag) return null;
    had.delete(vnode.at);
    return node;
  });
  for (const node of had.values()) node.remove();
  let cursor = parent.firstChild;
  wanted.forEach((vnode, place) => {
    const node = kept[place] ?? create(vnode);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    update(node, vnode);
  });
}

function create(vnode) {
  if (vnode.tag === undefined) return document.createTextNode("");
  return SVG_TAGS.has(vnode.tag) ? document.createElementNS(SVG, vnode.tag) : document.createElement(vnode.tag);
}

function update(node, vnode) {
  const before = node[VNODE];
  node[VNODE] = vnode;
  if (vnode.tag === undefined) {
    if (node.data !== vnode.text) node.data = vnode.text;
    return;
  }
  const old = before?.props ?? {};
  for (const name in old) if (!(name in vnode.props)) set(node, name, null, old[name]);
  for (const name in vnode.props) if (!LATE.has(name)) set(node, name, vnode.props[name], old[name]);
  if (vnode.props.filled === undefined) reconcile(node, vnode.children);
  for (const name in vnode.props) if (LATE.has(name)) late(node, name, vnode.props[name], old[name]);
  if (!before) vnode.props.made?.(node);
  vnode.props.drawn?.(node);
}

// `value` speaks only when the page has something new to say; between two such moments the field belongs to the person.
function late(node, name, value, old) {
  if (value !== old && node[name] !== value) node[name] = value;
}

function set(node, name, value, old) {
  if (name === "key" || name === "made" || name === "drawn") return;
  if (name.startsWith("on")) node[name] = value ?? null;
  else if (name === "filled") {
    if (value !== old) node.replaceChildren(...(value === null ? [] : [value()]));
  } else if (name === "vars") {
    for (const each in value ?? {}) node.style.setProperty(each, value[each]); // the CSP has no room for style=""
  } else if (value === old) return;
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}
