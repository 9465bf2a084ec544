// Filters that answer while you type: a form is sent when it changes, and only the results are replaced.
//
// Markup: <form data-live action="…" method="get" [data-swap="#results, #facets"]> and <… id="results" [data-count="12 sheets"]>.
// What data-swap names (#results unless told) is taken from the answer to the same URL; data-count is said aloud. Links with
// data-live (chips, sorting, pages of results) are followed the same way, and the form is taken from the answer too, if it has an
// id. Text fields stand outside what data-swap names; fields may stand outside the form (form="ID"). The address always says what
// is shown, so that it can be kept and sent on. Without scripts the form has its button. An empty field is left out of the address.

import { announce, fresh } from "./element.js";
import { page, swap } from "./swap.js";
import { say } from "./texts.js";

const PAUSE = 250;
let running = null;

export function start(root) {
  for (const form of fresh(root, "form[data-live]", "filter")) listen(form);
  for (const link of fresh(root, "a[data-live]", "filter")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
      event.preventDefault();
      // A link changes what the form says, so the form is taken from the answer too.
      const form = document.querySelector("form[data-live]");
      show(new URL(link.href), [...wanted(form), ...(form?.id ? [`#${CSS.escape(form.id)}`] : [])], true);
    });
  }
}

const timers = new WeakMap();

function soon(form, pause) {
  window.clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => form.isConnected && form.requestSubmit(), pause));
}

// Fields may stand outside their form (<input form="filter">), so they are heard on the page.
document.addEventListener("input", (event) => {
  const typed = "input:not([type=checkbox], [type=radio], [type=datetime-local], [type=date]), textarea";
  if (event.target.form?.hasAttribute("data-live") && event.target.matches(typed)) soon(event.target.form, PAUSE);
});
document.addEventListener("change", (event) => {
  if (event.target.form?.hasAttribute("data-live")) soon(event.target.form, 0);
});

function listen(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(timers.get(form));
    show(address(form, event.submitter), wanted(form), false);
  });
  form.classList.add("is-live");
}

function wanted(form) {
  return (form?.dataset.swap ?? "#results").split(",").map((one) => one.trim()).filter(Boolean);
}

/** Where the form would lead, without its empty fields. */
function address(form, submitter) {
  const url = new URL(form.action);
  const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string" && value !== "");
  url.search = new URLSearchParams(fields).toString();
  return url;
}

/** Shows the results at `url`. What was asked before and has not arrived is given up. */
async function show(url, parts, scrolls) {
  if (url.origin !== window.location.origin) return;
  if (url.href === window.location.href && running === null) return;
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const results = document.querySelector(parts[0]);
  const late = window.setTimeout(() => results?.setAttribute("aria-busy", "true"), 150);
  try {
    const newer = await page(url, mine.signal);
    if (running !== mine) return;
    if (!swap(parts[0], newer)) return window.location.assign(url);
    for (const part of parts.slice(1)) swap(part, newer);
    window.history.replaceState(null, "", url);
    if (newer.title) document.title = newer.title;
    if (scrolls) document.querySelector(parts[0])?.scrollIntoView({ block: "nearest" });
    announce(document.querySelector(parts[0])?.dataset.count ?? "");
  } catch (error) {
    if (error.name === "AbortError") return;
    // The server's own words for what is wrong with the question are on the page itself.
    if (/^4\d\d$/.test(error.message)) return window.location.assign(url);
    announce(say("filter.failed"));
  } finally {
    window.clearTimeout(late);
    if (running === mine) running = null;
    document.querySelector(parts[0])?.removeAttribute("aria-busy");
  }
}
