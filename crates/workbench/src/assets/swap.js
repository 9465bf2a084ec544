// A part of the page replaced by the same part of a newer answer of the server, without losing the reader's place: focus,
// caret, open details and scroll stay. Used by filter.js and live.js.
//
// The answer is a whole page or the part asked for; only the elements named are taken from it. DOMParser runs no scripts, and the page's policy would
// forbid them. After it, `document` gets the event "swapped" with the new element as detail.root, and main.js starts the modules on it.

/** The page at `url` as a document; throws where the server refuses or is gone. */
export async function page(url, { headers = {}, signal } = {}) {
  const answer = await fetch(url, { headers: { accept: "text/html", ...headers }, signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Replaces what `selector` names by what it names in `newer`; false where either has none. */
export function swap(selector, newer) {
  const [here, there] = [document.querySelector(selector), newer.querySelector(selector)];
  if (!here || !there) return false;
  const focus = held(here);
  const open = new Set([...here.querySelectorAll("details[open]")].map((one) => path(one, here)));
  const places = [...here.querySelectorAll(".scroll")].map((one) => [one.scrollLeft, one.scrollTop]);
  const at = [window.scrollX, window.scrollY];
  const fresh = document.importNode(there, true);
  for (const one of fresh.querySelectorAll("details")) one.open = one.open || open.has(path(one, fresh));
  here.replaceWith(fresh);
  document.dispatchEvent(new CustomEvent("swapped", { detail: { root: fresh } }));
  fresh.querySelectorAll(".scroll").forEach((one, n) => places[n] && one.scrollTo(...places[n]));
  window.scrollTo({ left: at[0], top: at[1], behavior: "instant" });
  focus?.(fresh);
  return true;
}

/** Where an element stands: its id, else its name and place below the root. */
function path(one, root) {
  if (one.id) return `#${one.id}`;
  const steps = [];
  for (let at = one; at && at !== root; at = at.parentElement) {
    steps.push(`${at.tagName}${[...at.parentElement.children].indexOf(at)}`);
  }
  return steps.join(" ");
}

/** How to give the focus back after the part it is in was replaced; null where it is elsewhere. */
function held(root) {
  const focused = document.activeElement;
  if (!focused || focused === root || !root.contains(focused)) return null;
  // By its id, by all that tells it from others, by its name where it is the only one of that name.
  const told = (attributes) => attributes.filter((name) => focused.getAttribute(name))
    .map((name) => `[${name}="${CSS.escape(focused.getAttribute(name))}"]`).join("");
  const all = told(["name", "value", "href", "formaction"]);
  const names = focused.id ? [`#${CSS.escape(focused.id)}`] : [];
  if (all) names.push(focused.localName + all);
  const name = told(["name"]);
  if (name && root.querySelectorAll(focused.localName + name).length === 1) names.push(focused.localName + name);
  const where = path(focused, root);
  const caret = "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  return (fresh) => {
    const found = names.map((name) => fresh.querySelector(name)).find(Boolean)
      ?? [...fresh.querySelectorAll(focused.localName)].find((one) => path(one, fresh) === where);
    if (!found) return landing(fresh).focus({ preventScroll: true });
    found.focus({ preventScroll: true });
    if (caret && caret[0] !== null) found.setSelectionRange(...caret);
  };
}

/** What takes the focus where the element that had it is gone: the part itself. */
function landing(root) {
  if (!root.hasAttribute("tabindex")) root.tabIndex = -1;
  return root;
}

/** Whether something below `root` was typed or chosen that the server does not know. Forms that only look are left out. */
export function unsaved(root = document) {
  if (root.querySelector("form[data-unsaved]")) return true;
  const fields = root.querySelectorAll("input, textarea, select");
  return [...fields].some((field) => {
    const form = field.form;
    if (!form || form.hasAttribute("data-live") || form.method === "get") return false;
    if (field instanceof HTMLSelectElement) {
      const options = [...field.options];
      const first = options.some((option) => option.defaultSelected);
      if (!first && !field.multiple) return field.selectedIndex > 0;
      return options.some((option) => option.selected !== option.defaultSelected);
    }
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    return field.value !== field.defaultValue;
  });
}
