// Two pictures laid on each other: four ways to look, a slider to swipe, turns at a chosen pace, and joined zoom.
//
// Markup: the report's <details class="view"> (or any element with that class): a fieldset with the radio buttons .way-side,
// .way-swipe, .way-turns and .way-less, and <div class="pair"><div class="under">…</div><div class="over">…</div></div>, each
// half with an <img> and an <svg> over it. Works without this file: then the corner of the upper half is drawn to swipe.
// Keys when the focus is inside: 1 to 4 choose the way, x shows the other one, p pauses; + - 0 and arrows as in zoom.js.
// Nothing moves by itself for readers who asked for less motion: the turns begin paused.

import { button, element, fresh, isPlain, isStill, isTyping } from "./element.js";
import { say } from "./texts.js";
import { Zoom } from "./zoom.js";

const WAYS = ["side", "swipe", "turns", "less"];
let count = 0;

export const keys = {
  where: ".view .pair",
  title: "compare.keys",
  rows: [["1 2 3 4", "compare.key.ways"], ["x", "compare.key.turn"], ["p", "compare.key.pause"]],
};

export function start(root) {
  for (const view of fresh(root, ".view:has(.pair)", "compare")) new Compare(view);
}

class Compare {
  constructor(view) {
    const part = (name) => view.querySelector(`.${name}`);
    Object.assign(this, { view, pair: part("pair"), over: part("over"), under: part("under") });
    if (!this.over || !this.under) return;
    count += 1;
    this.seconds = 0.8;
    this.paused = isStill();
    view.classList.add("scripted");
    this.pair.tabIndex = 0;
    this.pair.setAttribute("role", "group");
    this.pair.setAttribute("aria-label", view.querySelector("legend, summary")?.textContent ?? "");
    this.zoom();
    this.swipe();
    this.turns();
    view.addEventListener("change", (event) => event.target.matches("[class^=way-]") && this.changed());
    view.addEventListener("toggle", () => this.changed());
    view.addEventListener("keydown", (event) => this.key(event));
    this.changed();
  }

  /** Each half becomes a frame with its picture and marks as the stage; both zoom together. */
  zoom() {
    const group = `pair-${count}`;
    for (const half of [this.under, this.over]) {
      const stage = element("div", { class: "stage" });
      stage.append(...half.querySelectorAll(":scope > img, :scope > svg"));
      half.prepend(stage);
      const zoom = new Zoom(half, stage, { group, focus: this.pair });
      if (half === this.under) this.buttons = zoom.buttons();
    }
    this.tools = element("div", { class: "tools" });
    this.pair.before(this.tools);
    this.tools.append(this.buttons);
  }

  swipe() {
    this.slider = element("input", {
      type: "range", min: 0, max: 100, step: 0.5, value: 50, class: "swipe", "aria-label": say("compare.swipe"),
      oninput: () => this.cut(),
    });
    this.line = element("div", { class: "swipe-line", "aria-hidden": "true" });
    this.line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.line.setPointerCapture(event.pointerId);
    });
    this.line.addEventListener("pointermove", (event) => {
      if (!this.line.hasPointerCapture(event.pointerId)) return;
      const box = this.pair.getBoundingClientRect();
      this.slider.value = ((event.clientX - box.left) / box.width) * 100;
      this.cut();
    });
    this.pair.before(this.slider);
    this.pair.append(this.line);
  }

  /** Shows the upper picture as far as the slider says. */
  cut() {
    const share = Number(this.slider.value);
    this.slider.setAttribute("aria-valuetext", say("compare.share", { n: share }));
    const swiping = this.way() === "swipe";
    this.over.style.clipPath = swiping ? `inset(0 ${100 - share}% 0 0)` : "";
    this.line.style.left = `${share}%`;
  }

  turns() {
    const id = `speed-${count}`;
    const speed = element("input", {
      type: "range", id, min: 0.4, max: 3, step: 0.1, value: this.seconds,
      oninput: (event) => {
        this.seconds = Number(event.target.value);
        shown.textContent = `${say("{n}", { n: this.seconds })} s`;
        this.run();
      },
    });
    const shown = element("output", { for: id }, `${say("{n}", { n: this.seconds })} s`);
    this.pause = button("", () => this.hold(!this.paused));
    this.pace = element("div", { class: "pace" },
      element("label", { for: id }, say("compare.speed")), speed, shown, this.pause,
      button(say("compare.other"), () => this.turn()));
    this.tools.prepend(this.pace);
  }

  way() {
    return WAYS.find((way) => this.view.querySelector(`.way-${way}`)?.checked) ?? "side";
  }

  changed() {
    this.over.classList.remove("away");
    this.cut();
    this.run();
  }

  hold(paused) {
    this.paused = paused;
    this.run();
  }

  turn() {
    this.hold(true);
    this.over.classList.toggle("away");
  }

  /** Starts, stops or restarts the turns as things stand. Leaves no timer behind when the view has left the page. */
  run() {
    window.clearInterval(this.timer);
    this.pause.textContent = say(this.paused ? "compare.go" : "compare.pause");
    const shown = !("open" in this.view) || this.view.open;
    if (this.way() !== "turns" || this.paused || !shown) return;
    this.timer = window.setInterval(() => {
      if (!this.view.isConnected) window.clearInterval(this.timer);
      else if (!document.hidden) this.over.classList.toggle("away");
    }, this.seconds * 1000);
  }

  key(event) {
    if (!isPlain(event) || isTyping(event.target)) return;
    const way = WAYS[Number(event.key) - 1];
    if (way) {
      const radio = this.view.querySelector(`.way-${way}`);
      if (!radio || radio.checked) return;
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.key === "x" && this.way() === "turns") this.turn();
    else if (event.key === "p" && this.way() === "turns") this.hold(!this.paused);
    else return;
    event.preventDefault();
  }
}
