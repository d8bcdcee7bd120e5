/**
 * A schedule as a pile of pieces: functions from one to the next. One piece is a scheduler by itself; pieces that follow
 * each other are a SequentialLR, pieces that act at once a ChainedScheduler, and either may stand within the other. Pieces
 * that the loop itself calls one after the other are a HandOver, which stands outermost.
 *
 * Lengths are in epochs, the calls of `scheduler.step()`. A place in a schedule is the path of indices that leads there.
 */

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Json} Json
 *
 * @typedef {Call & {schedulers?: Schedule[], milestones?: number[], interval?: number, epoch_steps?: number}} Schedule
 * @typedef {number[]} Path
 *
 * @typedef {object} Piece  a part of a schedule, with the time that it has
 * @property {Schedule} schedule
 * @property {Path} path
 * @property {number} start  epochs
 * @property {number} end  where the next one takes over, or the run ends
 * @property {Piece[]} parts
 */

/**
 * A schedule of the server's, without what says nothing: null for what it does not have, and intervals within it.
 *
 * @param {Call} schedule
 * @returns {Schedule}
 */
export function tidy({ name, hyperparameters, interval, schedulers, milestones, epoch_steps: epochSteps }) {
  return {
    name,
    hyperparameters,
    ...(Array.isArray(schedulers) && { schedulers: /** @type {Call[]} */ (schedulers).map(tidy) }),
    ...(Array.isArray(milestones) && { milestones: /** @type {number[]} */ (milestones) }),
    ...(typeof interval === "number" && interval > 1 && { interval }),
    ...(typeof epochSteps === "number" && { epoch_steps: epochSteps }),
  };
}

/** @param {Schedule} schedule */
export function isSequence({ milestones }) {
  return Array.isArray(milestones);
}

/** What the loop hands over by itself is called in a configuration. */
export const HAND_OVER = "HandOver";

/** @param {Schedule} schedule */
export function isHandOver({ name }) {
  return name === HAND_OVER;
}

/** @param {Schedule} schedule */
export function isComposite({ schedulers }) {
  return Array.isArray(schedulers);
}

/**
 * What a schedule is called in a line: its pieces in turn, or those that act at once.
 *
 * @param {Schedule} schedule
 * @returns {string}
 */
export function nameOf(schedule) {
  const parts = (schedule.schedulers ?? []).map((part) =>
    isComposite(part) ? `(${nameOf(part)})` : part.name,
  );
  if (parts.length === 0) return schedule.name;
  return parts.join(isHandOver(schedule) ? " ⇢ " : isSequence(schedule) ? " → " : " × ");
}

/**
 * @typedef {object} Called  whom the loop calls
 * @property {Schedule} schedule
 * @property {number | null} index  of the part of a hand-over; null is the scheduler itself
 * @property {number} count  how often it was called before
 *
 * @param {Schedule} schedule
 * @param {number} count  how often the loop called one before
 * @returns {Called}
 */
export function calledAt(schedule, count) {
  if (!isHandOver(schedule)) return { schedule, index: null, count };
  const { milestones = [], schedulers = [] } = schedule;
  const found = milestones.findIndex((milestone) => count < milestone);
  const index = found < 0 ? milestones.length : found;
  return { schedule: schedulers[index], index, count: count - (milestones[index - 1] ?? 0) };
}

/**
 * Whether a scheduler, or one that it is made of, is among those of some names.
 *
 * @param {Schedule} schedule
 * @param {string[]} names
 * @returns {boolean}
 */
export function isOrHas(schedule, names) {
  return names.includes(schedule.name) || (schedule.schedulers ?? []).some((part) => isOrHas(part, names));
}

/**
 * How often a run of so many steps calls the scheduler, the epoch before the first call included.
 *
 * @param {number} steps
 * @param {number} [interval]
 */
export function epochsOf(steps, interval = 1) {
  return Math.ceil(steps / interval);
}

/**
 * The schedule with the time that each of its pieces has.
 *
 * @param {Schedule} schedule
 * @param {number} end  of the run, in epochs
 * @param {number} [start]
 * @param {Path} [path]
 * @returns {Piece}
 */
export function layOut(schedule, end, start = 0, path = []) {
  const parts = (schedule.schedulers ?? []).map((part, index) => {
    const [from, to] = isSequence(schedule) ? extent(schedule, index, end - start) : [0, end - start];
    return layOut(part, start + to, start + from, [...path, index]);
  });
  return { schedule, path, start, end, parts };
}

/**
 * @param {Schedule} sequence
 * @param {number} index
 * @param {number} length  of the whole
 * @returns {[number, number]}
 */
export function extent({ milestones = [] }, index, length) {
  const from = index === 0 ? 0 : milestones[index - 1];
  return [from, milestones[index] ?? Math.max(length, from)];
}

/**
 * @param {Piece} piece
 * @param {Path} path
 * @returns {Piece | null}
 */
export function pieceAt(piece, path) {
  if (path.length === 0) return piece;
  const part = piece.parts[path[0]];
  return part === undefined ? null : pieceAt(part, path.slice(1));
}

/**
 * The pieces that are schedulers by themselves, in their order.
 *
 * @param {Piece} piece
 * @returns {Piece[]}
 */
export function leaves(piece) {
  return piece.parts.length === 0 ? [piece] : piece.parts.flatMap(leaves);
}

/**
 * @param {Schedule} schedule
 * @returns {number}
 */
export function depthOf(schedule) {
  return 1 + Math.max(0, ...(schedule.schedulers ?? []).map(depthOf));
}

/**
 * @param {Schedule} sequence
 * @param {number} index
 * @returns {[number, number]}  the first and the last epoch that a milestone can stand at
 */
export function milestoneBounds({ milestones = [] }, index) {
  return [(milestones[index - 1] ?? 0) + 1, (milestones[index + 1] ?? Infinity) - 1];
}

/**
 * @param {Schedule} root
 * @param {Path} path
 * @returns {Schedule}
 */
export function schedulerAt(root, path) {
  return path.reduce((schedule, index) => /** @type {Schedule[]} */ (schedule.schedulers)[index], root);
}
