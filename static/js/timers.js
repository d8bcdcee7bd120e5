/**
 * The clock of the browser, for modules whose tests have one of their own.
 *
 * @typedef {object} Timers
 * @property {(callback: () => void, milliseconds: number) => unknown} after  answers with what cancels it
 * @property {(timer: unknown) => void} cancel
 * @property {() => number} now  milliseconds
 */

/** @type {Timers} */
export const BROWSER_TIMERS = {
  after: (callback, milliseconds) => setTimeout(callback, milliseconds),
  cancel: (timer) => clearTimeout(/** @type {number | undefined} */ (timer)),
  now: () => performance.now(),
};
