// Material added by dropping files or a folder anywhere on the page, or by choosing them: one request a file, at most two at a time.
//
// Markup: <form id="add" action="/add" method="post"> with <input type="file" multiple> and one with
// `webkitdirectory`; hidden inputs go along in the address. data-files is where files are sent, where that is not the action; there
// it sends POST {files}?name=REL/PATH&batch=ID with the file as the body,
// and at the end POST {files}/done?batch=ID; with &cancelled=1, where it was cancelled or nothing came through, the server takes
// nothing in. Any 2xx takes a file; else the text of the answer (or of its [role=alert]) says why it was refused. What the answer
// to `done` says in its [role=status] is shown; where it is a redirect, the page goes there.
// On pages without the form, a drop opens nothing and points to the page that has it (a link to /add).

import { announce, button, element, fresh } from "./element.js";
import { reason } from "./acts.js";
import { say, size } from "./texts.js";

const AT_ONCE = 2;
let over = 0;

export function start(root) {
  for (const form of fresh(root, "form#add", "drop")) {
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file" || !event.target.files.length) return;
      const files = [...event.target.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
      event.target.value = "";
      send(form, files);
    });
    form.classList.add("takes-drops");
  }
  if (root === document) listen();
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

function listen() {
  const shade = element("div", { class: "drop-shade", "aria-hidden": "true" }, element("p", {}, say("drop.here")));
  const form = () => document.querySelector("form#add");
  const lit = (on) => on && form() ? document.body.append(shade) : shade.remove();
  document.addEventListener("dragenter", (event) => hasFiles(event) && lit((over += 1) > 0));
  document.addEventListener("dragleave", (event) => hasFiles(event) && lit((over = Math.max(over - 1, 0)) > 0));
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", async (event) => {
    over = 0;
    lit(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (!form()) return elsewhere();
    // The entries are gone once this task ends.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
    announce(say("drop.reading"));
    const files = [];
    for (const entry of entries) await gather(entry, files);
    send(form(), files);
  });
}

function elsewhere() {
  const link = document.querySelector("a[href='/add']");
  const place = document.querySelector("#progress .notes") ?? document.getElementById("progress");
  if (!link || !place || place.querySelector("[data-kind=drop]")) return;
  place.append(element("p", { class: "note-calm", "data-kind": "drop", role: "status" },
    element("span", {}, `${say("drop.elsewhere")} `, element("a", { href: link.href }, link.textContent.trim()))));
}

/** The files below an entry, with their paths as dropped. A folder tells its entries a hundred at a time. */
async function gather(entry, into) {
  if (entry instanceof File) return into.push({ file: entry, name: entry.name });
  const name = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) return into.push({ file: await new Promise((done, fail) => entry.file(done, fail)), name });
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) return;
      for (const one of some) await gather(one, into);
    }
  } catch {
    into.push({ name, unread: true });
  }
}

/** Sends files after each other, two at a time, and tells how it goes. One batch at a time. */
async function send(form, files) {
  if (form.classList.contains("sending")) return;
  const batch = new Batch(form, files);
  if (!files.length) return batch.says(say("drop.none"));
  form.classList.add("sending");
  const stay = (event) => event.preventDefault();
  window.addEventListener("beforeunload", stay);
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, () => batch.work()));
    await batch.end();
  } finally {
    window.removeEventListener("beforeunload", stay);
    form.classList.remove("sending");
    batch.cancel.remove();
  }
  if (batch.goes && !batch.refused.children.length) window.location.assign(batch.goes);
}

class Batch {
  constructor(form, files) {
    Object.assign(this, { form, files, next: 0, done: 0, taken: 0, bytes: 0, lost: 0, stop: new AbortController() });
    this.id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.text = element("p", {});
    this.bar = element("progress", { max: Math.max(files.length, 1), value: 0, "aria-label": say("drop.bar") });
    this.cancel = button(say("drop.cancel"), () => this.stop.abort());
    this.head = element("p", { hidden: true });
    this.refused = element("ul", { class: "refused" });
    this.last = element("p", { role: "status" });
    const place = form.querySelector(".sent") ?? form.appendChild(element("div", { class: "sent" }));
    place.replaceChildren(...(files.length ? [this.text, this.bar, this.cancel] : []), this.last, this.head, this.refused);
  }

  address(path, fields) {
    const to = this.form.dataset.files ?? this.form.getAttribute("action");
    const url = new URL(to.replace(/\/$/, "") + path, document.baseURI);
    for (const hidden of this.form.querySelectorAll("input[type=hidden][name]")) url.searchParams.set(hidden.name, hidden.value);
    for (const [name, value] of Object.entries({ ...fields, batch: this.id })) url.searchParams.set(name, value);
    return url;
  }

  async work() {
    while (this.next < this.files.length && !this.stop.signal.aborted) {
      const one = this.files[this.next];
      this.next += 1;
      if (one.unread) this.refuse(one.name, say("drop.unread"));
      else await this.one(one);
      if (this.stop.signal.aborted) break;
      this.done += 1;
      this.bar.value = this.done;
      this.text.textContent = say("drop.sending", { n: this.files.length, done: this.done, size: size(this.bytes) });
    }
  }

  async one({ file, name }) {
    try {
      const answer = await fetch(this.address("", { name }), { method: "POST", body: file, signal: this.stop.signal });
      this.lost = 0;
      if (!answer.ok) return this.refuse(name, (await reason(answer)) || say("drop.status", { status: String(answer.status) }));
      this.taken += 1;
      this.bytes += file.size;
    } catch {
      if (this.stop.signal.aborted) return;
      // A file that changed or vanished on the disk fails like a broken connection; several after each other are the server.
      this.lost += 1;
      this.refuse(name, say("drop.lost"));
      if (this.lost >= 3) this.stop.abort("gone");
    }
  }

  refuse(name, why) {
    this.refused.append(element("li", {}, element("span", { class: "path" }, name), ` – ${why}`));
    this.head.hidden = false;
    this.head.textContent = say("drop.refused", { n: this.refused.children.length });
  }

  says(text) {
    this.last.textContent = text;
  }

  async end() {
    this.cancel.remove();
    const { aborted, reason: why } = this.stop.signal;
    if (aborted && why === "gone") return this.says(say("drop.gone", { n: this.taken }));
    const dropped = aborted || !this.taken;
    if (!dropped) this.says(say("drop.ending"));
    try {
      const answer = await fetch(this.address("/done", dropped ? { cancelled: "1" } : {}), { method: "POST" });
      if (!answer.ok) return this.says((await reason(answer)) || say("drop.status", { status: String(answer.status) }));
      if (answer.redirected && !dropped) this.goes = answer.url;
      const server = dropped || answer.redirected ? "" : await told(answer);
      this.says(`${say(aborted ? "drop.cancelled" : "drop.done", { n: this.taken })} ${server}`.trim());
    } catch {
      this.says(say("drop.gone", { n: this.taken }));
    }
  }
}

/** What an answer says in its [role=status]; empty where it says nothing. */
async function told(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[role=status]")?.textContent.trim() ?? "";
}
