// Filters that answer while you type: a form is sent when it changes, and only the results are replaced.
//
// Markup: <form data-live action="…" method="get"> and <… id="results">, in which [role=status] says how many there are and is
// read aloud. The header "truecopy-part" asks the server for the results alone: a choice among thousands of channels need not come
// again. Fields may stand outside the form (form="ID"). The address always says what is shown, so that it can be kept and sent on.
// Without scripts the form has its button. An empty field is left out of the address.

import { announce, fresh } from "./element.js";
import { page, swap } from "./swap.js";
import { say } from "./texts.js";

const PAUSE = 250;
const RESULTS = "#results";
let running = null;

export function start(root) {
  for (const form of fresh(root, "form[data-live]", "filter")) listen(form);
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
    show(address(form, event.submitter));
  });
  form.classList.add("is-live");
}

/** Where the form would lead, without its empty fields. */
function address(form, submitter) {
  const url = new URL(form.action);
  const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string" && value !== "");
  url.search = new URLSearchParams(fields).toString();
  return url;
}

/** Shows the results at `url`. What was asked before and has not arrived is given up. */
async function show(url) {
  if (url.origin !== window.location.origin) return;
  if (url.href === window.location.href && running === null) return;
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const results = document.querySelector(RESULTS);
  const late = window.setTimeout(() => results?.setAttribute("aria-busy", "true"), 150);
  try {
    const newer = await page(url, { headers: { "truecopy-part": "results" }, signal: mine.signal });
    if (running !== mine) return;
    if (!swap(RESULTS, newer)) return window.location.assign(url);
    window.history.replaceState(null, "", url);
    announce(document.querySelector(`${RESULTS} [role=status]`)?.textContent ?? "");
  } catch (error) {
    if (error.name === "AbortError") return;
    // The server's own words for what is wrong with the question are on the page itself.
    if (/^4\d\d$/.test(error.message)) return window.location.assign(url);
    announce(say("filter.failed"));
  } finally {
    window.clearTimeout(late);
    if (running === mine) running = null;
    document.querySelector(RESULTS)?.removeAttribute("aria-busy");
  }
}
