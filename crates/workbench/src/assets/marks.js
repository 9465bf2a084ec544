// Notes beside a picture and their places on it: pointing at one lights up the other.
//
// Markup: a note is any element with data-marks="id id …" (a list item of the margin strip), naming elements of an svg.overlay by
// their id. Pointing at the note, or the focus in it, gives those the class "lit", and pointing at one of them lights the note.
// A click on a link or button with data-at="x,y,w,h" inside such a note shows that place, where the frame on the page zooms.

import { fresh } from "./element.js";
import { zoomOf } from "./zoom.js";

export const keys = { where: "[data-marks]", title: "marks.keys", rows: [["Tab", "marks.key.show"]] };

export function start(root) {
  for (const note of fresh(root, "[data-marks]", "marks")) {
    const marks = note.dataset.marks.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean);
    const lit = (on) => () => {
      note.classList.toggle("lit", on);
      for (const mark of marks) mark.classList.toggle("lit", on);
    };
    for (const one of [note, ...marks]) {
      one.addEventListener("pointerenter", lit(true));
      one.addEventListener("pointerleave", lit(false));
      one.addEventListener("focusin", lit(true));
      one.addEventListener("focusout", lit(false));
    }
  }
  for (const control of fresh(root, "a[data-at], button[data-at]", "marks")) {
    control.addEventListener("click", (event) => {
      const frame = document.querySelector(control.dataset.frame ?? ".frame[data-zoom]");
      const at = control.dataset.at.split(",").map(Number);
      const zoom = frame && zoomOf(frame);
      if (!zoom || at.length !== 4 || !at.every(Number.isFinite)) return;
      event.preventDefault();
      zoom.show(...at);
      frame.scrollIntoView({ block: "nearest" });
    });
  }
}
