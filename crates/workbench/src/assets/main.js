// Starts every module on the elements that ask for it, now and on whatever is swapped in later.
//
// The page works without any of this. Loaded as <script type="module">.

import * as acts from "./acts.js";
import * as compare from "./compare.js";
import * as drop from "./drop.js";
import * as filter from "./filter.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as marks from "./marks.js";
import * as region from "./region.js";
import * as spread from "./spread.js";
import * as timeline from "./timeline.js";
import * as zoom from "./zoom.js";

const MODULES = [zoom, compare, region, marks, timeline, spread, filter, acts, drop];

/** Starts all modules below `root`. One that fails must not take the others with it. */
function start(root) {
  for (const module of MODULES) {
    try {
      module.start(root);
    } catch (error) {
      console.error(error);
    }
  }
}

document.documentElement.classList.add("scripted");
start(document);
document.addEventListener("swapped", (event) => start(event.detail.root));
keys.start(MODULES.map((module) => module.keys).filter(Boolean));
live.start();
