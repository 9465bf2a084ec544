// Keys: a list of all of them, ways to every view, search, and moving through rows.
//
// Markup: <dialog id="keys"> (empty; filled here), links with data-key="t" (reached by g, then t), the search field
// form.find input[type=search], and rows with data-row: j and k move between them and put the focus on the first link (or
// button, or the row itself where it has neither), Enter opens it. `start` gets the tables of the modules
// ({where, title, rows}), of which those are listed whose elements are on the page. A link or button with [data-help] opens the list.
// Letters are never keys while somebody types, and can be switched off in the list, as speech control needs it.

import { button, element, isPlain, isTyping } from "./element.js";
import { say } from "./texts.js";

const KEPT = "truecopy.letters";
const WAIT = 1500;

export function start(tables) {
  const dialog = document.getElementById("keys");
  let going = -WAIT;
  document.addEventListener("click", (event) => {
    if (!dialog || !event.target.closest("[data-help]")) return;
    event.preventDefault();
    open(dialog, tables);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave(event);
    if (!isPlain(event) || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (!lettersOn()) return;
    const goes = performance.now() - going < WAIT;
    going = -WAIT;
    if (goes) {
      const link = [...document.querySelectorAll("a[data-key]")].find((one) => one.dataset.key === event.key);
      if (!link) return;
      link.click();
    } else if (event.key === "g") going = performance.now();
    else if (event.key === "?" && dialog) open(dialog, tables);
    else if (event.key === "/") {
      const field = document.querySelector("form.find input[type=search]");
      if (!field) return;
      for (const around of parents(field)) around.open = true;
      field.focus();
      field.select();
    } else if (event.key === "j" || event.key === "k") {
      if (!step(event.key === "j" ? 1 : -1)) return;
    } else return;
    event.preventDefault();
  });
}

function parents(field) {
  const found = [];
  for (let at = field.closest("details"); at; at = at.parentElement?.closest("details")) found.push(at);
  return found;
}

function lettersOn() {
  try {
    return window.localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

/** Escape leaves a field, and closes the menu; dialogs close by themselves. */
function leave(event) {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (isTyping(document.activeElement)) return document.activeElement.blur();
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

/** Moves the focus to the next or the previous row that is shown; from outside, to the first one on the screen. */
function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length > 0);
  if (!rows.length) return false;
  const here = rows.indexOf(document.activeElement?.closest("[data-row]"));
  const seen = rows.findIndex((row) => row.getBoundingClientRect().bottom > 0);
  const next = here < 0 ? Math.max(seen, 0) : Math.min(Math.max(here + by, 0), rows.length - 1);
  const row = rows[next];
  const target = row.matches("a[href], button") ? row : row.querySelector("a[href], button") ?? row;
  if (target === row && !row.hasAttribute("tabindex")) row.tabIndex = -1;
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function open(dialog, tables) {
  const views = new Map();
  for (const link of document.querySelectorAll("a[data-key]")) {
    if (!views.has(link.dataset.key)) views.set(link.dataset.key, link.textContent.trim());
  }
  const general = [
    ["?", "keys.key.help"], ["/", "keys.key.search"], ["j k", "keys.key.rows"],
    ["Enter", "keys.key.open"], ["Esc", "keys.key.close"],
  ];
  const shown = [
    table(say("keys.general"), general.map(([key, text]) => [caps(key), say(text)])),
    ...tables.filter(({ where }) => document.querySelector(where))
      .map(({ title, rows }) => table(say(title), rows.map(([key, text]) => [caps(key), say(text)]))),
    table(say("keys.views"), [...views].map(([key, text]) => [[...caps("g"), ` ${say("keys.then")} `, ...caps(key)], text])),
  ];
  dialog.setAttribute("aria-labelledby", "keys-title");
  const letters = element("input", { type: "checkbox", id: "keys-letters", onchange: keep });
  letters.checked = lettersOn();
  dialog.replaceChildren(
    element("header", {}, element("h2", { id: "keys-title" }, say("keys.title")),
      button(say("keys.close"), () => dialog.close(), { autofocus: true })),
    element("div", { class: "tables" }, ...shown),
    element("p", {}, element("label", {}, letters, ` ${say("keys.on")}`)));
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  dialog.showModal();
}

function keep(event) {
  try {
    window.localStorage.setItem(KEPT, event.target.checked ? "on" : "off");
  } catch {
    // Without storage it holds for nothing but this page, which is no harm.
  }
}

function caps(keys) {
  return keys.split(" ").flatMap((key, n) => [...(n ? [" "] : []), element("kbd", {}, key)]);
}

function table(title, rows) {
  const body = rows.map(([key, text]) => element("tr", {}, element("th", { scope: "row" }, ...key), element("td", {}, text)));
  return element("table", {}, element("caption", {}, title), element("tbody", {}, ...body));
}
