// Every English text that the scripts show, in one place, so that others can translate it. What a translator made of them comes
// with translated.js, which the server writes: null, or {texts: {name: [form, …]}, forms: [which form a number takes, …]}.
//
// say("name", {n: 3}) gives a text with its {places} filled. A text with forms is chosen by `n` with the plural rules of the
// page's language (<html lang>). Numbers are written as that language writes them. Nothing here is HTML.

import translated from "./translated.js";

const TEXTS = {
  // zoom.js
  "zoom.buttons": "Zoom",
  "zoom.in": "Zoom in",
  "zoom.out": "Zoom out",
  "zoom.all": "Whole picture",
  "zoom.words": "Words",
  "zoom.words.does": "Dragging over words selects them; switched off, it moves the picture",
  "zoom.keys": "Pictures",
  "zoom.key.zoom": "larger, smaller, whole picture",
  "zoom.key.move": "move the picture",
  // compare.js
  "compare.keys": "Two pictures laid on each other",
  "compare.key.ways": "side by side, one over the other, in turns, difference",
  "compare.key.turn": "in turns: show the other one",
  "compare.key.pause": "in turns: pause and go on",
  "compare.swipe": "How much of the upper picture is shown",
  "compare.share": "{n} % of the upper picture",
  "compare.speed": "Seconds for each picture",
  "compare.pause": "Pause",
  "compare.go": "Play",
  "compare.other": "Show the other",
  // timeline.js
  "timeline.buttons": "Zoom in time",
  "timeline.in": "Zoom in",
  "timeline.out": "Zoom out",
  "timeline.all": "All",
  "timeline.from": "From",
  "timeline.to": "To",
  "timeline.span": "{from} to {to}",
  "timeline.keys": "Timeline",
  "timeline.key.edge": "an edge of the span has the focus: move it, in larger steps with Shift",
  "timeline.key.apply": "show the chosen span",
  "timeline.key.drop": "drop the chosen span",
  "timeline.key.marks": "a mark has the focus: the next one of its lane, or of another lane",
  // live.js
  "live.counted": "{says}: {done} of {todo}",
  "live.changed": "The case has changed.",
  "live.reload": "Reload",
  "live.unsaved": "The case has changed. What you typed here is not entered yet; reload when you are done.",
  "live.followed": "Shown as the case stands now.",
  "live.gone": "Truecopy does not answer. What is shown may be old; it is tried again.",
  "live.back": "Truecopy answers again.",
  "live.dismiss": "Dismiss",
  // keys.js
  "keys.title": "Keys",
  "keys.general": "Everywhere",
  "keys.views": "Views",
  "keys.close": "Close",
  "keys.on": "Single letters act as keys",
  "keys.then": "then",
  "keys.key.help": "this list",
  "keys.key.search": "search",
  "keys.key.rows": "next, previous row",
  "keys.key.open": "open the row",
  "keys.key.close": "close what is open, leave a field",
  // filter.js
  "filter.failed": "The answer did not arrive. What is shown is as before.",
  // drop.js
  "drop.here": "Let go to add to the case",
  "drop.elsewhere": "Files are added under",
  "drop.reading": "Looking through the folders …",
  "drop.sending": { one: "{done} of {n} file, {size} taken", other: "{done} of {n} files, {size} taken" },
  "drop.cancel": "Cancel",
  "drop.cancelled": "Cancelled. Nothing was taken in.",
  "drop.ending": "Sent. The case takes the files in.",
  "drop.done": { one: "{n} file is handed in.", other: "{n} files are handed in." },
  "drop.refused": { one: "{n} file was not taken:", other: "{n} files were not taken:" },
  "drop.unread": "could not be read from the disk",
  "drop.lost": "the connection broke",
  "drop.status": "refused ({status})",
  "drop.bar": "Files sent",
  "drop.none": "There were no files in it.",
  "drop.gone": "Truecopy does not answer; {n} of the files were sent, and may not have been taken in. Nothing is lost on your side.",
  // region.js
  "region.draw": "Draw",
  "region.draw.does": "Dragging on the picture marks a region to withhold; switched off, it moves the picture",
  "region.list": "Regions to withhold",
  "region.none": "No region yet. Draw on the picture, or enter one in pixels of the picture.",
  "region.one": "{x}, {y}, {w} wide, {h} high",
  "region.remove": "Remove",
  "region.removes": "Remove the region at {x}, {y}",
  "region.x": "Left",
  "region.y": "Top",
  "region.w": "Width",
  "region.h": "Height",
  "region.fields": "A region in pixels of the picture",
  "region.add": "Add",
  "region.outside": "That lies outside the picture, which is {w} wide and {h} high.",
  "region.added": "Region {n} added.",
  "region.removed": "Region removed.",
  "region.keys": "Regions to withhold",
  "region.key.draw": "draw regions, or move the picture again",
  // spread.js
  "spread.until": "Hops up to",
  "spread.all": { one: "{n} of {all} hop, up to {when}", other: "{n} of {all} hops, up to {when}" },
  "spread.pinned": "Pinned. Click it again to read it below; Escape lets go.",
  "spread.keys": "Hops between channels",
  "spread.key.unpin": "let go of a pinned hop or channel",
  // marks.js
  "marks.keys": "Notes beside a picture",
  "marks.key.show": "with the focus on a note: its place on the picture is shown",
  // acts.js
  "acts.sending": "Sending …",
  "acts.lost": "It was not entered: Truecopy does not answer. What you typed is still here.",
  "acts.refused": "It was not entered ({status}). What you typed is still here.",
};

const language = document.documentElement.lang || "en";
const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** The translation of a text; undefined where there is none. Up to 999 a number stands for itself, else for its last digits. */
function own(name, n) {
  const forms = translated?.texts[name];
  const number = Math.abs(Math.trunc(n));
  return forms && (forms[translated.forms[number < 1000 ? number : 1000 + (number % 1000)]] ?? forms[0]);
}

/** A text by its name, its {places} filled; an unknown name is shown as it is, so that it is noticed. */
export function say(name, places = {}) {
  const text = own(name, places.n ?? 0) ?? TEXTS[name] ?? name;
  const form = typeof text === "string" ? text : text[plural.select(places.n ?? 0)] ?? text.other;
  return form.replace(/\{(\w+)\}/g, (whole, place) => {
    const value = places[place];
    return typeof value === "number" ? numbers.format(value) : value ?? whole;
  });
}

/** A size in bytes for people: "3.4 MB". */
export function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit += 1;
  }
  return `${numbers.format(unit < 2 ? Math.round(bytes) : bytes)} ${units[unit]}`;
}

/** An instant as the report writes it, in UTC: "2022-10-01 14:05:09 UTC"; seconds only where there are some. */
export function instant(at) {
  const text = new Date(at).toISOString().slice(0, 19).replace("T", " ");
  return `${text.endsWith(":00") ? text.slice(0, 16) : text} UTC`;
}
