/** The keys of the timeline: space plays, the arrows step (ten at a time with shift), Home and End go to the ends. */

/** @typedef {import("./player.js").Player} Player */

const FAR = 10;

/** @type {Record<string, (player: Player, far: boolean) => void>} */
const KEYS = {
  " ": (player) => player.toggle(),
  ArrowLeft: (player, far) => player.stepBy(far ? -FAR : -1),
  ArrowRight: (player, far) => player.stepBy(far ? FAR : 1),
  Home: (player) => player.stepBy(-player.length),
  End: (player) => player.stepBy(player.length),
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
    const act = KEYS[event.key];
    if (act === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (belongsTo(event, OWNERS) || (event.key === " " && belongsTo(event, PRESSED))) return;
    event.preventDefault();
    act(player, event.shiftKey);
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
