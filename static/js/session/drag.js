/**
 * What is different while a hand drags the start of a test function: paths alone are asked for, they change whole and all
 * at once, and a slow answer is waited for longer.
 */

/** @typedef {import("./wish.js").Wish} Wish */

/** How long a newer wish waits for what is under way. */
const PATIENCE_MS = 400;
/** The same under a hand that drags: where each answer takes long, some are better than none. */
const DRAG_PATIENCE_MS = 1500;

/** When the rest of the page follows a drag: the time of a frame spent on it is one that the paths come late. */
export const REST_OF_PAGE = { rest: 200, longest: 800 };

/** @param {Wish} wish */
export function isDragged({ view }) {
  return view === null;
}

/** @param {Wish} wish  that is being fulfilled */
export function patienceWith(wish) {
  return isDragged(wish) ? DRAG_PATIENCE_MS : PATIENCE_MS;
}
