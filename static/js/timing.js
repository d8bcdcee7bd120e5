/**
 * When to do what was asked for many times.
 */

const LONGEST_REST_MS = 200;

/**
 * At most once a frame, and followed by a rest as long as it took: on a slow machine, too, the page must have time for the
 * person.
 *
 * @param {() => void} action
 * @param {{frame: (callback: () => void) => unknown, after: (callback: () => void, ms: number) => unknown, now: () => number}} [clock]
 * @returns {() => void}  asks for it
 */
export function paced(action, clock = BROWSER_CLOCK) {
  let isAsked = false;
  let restUntil = 0;
  const act = () => {
    isAsked = false;
    const began = clock.now();
    action();
    const ended = clock.now();
    restUntil = ended + Math.min(ended - began, LONGEST_REST_MS);
  };
  return () => {
    if (isAsked) return;
    isAsked = true;
    const rest = restUntil - clock.now();
    if (rest > 0) clock.after(() => clock.frame(act), rest);
    else clock.frame(act);
  };
}

/**
 * @param {number} count
 * @returns {Promise<void>}  once so many frames have begun
 */
export async function frames(count) {
  for (let i = 0; i < count; i += 1) await new Promise(requestAnimationFrame);
}

/** Frames in which the paths over a new surface move alone: what else there is to draw takes a moment. */
const PATHS_FIRST = 4;

/** @returns {Promise<void>}  once the paths over a surface that has just been drawn have moved */
export const pathsHaveMoved = () => frames(PATHS_FIRST);

const BROWSER_CLOCK = {
  frame: (/** @type {() => void} */ callback) => requestAnimationFrame(callback),
  after: (/** @type {() => void} */ callback, /** @type {number} */ ms) => setTimeout(callback, ms),
  now: () => performance.now(),
};

/**
 * @param {() => void} action
 * @param {number} milliseconds
 * @returns {() => void}  asks for it: it happens after that time, once
 */
export function oncePer(action, milliseconds) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    setTimeout(() => {
      isAsked = false;
      action();
    }, milliseconds);
  };
}

/**
 * Once nobody has asked for it for a while, or after the longest wait.
 *
 * @param {() => void} action
 * @param {{rest: number, longest: number}} milliseconds
 * @returns {() => void}  asks for it
 */
export function debounced(action, { rest, longest }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let askedAt = 0;
  return () => {
    const now = performance.now();
    if (timer === undefined) askedAt = now;
    clearTimeout(timer);
    const act = () => {
      timer = undefined;
      action();
    };
    timer = setTimeout(act, Math.max(0, Math.min(rest, askedAt + longest - now)));
  };
}
