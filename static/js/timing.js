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

/** Frames in which the paths over a new surface are given the time to begin, and to be seen once they did. */
const PATHS_FIRST = 4;
const PATHS_SEEN = 2;

/** Frames after which nothing waits any longer for paths that move slowly. */
const PATHS_AT_MOST = 40;

/**
 * @param {{step: number, playing: boolean, waiting: boolean}} player
 * @param {(count: number) => Promise<void>} [pass]  so many frames, the browser's by default
 * @returns {Promise<void>}  once the paths over a surface that has just been drawn have moved, where they are to
 */
export async function pathsHaveMoved(player, pass = frames) {
  const from = player.step;
  await pass(PATHS_FIRST);
  for (let i = PATHS_FIRST; i < PATHS_AT_MOST && isToMove(player, from); i += 1) await pass(1);
  await pass(PATHS_SEEN);
}

/**
 * @param {{step: number, playing: boolean, waiting: boolean}} player
 * @param {number} from
 */
const isToMove = ({ step, playing, waiting }, from) => playing && !waiting && step === from;

/**
 * @param {() => void} action  that what has just changed is painted before
 * @param {Pick<typeof BROWSER_CLOCK, "frame" | "after">} [clock]
 */
export function afterPaint(action, clock = BROWSER_CLOCK) {
  clock.frame(() => clock.after(action, 0));
}

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
