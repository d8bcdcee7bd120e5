/** The keys of the clock, wherever they are pressed and nobody else needs them. */

import { FAR, actOf } from "../keys.js";

/** @typedef {import("./player.js").Player} Player */

/** @type {Record<string, (player: Player) => void>} */
const ACTS = {
  play: (player) => player.toggle(),
  back: (player) => player.stepBy(-1),
  forward: (player) => player.stepBy(1),
  farBack: (player) => player.stepBy(-FAR),
  farForward: (player) => player.stepBy(FAR),
  first: (player) => player.stepBy(-player.length),
  last: (player) => player.stepBy(player.length),
};

/** Elements that need these keys themselves; the scrubber of the timeline means the same by them. */
const OWNERS =
  "input:not([data-timeline]), select, textarea, [contenteditable], [role=slider], [role=menu], dialog";

/** Elements that a space presses. */
const PRESSED = "button, summary, a[href], [role=button]";

/**
 * @param {{addEventListener: Function, removeEventListener: Function}} target  usually the document
 * @param {Player} player
 * @returns {() => void} what takes the keys off again
 */
export function bindKeyboard(target, player) {
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const act = actOf("clock", event);
    if (act === null || event.defaultPrevented) return;
    if (belongsTo(event, OWNERS) || (act === "play" && belongsTo(event, PRESSED))) return;
    event.preventDefault();
    ACTS[act](player);
  };
  target.addEventListener("keydown", onKeyDown);
  return () => target.removeEventListener("keydown", onKeyDown);
}

/**
 * @param {KeyboardEvent} event
 * @param {string} selector
 */
function belongsTo(event, selector) {
  const element = /** @type {Element | null} */ (event.target);
  return typeof element?.closest === "function" && element.closest(selector) !== null;
}
