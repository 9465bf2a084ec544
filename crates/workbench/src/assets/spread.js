// The drawing of hops: what belongs together stands out, and a slider shows it along time.
//
// Markup: the report's <svg class="timeline hops"> (hops.rs): channels are <a> around an <svg> with text.channel, hops are <a> with
// path.hop and <title>; which channels a hop ties is told from where its line begins and ends. [data-pieces] as in timeline.js
// lets the slider say the time. Pointing at a hop or channel, or the focus on it, dims all that has nothing to do with it; a click
// pins that, a second one follows the link. Enter follows it at once. Escape lets go.

import { announce, element, fresh } from "./element.js";
import { instant, say } from "./texts.js";
import { axis, timeAt } from "./timeline.js";

export const keys = { where: "svg.hops", title: "spread.keys", rows: [["Esc", "spread.key.unpin"]] };

export function start(root) {
  for (const svg of fresh(root, "svg.hops", "spread")) new Spread(svg);
}

const number = (one, name) => Number(one.getAttribute(name));

class Spread {
  constructor(svg) {
    Object.assign(this, { svg, pieces: axis(svg), pinned: null, until: Infinity });
    this.lanes = [...svg.querySelectorAll("a:has(text.channel)")].map((link) => ({ link, y: number(link.querySelector("svg"), "y") + 16 }));
    this.hops = [...svg.querySelectorAll("a:has(path.hop)")].map((link) => this.hop(link));
    if (!this.lanes.length) return;
    svg.setAttribute("role", "group");
    for (const { link } of this.lanes) {
      // A browser looks for the name of a link in a drawing at its own text only, not at that of the drawing in it.
      const texts = [...link.querySelectorAll("text")].map((text) => text.textContent.trim());
      link.setAttribute("aria-label", texts.join(", "));
    }
    // The lines and circles of a channel stand beside its link.
    this.loose = [...svg.querySelectorAll(":scope > .base, :scope > .dot, :scope > .ring")].map((one) => {
      return { one, lane: this.lane(one.localName === "line" ? number(one, "y1") : number(one, "cy")) };
    });
    for (const chosen of [...this.lanes, ...this.hops]) this.listen(chosen);
    svg.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.pinned) return;
      event.preventDefault();
      this.pin(null);
    });
    if (this.hops.length > 1) this.slider();
  }

  lane(y) {
    return this.lanes.find((lane) => Math.abs(lane.y - y) < 8);
  }

  /** A hop, with the channels it ties and the place at which it arrives. */
  hop(link) {
    const line = link.querySelector("path.hop").getAttribute("d").match(/-?[\d.]+/g)?.map(Number) ?? [];
    return { link, from: this.lane(line[1]), to: this.lane(line[7]), x: line[6] };
  }

  listen(chosen) {
    const { link } = chosen;
    const look = () => this.show(chosen);
    const away = () => this.show(this.pinned);
    link.addEventListener("pointerenter", look);
    link.addEventListener("pointerleave", away);
    link.addEventListener("focus", look);
    link.addEventListener("blur", away);
    link.addEventListener("click", (event) => {
      if (event.detail === 0 || this.pinned === chosen) return this.pin(null);
      event.preventDefault();
      this.pin(chosen);
      announce(say("spread.pinned"));
    });
  }

  pin(chosen) {
    this.pinned?.link.classList.remove("pinned");
    this.pinned = chosen;
    chosen?.link.classList.add("pinned");
    this.show(chosen);
  }

  /** Dims what has nothing to do with a hop or a channel; null dims nothing. */
  show(chosen) {
    this.shown = chosen;
    const hops = this.hops.filter((hop) => !chosen || [hop, hop.from, hop.to].includes(chosen));
    const lanes = new Set(hops.flatMap((hop) => [hop.from, hop.to]));
    const near = (lane) => !chosen || lane === chosen || lanes.has(lane);
    for (const hop of this.hops) {
      hop.link.classList.toggle("dim", !hops.includes(hop));
      hop.link.classList.toggle("later", hop.x > this.until);
    }
    for (const { link } of this.lanes) link.classList.toggle("dim", !near(this.lanes.find((lane) => lane.link === link)));
    for (const { one, lane } of this.loose) {
      one.classList.toggle("dim", !near(lane));
      one.classList.toggle("later", one.localName === "circle" && number(one, "cx") > this.until);
    }
  }

  slider() {
    const places = this.hops.map((hop) => hop.x).filter(Number.isFinite);
    const [first, last] = [this.pieces[0]?.x0 ?? Math.min(...places), this.pieces.at(-1)?.x1 ?? Math.max(...places)];
    const said = element("output", {});
    const tell = () => {
      const at = Number(input.value);
      this.until = at >= last ? Infinity : at;
      const shown = this.hops.filter((hop) => hop.x <= this.until).length;
      const when = this.pieces.length ? instant(Math.round(timeAt(this.pieces, at) / 60000) * 60000) : "";
      said.textContent = say("spread.all", { n: shown, all: this.hops.length, when });
      input.setAttribute("aria-valuetext", said.textContent);
      this.line.setAttribute("x1", at);
      this.line.setAttribute("x2", at);
      this.line.classList.toggle("shown", this.until < Infinity);
      this.show(this.shown ?? null);
    };
    const end = Math.ceil(last);
    const input = element("input", { type: "range", min: Math.floor(first), max: end, step: 1, value: end, oninput: tell });
    this.line = document.createElementNS(this.svg.namespaceURI, "line");
    this.line.setAttribute("class", "until");
    this.line.setAttribute("y2", this.svg.viewBox.baseVal.height - 46);
    this.svg.append(this.line);
    const row = element("div", { class: "tools along" }, element("label", {}, `${say("spread.until")} `, input), said);
    (this.svg.closest(".scroll") ?? this.svg).before(row);
    tell();
  }
}
