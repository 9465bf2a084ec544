// Acts: a form is sent without leaving the page, so that an error loses nothing of what was typed.
//
// Markup: <form class="act" method="post" action="…" [data-then="#anchor"]> with its fields and submit buttons. On success the page
// the server redirects to is opened (data-then is put behind its address, as a redirect's own #anchor is not told to scripts), or
// what it answers stands in place of the view; on an error (4xx, 5xx) the <p role="alert"> of the answer is shown in the form.
// Without scripts the browser sends the form itself.

import { element, fresh } from "./element.js";
import { swap } from "./swap.js";
import { say } from "./texts.js";

export function start(root) {
  for (const form of fresh(root, "form.act", "acts")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || form.method !== "post") return;
      event.preventDefault();
      act(form, event.submitter);
    });
  }
}

async function act(form, submitter) {
  if (form.getAttribute("aria-busy") === "true") return;
  const data = new FormData(form, submitter);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
  const buttons = [...form.elements].filter((one) => one.type === "submit" && !one.disabled);
  const was = submitter?.textContent;
  form.setAttribute("aria-busy", "true");
  for (const one of buttons) one.disabled = true;
  if (submitter instanceof HTMLButtonElement) submitter.textContent = say("acts.sending");
  const back = () => {
    form.removeAttribute("aria-busy");
    for (const one of buttons) one.disabled = false;
    if (submitter instanceof HTMLButtonElement) submitter.textContent = was;
  };
  // A submit button may have an address of its own.
  const to = submitter?.getAttribute("formaction") ? submitter.formAction : form.action;
  try {
    const answer = await fetch(to, { method: "POST", body, headers: { accept: "text/html" } });
    if (answer.ok && !answer.redirected && (await told(answer))) return;
    if (answer.ok) {
      go(answer.redirected ? answer.url : window.location.href, form.dataset.then ?? "");
      // Given back as well: the browser keeps this page for the way back.
      window.setTimeout(back, 3000);
      return;
    }
    complain(form, (await reason(answer)) || say("acts.refused", { status: String(answer.status) }));
  } catch {
    complain(form, say("acts.lost"));
  }
  back();
}

/** Puts what was answered in place of the view; false where it is no page. */
async function told(answer) {
  if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!swap("main", page)) return false;
  document.title = page.title || document.title;
  window.scrollTo({ top: 0, behavior: "instant" });
  document.querySelector("main").focus({ preventScroll: true });
  return true;
}

/** Opens a page; where it is the one that is shown, it is loaded anew. */
function go(url, anchor) {
  const next = new URL(url);
  if (anchor) next.hash = anchor;
  const here = new URL(window.location.href);
  const same = next.origin + next.pathname + next.search === here.origin + here.pathname + here.search;
  if (!same) return window.location.assign(next);
  if (next.hash) window.history.replaceState(null, "", next);
  window.location.reload();
}

function complain(form, text) {
  const alert = form.querySelector(":scope > [role=alert]")
    ?? form.insertBefore(element("p", { role: "alert", tabindex: "-1" }), form.firstChild);
  alert.textContent = text;
  alert.focus();
}

/** What an answer says went wrong: the text of its [role=alert], or a short plain text; empty where it says nothing. */
export async function reason(answer) {
  const text = await answer.text().catch(() => "");
  const kind = answer.headers.get("content-type") ?? "";
  if (!kind.startsWith("text/html")) return kind.startsWith("text/plain") ? text.trim().slice(0, 500) : "";
  return new DOMParser().parseFromString(text, "text/html").querySelector("[role=alert]")?.textContent.trim() ?? "";
}
