// The timeline: a span of it marked by dragging or by keys, and zoom from years to seconds. The server draws; this chooses.
//
// Markup: <svg class="timeline" data-pieces='[{"x0":196,"x1":500,"from":"2022-10-01T00:00:00Z","to":"2022-10-03T00:00:00Z"},…]'>
// (the axis may have cuts: between two pieces there is no time), its marks <a href> with <title>; and form#filter with
// input[name=from] and input[name=to], of type text (gets "2022-10-01T00:00:00Z") or datetime-local (the same in UTC without Z).
// Drag marks a span, which is filled in and submitted (filter.js, where the form has data-live, else the browser). Wheel with
// Ctrl zooms around the pointer. Keys: the two edges are sliders (arrows, with Shift ten times as far, Enter, Escape); among the
// marks, arrows go to the next one. Buttons "Zoom in", "Zoom out", "All" stand before the drawing.

import { announce, button, drawn, element, fresh } from "./element.js";
import { instant, say } from "./texts.js";

const LEAST = 2000;

export const keys = {
  where: "svg.timeline[data-pieces]:not(.hops)",
  title: "timeline.keys",
  rows: [
    ["← →", "timeline.key.edge"], ["Enter", "timeline.key.apply"],
    ["Esc", "timeline.key.drop"], ["← → ↑ ↓", "timeline.key.marks"],
  ],
};

export function start(root) {
  for (const svg of fresh(root, "svg.timeline[data-pieces]:not(.hops)", "timeline")) {
    const pieces = axis(svg);
    if (pieces.length) new Timeline(svg, pieces);
  }
}

/** The pieces of a drawing's axis, with instants in milliseconds; empty where they cannot be read. */
export function axis(svg) {
  try {
    const pieces = JSON.parse(svg.dataset.pieces ?? "[]");
    const read = pieces.map(({ x0, x1, from, to }) => ({ x0, x1, from: Date.parse(from), to: Date.parse(to) }));
    return read.filter((piece) => Number.isFinite(piece.from) && Number.isFinite(piece.to) && piece.x1 > piece.x0);
  } catch {
    return [];
  }
}

/** The instant at a place of the axis; in a cut, the nearer end of it. */
export function timeAt(pieces, x) {
  let nearest = pieces[0];
  const away = (piece) => Math.max(piece.x0 - x, x - piece.x1, 0);
  for (const piece of pieces) if (away(piece) < away(nearest)) nearest = piece;
  const share = Math.min(Math.max((x - nearest.x0) / (nearest.x1 - nearest.x0), 0), 1);
  return nearest.from + share * (nearest.to - nearest.from);
}

class Timeline {
  constructor(svg, pieces) {
    const view = svg.viewBox.baseVal;
    Object.assign(this, { svg, pieces, height: view.height - 46, left: pieces[0].x0, right: pieces.at(-1).x1 });
    this.form = document.querySelector("form#filter");
    svg.setAttribute("role", "group");
    this.marks();
    if (!this.form) return;
    this.span = [this.left, this.right];
    this.brush();
    this.tools();
    this.drag();
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  whole() {
    return [this.pieces[0].from, this.pieces.at(-1).to];
  }

  x(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return Math.min(Math.max(at.x, this.left), this.right);
  }

  /** The marked span and its two edges. */
  brush() {
    this.area = drawn("rect", { class: "brush", y: 0, height: this.height });
    this.edges = ["timeline.from", "timeline.to"].map((name, n) => {
      const edge = drawn("g", { class: "edge-handle", tabindex: 0, role: "slider", "aria-label": say(name) },
        drawn("rect", { class: "grip", x: -10, y: 0, width: 20, height: this.height }),
        drawn("line", { y1: 0, y2: this.height }), drawn("circle", { cy: this.height / 2, r: 5 }));
      edge.addEventListener("keydown", (event) => this.key(event, n));
      // A finger on an edge moves it; elsewhere it scrolls. Parts of a drawing have no touch-action of their own.
      edge.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      return edge;
    });
    this.svg.prepend(this.area);
    this.svg.append(...this.edges);
    this.draw();
  }

  draw() {
    const [from, to] = [Math.min(...this.span), Math.max(...this.span)];
    this.chosen = from > this.left || to < this.right;
    this.svg.classList.toggle("brushed", this.chosen);
    this.area.setAttribute("x", from);
    this.area.setAttribute("width", to - from);
    const [first, last] = [this.pieces[0].from, this.pieces.at(-1).to];
    this.edges.forEach((edge, n) => {
      const at = Math.round(timeAt(this.pieces, this.span[n]));
      edge.setAttribute("transform", `translate(${this.span[n]} 0)`);
      const values = { valuemin: first, valuemax: last, valuenow: at, valuetext: instant(at) };
      for (const [name, value] of Object.entries(values)) edge.setAttribute(`aria-${name}`, value);
    });
    if (this.told) this.told.textContent = this.chosen ? this.says(timeAt(this.pieces, from), timeAt(this.pieces, to)) : "";
  }

  says(from, to) {
    return say("timeline.span", { from: instant(from), to: instant(to) });
  }

  key(event, n) {
    const step = ((this.right - this.left) / 200) * (event.shiftKey ? 10 : 1);
    const moves = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, Home: -Infinity, End: Infinity };
    if (moves[event.key]) {
      // An edge does not pass the other one.
      const [least, most] = n === 0 ? [this.left, this.span[1]] : [this.span[0], this.right];
      this.span[n] = Math.min(Math.max(this.span[n] + moves[event.key], least), most);
      this.draw();
    } else if (event.key === "Enter") this.apply(...this.span.map((x) => timeAt(this.pieces, x)));
    else if (event.key === "Escape" && this.chosen) this.drop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  drop() {
    this.span = [this.left, this.right];
    this.draw();
  }

  drag() {
    let from = null;
    const { svg } = this;
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch" && !event.target.closest(".edge-handle")) return;
      const edge = this.edges.indexOf(event.target.closest(".edge-handle"));
      if (edge < 0 && this.bare(event).x < this.left) return;
      from = { edge, client: event.clientX, x: this.x(event), begun: false };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!from || (!from.begun && Math.abs(event.clientX - from.client) < 4)) return;
      if (!from.begun) svg.setPointerCapture(event.pointerId);
      from.begun = true;
      if (from.edge >= 0) this.span[from.edge] = this.x(event);
      else this.span = [from.x, this.x(event)];
      this.draw();
    });
    svg.addEventListener("pointerup", () => {
      if (from?.begun) {
        this.span.sort((a, b) => a - b);
        svg.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
        this.apply(...this.span.map((x) => timeAt(this.pieces, x)));
      }
      from = null;
    });
    svg.addEventListener("pointercancel", () => { from = null; this.drop(); });
  }

  bare(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
  }

  tools() {
    // The mark that is nearest to the middle stays in sight.
    const middle = () => {
      const half = (this.left + this.right) / 2;
      const places = [...this.svg.querySelectorAll("a .dot, a .bar")].map((one) => one.getBBox()).map((box) => box.x + box.width / 2);
      return timeAt(this.pieces, places.sort((a, b) => Math.abs(a - half) - Math.abs(b - half))[0] ?? half);
    };
    this.told = element("span", { class: "told muted" });
    const row = element("div", { class: "tools", role: "group", "aria-label": say("timeline.buttons") },
      button(say("timeline.in"), () => this.apply(...this.around(middle(), 0.5))),
      button(say("timeline.out"), () => this.apply(...this.around(middle(), 2))),
      button(say("timeline.all"), () => this.fill("", "")), this.told);
    (this.svg.closest(".scroll") ?? this.svg).before(row);
  }

  /** The span that a zoom by `factor` around `at` would show. */
  around(at, factor, [from, to] = this.whole()) {
    const room = Math.max((to - from) * factor, LEAST) / Math.max(to - from, 1);
    return [at - (at - from) * room, at + (to - at) * room];
  }

  /** Gathers the turns of the wheel and asks once they rest. */
  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const factor = Math.exp(Math.max(-80, Math.min(80, event.deltaY)) / 160);
    this.wanted = this.around(timeAt(this.pieces, this.x(event)), factor, this.wanted ?? this.whole());
    this.told.textContent = this.says(...this.wanted);
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.apply(...this.wanted), 260);
  }

  apply(from, to) {
    this.wanted = undefined;
    if (to - from < LEAST) [from, to] = [(from + to - LEAST) / 2, (from + to + LEAST) / 2];
    announce(this.says(from, to));
    this.fill(new Date(Math.floor(from / 1000) * 1000), new Date(Math.ceil(to / 1000) * 1000));
  }

  fill(from, to) {
    for (const [name, at] of [["from", from], ["to", to]]) {
      const field = this.form.elements.namedItem(name);
      if (!field) continue;
      const text = at === "" || Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(0, 19);
      field.value = text && field.type !== "datetime-local" ? `${text}Z` : text;
    }
    this.form.requestSubmit();
  }

  /** One mark is reached by Tab; from it, arrows lead to the others. */
  marks() {
    const marks = [...this.svg.querySelectorAll("a[href]")].map((link) => ({ link, box: link.getBBox() }));
    for (const { link } of marks) link.setAttribute("tabindex", "-1");
    marks[0]?.link.setAttribute("tabindex", "0");
    this.svg.addEventListener("keydown", (event) => {
      const here = marks.find(({ link }) => link === event.target);
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!here || !way) return;
      event.preventDefault();
      const next = nearest(here, marks, way);
      if (!next) return;
      here.link.setAttribute("tabindex", "-1");
      next.link.setAttribute("tabindex", "0");
      next.link.focus();
    });
  }
}

/** The mark next to `here` that way: in its own lane, or in the next lane that has one. */
function nearest(here, marks, [right, down]) {
  const at = ({ box }) => [box.x + box.width / 2, box.y + box.height / 2];
  const [x, y] = at(here);
  const cost = (mark) => {
    const [dx, dy] = [at(mark)[0] - x, at(mark)[1] - y];
    if (right) return dx * right > 0 && Math.abs(dy) < 12 ? dx * right : Infinity;
    return dy * down > 12 ? dy * down * 1000 + Math.abs(dx) : Infinity;
  };
  let best = null;
  for (const mark of marks) {
    if (mark !== here && cost(mark) < Infinity && (!best || cost(mark) < cost(best))) best = mark;
  }
  return best;
}
