// Elements made by the scripts. Text goes in as text, never as HTML: names and words in a case are hostile.
//
// element("button", {type: "button", onclick: f, class: "small"}, "Text", other) makes an HTML element, drawn("rect", {...}) one
// of SVG. A false, null or undefined attribute is left out; one whose name begins with "on" is a listener.

const SVG = "http://www.w3.org/2000/svg";

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** An HTML element. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

/** A plain button. */
export function button(text, press, attributes = {}) {
  return element("button", { type: "button", onclick: press, ...attributes }, text);
}

/** The elements under `root` (and itself) that match and were not given out under this name before. */
export function fresh(root, selector, name) {
  const all = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) all.unshift(root);
  return all.filter((one) => {
    const seen = known.get(one) ?? known.set(one, new Set()).get(one);
    return !seen.has(name) && seen.add(name);
  });
}

const known = new WeakMap();

/** Whether somebody types into this: then letters are letters and no keys. */
export function isTyping(target) {
  if (!(target instanceof Element)) return false;
  if (target.closest("textarea, select, [contenteditable]:not([contenteditable=false])")) return true;
  const plain = ["button", "checkbox", "radio", "range", "submit", "reset", "file", "image", "color"];
  return target instanceof HTMLInputElement && !plain.includes(target.type);
}

/** Whether a key was pressed with nothing that makes it a command of the browser; Shift may be down. */
export function isPlain(event) {
  return !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing && !event.defaultPrevented;
}

/** Says something to those who hear the page, without moving anything. */
export function announce(text) {
  let voice = document.getElementById("voice");
  if (!voice) {
    voice = element("div", { id: "voice", class: "sr", role: "status", "aria-live": "polite" });
    document.body.append(voice);
  }
  voice.textContent = "";
  window.setTimeout(() => { voice.textContent = text; }, 60);
}

/** Whether the reader asked for less motion. */
export function isStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
