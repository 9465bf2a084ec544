// Zoom: a picture with what lies over it, larger and smaller, moved about; pictures of one group move together.
//
// Markup: <div class="frame" data-zoom [data-zoom-group="g"] [data-at="x,y,w,h"] tabindex="0" role="group" aria-label="…">
//           <div class="stage"><img [data-large="URL"]><svg class="overlay" viewBox="0 0 W H">…</svg></div></div>
// data-at: a place in units of the viewBox that is shown first. data-large: a larger raster, fetched when it is first needed.
// Wheel with Ctrl, or alone when the frame has the focus; pinch; drag; double click (with Shift: out). Keys: + - 0, arrows.
// The buttons (.zoom-buttons) are made here. While the frame has the class "drawing", drags are somebody else's (region.js).

import { button, element, fresh, isPlain } from "./element.js";
import { say } from "./texts.js";

const MOST = 24;
const STEP = 1.5;

const groups = new Map();
const zooms = new WeakMap();

export const keys = {
  where: ".frame[data-zoom], .view .pair",
  title: "zoom.keys",
  rows: [["+ − 0", "zoom.key.zoom"], ["← → ↑ ↓", "zoom.key.move"]],
};

export function start(root) {
  for (const frame of fresh(root, ".frame[data-zoom]", "zoom")) {
    const stage = frame.querySelector(":scope > .stage");
    if (stage) new Zoom(frame, stage, { group: frame.dataset.zoomGroup, buttons: frame });
  }
}

/** The zoom of a frame, if it has one. */
export function zoomOf(frame) {
  return zooms.get(frame);
}

/** One frame and its stage. `focus` takes wheel and keys (the frame unless told), `buttons` is where they are put, if any. */
export class Zoom {
  constructor(frame, stage, { group, focus = frame, buttons } = {}) {
    Object.assign(this, { frame, stage, focus, scale: 1, u: 0.5, v: 0.5, pointers: new Map() });
    zooms.set(frame, this);
    this.members = join(this, group);
    stage.classList.add("zooms");
    this.listen();
    // The buttons stand above the picture, not on it: nothing of it may be hidden.
    if (buttons) buttons.prepend(this.row = this.buttons());
    new ResizeObserver(() => this.apply()).observe(frame);
    const at = frame.dataset.at?.split(",").map(Number);
    if (at?.length === 4 && at.every(Number.isFinite)) this.when(() => this.show(...at));
  }

  /** Once the picture has its size. */
  when(then) {
    const img = this.stage.querySelector("img");
    if (!img || img.complete) window.requestAnimationFrame(then);
    else img.addEventListener("load", then, { once: true });
  }

  /** Shows a place given in units of the overlay, with room around it. */
  show(x, y, w, h) {
    const box = this.stage.querySelector("svg")?.viewBox.baseVal;
    if (!box?.width) return;
    const fit = Math.min((box.width / Math.max(w, 1)) * 0.5, (box.height / Math.max(h, 1)) * 0.5);
    this.set(Math.min(Math.max(fit, 1), 6), (x + w / 2 - box.x) / box.width, (y + h / 2 - box.y) / box.height);
  }

  /** Scale and the point of the picture (0 to 1) that stands in the middle of the frame, for the whole group. */
  set(scale, u, v) {
    const kept = Math.min(Math.max(scale, 1), MOST);
    for (const one of this.members) {
      Object.assign(one, { scale: kept, u, v });
      one.apply();
    }
  }

  /** Zooms by a factor around a point of the screen, or around the middle. */
  by(factor, clientX, clientY) {
    const frame = this.frame.getBoundingClientRect();
    const dx = clientX === undefined ? 0 : clientX - frame.left - frame.width / 2;
    const top = this.row?.offsetHeight ?? 0;
    const dy = clientY === undefined ? 0 : clientY - frame.top - top - (frame.height - top) / 2;
    const scale = Math.min(Math.max(this.scale * factor, 1), MOST);
    const moved = (size) => 1 / (size * this.scale) - 1 / (size * scale);
    this.set(scale, this.u + dx * moved(this.stage.offsetWidth), this.v + dy * moved(this.stage.offsetHeight));
  }

  /** Moves the picture by pixels of the screen. */
  move(dx, dy) {
    const { offsetWidth: w, offsetHeight: h } = this.stage;
    this.set(this.scale, this.u - dx / (w * this.scale), this.v - dy / (h * this.scale));
  }

  apply() {
    const top = this.row?.offsetHeight ?? 0;
    const [W, H] = [this.frame.clientWidth, this.frame.clientHeight - top];
    const { offsetWidth: w, offsetHeight: h, offsetLeft, offsetTop } = this.stage;
    if (!w || !h) return;
    const kept = (at, whole, part) => {
      const half = whole / 2 / (part * this.scale);
      return half >= 0.5 ? 0.5 : Math.min(Math.max(at, half), 1 - half);
    };
    this.u = kept(this.u, W, w);
    this.v = kept(this.v, H, h);
    const still = this.scale === 1;
    const x = W / 2 - this.u * w * this.scale - offsetLeft;
    const y = top + H / 2 - this.v * h * this.scale - offsetTop;
    this.stage.style.transform = still ? "" : `translate(${x}px, ${y}px) scale(${this.scale})`;
    this.frame.classList.toggle("zoomed", !still);
    // Lines over the picture stay as thin as they are; single pixels are shown as such.
    this.stage.style.setProperty("--zoom", String(this.scale));
    const img = this.stage.querySelector("img");
    if (img) img.classList.toggle("pixels", img.naturalWidth > 0 && (w * this.scale) / img.naturalWidth > 3);
    if (img?.dataset.large && this.scale > 1.4) {
      img.src = img.dataset.large;
      img.removeAttribute("data-large");
    }
  }

  listen() {
    const { frame, focus } = this;
    const firm = { passive: false };
    frame.addEventListener("wheel", (event) => this.wheel(event), firm);
    frame.addEventListener("dblclick", (event) => {
      if (event.target.closest("a, button, input, .word") || frame.classList.contains("drawing")) return;
      this.by(event.shiftKey ? 1 / (STEP * STEP) : STEP * STEP, event.clientX, event.clientY);
    });
    // A double click zooms and marks no text, except on words.
    frame.addEventListener("mousedown", (event) => {
      if (event.detail > 1 && !event.target.closest(".word, button")) event.preventDefault();
    });
    frame.addEventListener("dragstart", (event) => event.preventDefault());
    // Two fingers are ours before the browser takes them for its own zoom.
    frame.addEventListener("touchstart", (event) => event.touches.length > 1 && event.preventDefault(), firm);
    frame.addEventListener("pointerdown", (event) => this.down(event));
    frame.addEventListener("pointermove", (event) => this.moved(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      frame.addEventListener(end, (event) => this.up(event));
    }
    frame.addEventListener("click", (event) => {
      if (!this.dragged) return;
      this.dragged = false;
      event.preventDefault();
      event.stopPropagation();
    }, true);
    if (focus.zoomed) return;
    focus.zoomed = true;
    focus.addEventListener("keydown", (event) => this.key(event));
  }

  wheel(event) {
    const focused = document.activeElement === this.focus;
    if (!event.ctrlKey && (!focused || (event.deltaY > 0 && this.scale === 1))) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 33 : 1;
    this.by(Math.exp(-Math.max(-80, Math.min(80, event.deltaY * lines)) / (event.ctrlKey ? 120 : 300)), event.clientX, event.clientY);
  }

  down(event) {
    if (event.button > 1 || event.target.closest("button, input, .swipe-line")) return;
    if (event.button === 0 && event.pointerType === "mouse") {
      if (this.frame.classList.contains("drawing") || event.target.closest(".word")) return;
    } else if (this.frame.classList.contains("drawing") && this.pointers.size === 0 && event.button === 0) {
      return;
    }
    if (event.button === 1) event.preventDefault();
    this.dragged = false;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY] });
  }

  moved(event) {
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) return;
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, one]) => one);
    const far = Math.hypot(event.clientX - pointer.from[0], event.clientY - pointer.from[1]) > 4;
    if (!this.dragged && !far) return;
    if (!this.dragged) {
      this.dragged = true;
      if (this.scale > 1 || others.length) this.frame.setPointerCapture(event.pointerId);
      this.frame.classList.add("moving");
    }
    if (others.length) {
      const [other] = others;
      const before = Math.hypot(pointer.x - other.x, pointer.y - other.y);
      const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      if (before > 0) this.by(after / before, (event.clientX + other.x) / 2, (event.clientY + other.y) / 2);
    } else if (this.scale > 1) {
      this.move(event.clientX - pointer.x, event.clientY - pointer.y);
    }
    Object.assign(pointer, { x: event.clientX, y: event.clientY });
  }

  up(event) {
    // A finger is captured by what it touches first; that this is lost to the frame ends nothing.
    if (event.type === "lostpointercapture" && event.target !== this.frame) return;
    if (!this.pointers.delete(event.pointerId)) return;
    this.frame.classList.remove("moving");
    // The click that follows a drag is swallowed; where none follows, the next one is not.
    window.setTimeout(() => { this.dragged = false; }, 0);
  }

  key(event) {
    if (!isPlain(event) || event.target !== this.focus) return;
    const far = 60;
    const moves = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (event.key === "+" || event.key === "=") this.by(STEP);
    else if (event.key === "-") this.by(1 / STEP);
    else if (event.key === "0") this.set(1, 0.5, 0.5);
    else if (moves[event.key] && this.scale > 1) this.move(...moves[event.key]);
    else return;
    event.preventDefault();
  }

  buttons() {
    const row = element("div", { class: "zoom-buttons", role: "group", "aria-label": say("zoom.buttons") },
      button("−", () => this.by(1 / STEP), { "aria-label": say("zoom.out"), title: say("zoom.out") }),
      button("+", () => this.by(STEP), { "aria-label": say("zoom.in"), title: say("zoom.in") }),
      button("⤢", () => this.set(1, 0.5, 0.5), { "aria-label": say("zoom.all"), title: say("zoom.all") }));
    if (this.stage.querySelector(".overlay .word")) {
      // Over words a drag selects them; switched off, it moves the picture.
      row.prepend(button(say("zoom.words"), (event) => {
        const on = this.frame.classList.toggle("no-words");
        event.currentTarget.setAttribute("aria-pressed", String(!on));
      }, { "aria-pressed": "true", title: say("zoom.words.does") }));
    }
    return row;
  }
}

/** The zooms that move with this one, those whose frames have left the page dropped. */
function join(zoom, group) {
  if (!group) return [zoom];
  const members = (groups.get(group) ?? []).filter((one) => one.frame.isConnected);
  members.push(zoom);
  groups.set(group, members);
  // All hold the same list, so that who comes later is known to who came first.
  for (const one of members) one.members = members;
  return members;
}
