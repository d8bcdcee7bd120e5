/**
 * The clock of the browser, for modules whose tests have one of their own.
 *
 * @typedef {object} Timers
 * @property {(callback: () => void, milliseconds: number) => number | object} after
 * @property {(timer: any) => void} cancel
 * @property {() => number} now  milliseconds
 */

/** @type {Timers} */
export const BROWSER_TIMERS = {
  after: (callback, milliseconds) => setTimeout(callback, milliseconds),
  cancel: (timer) => clearTimeout(timer),
  now: () => performance.now(),
};
