/**
 * Where somebody is: in a place of the page, and there in a lesson and at one of its pages.
 */

/** @typedef {Pick<import("./types.js").State, "place" | "lesson" | "page">} Where */

/**
 * Whether another place is shown, or another page of a lesson.
 *
 * @param {Where} state
 * @param {Where} previous
 */
export function isElsewhere(state, previous) {
  return state.place !== previous.place || state.lesson !== previous.lesson || state.page !== previous.page;
}

/**
 * Whether a place covers the views of the runs, so that nobody sees the runs themselves.
 *
 * @param {Where["place"]} place
 */
export function coversViews(place) {
  return place === "tune" || place === "loops";
}

/**
 * Compare, Tune and Your loops keep the same runs; a lesson has runs of its own.
 *
 * @param {Where["place"]} place
 * @returns {"learn" | "compare"}  under which the runs of a place are kept
 */
export function runsOf(place) {
  return place === "learn" ? "learn" : "compare";
}
