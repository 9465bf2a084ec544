// What happens in the case while the page is open: progress of running stages, and that the case has changed.
//
// Markup: <div id="progress" role="status">, <main id="main">, and <body [data-generation="N"] [data-follow]>. Events of
// EventSource("/events"), each with JSON: `progress` {says, done, todo, running}, `changed` {generation}, `problem` {text}.
// The server sends what holds now whenever somebody connects; a `changed` with the generation of the page says nothing new.
// The page is never reloaded by itself. With data-follow, and nothing typed, #main is replaced by what the server shows now.
// A hidden page holds no connection: browsers allow few of them to one server.

import { announce, button, element } from "./element.js";
import { page, swap, unsaved } from "./swap.js";
import { say } from "./texts.js";

const QUIET = 10_000;
const PATIENCE = 4_000;

export function start() {
  const place = document.getElementById("progress");
  if (place && "EventSource" in window) new Live(place).open();
}

class Live {
  constructor(place) {
    // What is said aloud is kept apart from what is drawn, which changes several times a second.
    place.removeAttribute("role");
    place.removeAttribute("aria-live");
    this.bars = element("div", { class: "running" });
    this.notes = element("div", { class: "notes" });
    place.append(this.bars, this.notes);
    this.stage = null;
    this.spoken = 0;
    this.waits = 1000;
    const { generation } = document.body.dataset;
    this.generation = generation === undefined ? null : Number(generation);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.open()));
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  open() {
    if (document.hidden || (this.source && this.source.readyState !== EventSource.CLOSED)) return;
    const source = new EventSource("/events");
    this.source = source;
    const hear = (name, does) => source.addEventListener(name, (event) => {
      const told = parsed(event.data);
      if (told) does(told);
    });
    hear("progress", (told) => this.progress(told));
    hear("changed", (told) => this.changed(Number(told.generation)));
    hear("problem", (told) => this.note("problem", String(told.text ?? ""), { alert: true }));
    source.addEventListener("open", () => this.opened());
    source.addEventListener("error", () => this.lost(source));
  }

  close() {
    this.source?.close();
    this.source = null;
    window.clearTimeout(this.patience);
  }

  opened() {
    window.clearTimeout(this.patience);
    this.patience = null;
    this.waits = 1000;
    if (!this.dropped("gone")) return;
    announce(say("live.back"));
  }

  /** The browser tries again by itself unless the server refused; then we do, ever more seldom. */
  lost(source) {
    if (source !== this.source) return;
    this.patience ??= window.setTimeout(() => {
      this.stage = null;
      this.draw();
      this.note("gone", say("live.gone"), { alert: true });
    }, PATIENCE);
    if (source.readyState !== EventSource.CLOSED) return;
    window.setTimeout(() => this.open(), this.waits);
    this.waits = Math.min(this.waits * 2, 30_000);
  }

  progress({ says, done = 0, todo = 0, running = true }) {
    // One stage runs at a time; what is told last is all that runs.
    this.stage = running && says ? { says: String(says), done: Number(done), todo: Number(todo) } : null;
    this.drawing ??= window.requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.drawing = null;
    const rows = this.stage ? [this.stage] : [];
    while (this.bars.children.length > rows.length) this.bars.lastElementChild.remove();
    rows.forEach((row, n) => {
      const line = this.bars.children[n] ?? this.bars.appendChild(element("p", {}, element("span"), element("progress")));
      const [text, bar] = line.children;
      text.textContent = row.todo > 0 ? say("live.counted", row) : row.says;
      bar.setAttribute("aria-label", row.says);
      bar.max = Math.max(row.todo, 1);
      if (row.todo > 0) bar.value = row.done;
      else bar.removeAttribute("value");
    });
    const now = performance.now();
    if (rows.length && now - this.spoken > QUIET) {
      this.spoken = now;
      announce(this.bars.firstElementChild.textContent);
    }
  }

  changed(generation) {
    if (this.generation === null || generation === this.generation) {
      // A page that does not say its generation is as new as its first answer.
      this.generation ??= generation;
      return;
    }
    this.newest = generation;
    window.clearTimeout(this.soon);
    this.soon = window.setTimeout(() => this.tell(), 400);
  }

  async tell() {
    if ("follow" in document.body.dataset && !unsaved() && !document.querySelector("dialog[open]") && !this.following) {
      if (await this.follow(this.newest)) return;
    }
    const text = say(unsaved() ? "live.unsaved" : "live.changed");
    this.note("changed", text, { with: [" ", element("a", { href: window.location.href, onclick: reload }, say("live.reload"))] });
  }

  /** Replaces #main by the server's present answer; false where that cannot be done. */
  async follow(generation) {
    this.following = true;
    try {
      const newer = await page(window.location.href);
      if (unsaved() || !swap("#main", newer)) return false;
    } catch {
      return false;
    } finally {
      this.following = false;
    }
    this.generation = generation;
    this.dropped("changed");
    announce(say("live.followed"));
    if (this.newest !== generation) this.changed(this.newest);
    return true;
  }

  /** Shows a note, in place of an earlier one of its kind. */
  note(kind, text, { alert = false, with: more = [] } = {}) {
    const same = [...this.notes.children].find((one) => one.dataset.kind === kind);
    if (same?.dataset.text === text) return;
    const dismiss = button("×", () => note.remove(), { "aria-label": say("live.dismiss"), class: "quiet" });
    const said = { class: `note-${alert ? "alert" : "calm"}`, role: alert ? "alert" : "status", "data-kind": kind, "data-text": text };
    const note = element("p", said, element("span", {}, text, ...more), dismiss);
    if (same) same.replaceWith(note);
    else this.notes.append(note);
  }

  dropped(kind) {
    const note = [...this.notes.children].find((one) => one.dataset.kind === kind);
    note?.remove();
    return Boolean(note);
  }
}

/** Where the address has an #anchor, following a link to it would load nothing. */
function reload(event) {
  event.preventDefault();
  window.location.reload();
}

function parsed(text) {
  try {
    const told = JSON.parse(text);
    return told && typeof told === "object" ? told : null;
  } catch {
    return null;
  }
}
