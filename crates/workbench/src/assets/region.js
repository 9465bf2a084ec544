// Regions to withhold, drawn on the picture or entered in its pixels.
//
// Markup: <div class="frame" data-zoom data-regions …> as in zoom.js, whose svg.overlay has the picture's pixels as its viewBox, and
// one <form id="withhold"> with a place <div class="regions"></div> for the list (else it is put first). Each region is a hidden
// input `region` with the value "x,y,w,h", in whole pixels; those that the server wrote into the form are taken over.
// A toggle button (key d when the frame has the focus) turns drawing on, so that it does not fight with moving the picture.

import { announce, button, drawn, element, fresh, isPlain } from "./element.js";
import { say } from "./texts.js";

export const keys = {
  where: ".frame[data-regions]",
  title: "region.keys",
  rows: [["d", "region.key.draw"]],
};

export function start(root) {
  for (const frame of fresh(root, ".frame[data-regions]", "region")) {
    const [svg, form] = [frame.querySelector("svg.overlay"), document.getElementById("withhold")];
    if (svg && form) new Regions(frame, svg, form);
  }
}

class Regions {
  constructor(frame, svg, form) {
    const { x, y, width, height } = svg.viewBox.baseVal;
    Object.assign(this, { frame, svg, form, left: x, top: y, width, height, all: [] });
    this.layer = svg.appendChild(drawn("g", { class: "regions" }));
    this.list = element("ul", { class: "region-list", "aria-label": say("region.list") });
    this.none = element("p", { class: "note" }, say("region.none"));
    this.problem = element("p", { role: "alert", class: "problem-line" });
    const place = form.querySelector(".regions") ?? form.insertBefore(element("div", { class: "regions" }), form.firstChild);
    place.append(this.none, this.list, this.entry(), this.problem);
    const given = [...form.querySelectorAll("input[name=region]")].map((input) => {
      input.remove();
      return input.value.split(",").map(Number);
    });
    for (const region of given) if (region.length === 4) this.add(region, true);
    this.toggle();
    this.draw();
  }

  toggle() {
    const mode = button(say("region.draw"), () => this.switch(), {
      "aria-pressed": "false", class: "draw-mode", title: say("region.draw.does"),
    });
    this.mode = mode;
    const row = this.frame.querySelector(".zoom-buttons");
    if (row) row.prepend(mode);
    else this.frame.append(element("div", { class: "zoom-buttons" }, mode));
    this.frame.addEventListener("keydown", (event) => {
      if (event.key !== "d" || !isPlain(event) || event.target !== this.frame) return;
      event.preventDefault();
      this.switch();
    });
  }

  switch() {
    const on = this.frame.classList.toggle("drawing");
    this.mode.setAttribute("aria-pressed", String(on));
  }

  /** A point of the screen in pixels of the picture, within it. */
  at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const kept = (value, least, size) => Math.min(Math.max(value, least), least + size);
    return [kept(point.x, this.left, this.width), kept(point.y, this.top, this.height)];
  }

  draw() {
    const { frame } = this;
    let from = null;
    let shape = null;
    const end = (keeps) => {
      if (shape && keeps) this.add(["x", "y", "width", "height"].map((name) => Number(shape.getAttribute(name))));
      shape?.remove();
      from = shape = null;
    };
    frame.addEventListener("pointerdown", (event) => {
      if (!frame.classList.contains("drawing") || event.button !== 0 || event.target.closest("button")) return;
      // A second finger is for zooming.
      if (from) return end(false);
      event.preventDefault();
      frame.focus({ preventScroll: true });
      frame.setPointerCapture(event.pointerId);
      from = this.at(event);
      shape = this.layer.appendChild(drawn("rect", { class: "region new" }));
    });
    frame.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x, y] = this.at(event);
      const box = { x: Math.min(x, from[0]), y: Math.min(y, from[1]), width: Math.abs(x - from[0]), height: Math.abs(y - from[1]) };
      for (const [name, value] of Object.entries(box)) shape.setAttribute(name, value);
    });
    frame.addEventListener("pointerup", () => end(true));
    frame.addEventListener("pointercancel", () => end(false));
    frame.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !from) return;
      event.preventDefault();
      end(false);
    });
  }

  entry() {
    const names = ["x", "y", "w", "h"];
    const fields = names.map((name) => {
      return element("input", { type: "number", step: 1, min: "xy".includes(name) ? 0 : 1, inputmode: "numeric" });
    });
    const add = () => {
      if (fields.some((field) => field.value === "")) return fields.find((field) => field.value === "").focus();
      if (!this.add(fields.map((field) => Number(field.value)))) return fields[0].focus();
      for (const field of fields) field.value = "";
      fields[0].focus();
    };
    const labels = names.map((name, n) => element("label", {}, say(`region.${name}`), fields[n]));
    const legend = element("legend", {}, say("region.fields"));
    const row = element("fieldset", { class: "region-entry" }, legend, ...labels, button(say("region.add"), add));
    row.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      add();
    });
    return row;
  }

  /** Takes a region, cut to the picture; false where nothing of it lies on the picture. Slips of the hand are let go. */
  add([x, y, w, h], quietly = false) {
    const [left, top] = [Math.max(Math.floor(x), this.left), Math.max(Math.floor(y), this.top)];
    const right = Math.min(Math.ceil(x + w), this.left + this.width);
    const bottom = Math.min(Math.ceil(y + h), this.top + this.height);
    const [wide, high] = [right - left, bottom - top];
    this.problem.textContent = "";
    if (!(wide > 0 && high > 0)) {
      this.problem.textContent = say("region.outside", { w: this.width, h: this.height });
      return false;
    }
    if (wide < 3 || high < 3) return false;
    const shape = this.layer.appendChild(drawn("rect", { class: "region", x: left, y: top, width: wide, height: high }));
    const places = { x: left, y: top, w: wide, h: high };
    const input = element("input", { type: "hidden", name: "region", value: [left, top, wide, high].join(",") });
    const lit = (on) => () => shape.classList.toggle("lit", on);
    const row = element("li", { onmouseenter: lit(true), onmouseleave: lit(false), onfocusin: lit(true), onfocusout: lit(false) },
      element("span", {}, say("region.one", places)), input,
      button(say("region.remove"), () => this.remove(row, shape), { "aria-label": say("region.removes", places), class: "quiet" }));
    this.list.append(row);
    this.all.push(row);
    this.changed(quietly ? "" : say("region.added", { n: this.all.length }));
    return true;
  }

  remove(row, shape) {
    const place = this.all.indexOf(row);
    this.all.splice(place, 1);
    row.remove();
    shape.remove();
    const next = this.all[Math.min(place, this.all.length - 1)];
    (next?.querySelector("button") ?? this.frame).focus({ preventScroll: true });
    this.changed(say("region.removed"));
  }

  changed(text) {
    this.none.hidden = this.all.length > 0;
    this.form.toggleAttribute("data-unsaved", this.all.length > 0);
    if (text) announce(text);
  }
}
