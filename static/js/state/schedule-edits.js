/**
 * What a person does to a schedule: its pieces made, joined, moved, stretched and taken away, each with the time that is left
 * to it.
 */

import { changeClass } from "./edits.js";
import {
  depthOf,
  extent,
  HAND_OVER,
  isHandOver,
  isOrHas,
  isSequence,
  layOut,
  milestoneBounds,
  pieceAt,
  schedulerAt,
} from "./schedule.js";

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./schedule.js").Schedule} Schedule
 * @typedef {import("./schedule.js").Path} Path
 * @typedef {import("./schedule.js").Piece} Piece
 */

/** Arguments that say how long a scheduler takes: they follow the length of their piece. */
const SPANS = ["T_max", "total_iters", "total_steps"];

const SEQUENCE = "SequentialLR";
const CHAIN = "ChainedScheduler";

/**
 * A scheduler that takes as long as its piece.
 *
 * @param {Choice} choice
 * @param {number} length
 * @param {Call | null} [before]  whose arguments stay, as far as both know them
 * @returns {Schedule}
 */
export function makePiece(choice, length, before = null) {
  const { name, hyperparameters } = changeClass(before, choice, length);
  const spans = choice.hyperparameters.filter(
    (declared) => SPANS.includes(declared.name) && !(declared.name in (before?.hyperparameters ?? {})),
  );
  const fitted = Object.fromEntries(spans.map((declared) => [declared.name, length]));
  return { name, hyperparameters: { ...hyperparameters, ...fitted } };
}

/**
 * @param {Schedule} root
 * @param {Path} path
 * @param {Schedule} piece
 * @returns {Schedule}
 */
export function replaceAt(root, path, piece) {
  if (path.length === 0) return keepInterval(root, piece);
  const [index, ...rest] = path;
  return {
    ...root,
    schedulers: (root.schedulers ?? []).map((part, i) => (i === index ? replaceAt(part, rest, piece) : part)),
  };
}

/**
 * A schedule whose pieces the loop itself calls in turn, or torch's SequentialLR.
 *
 * @param {Schedule} root
 * @param {boolean} byHand
 * @returns {Schedule}
 */
export function handOver(root, byHand) {
  return { ...root, name: byHand ? HAND_OVER : SEQUENCE };
}

/**
 * A schedule that can be: what needs the loss or is told the epoch is called by the loop, which torch's own are not.
 *
 * @param {Schedule} root
 * @param {string[]} metric  the schedulers whose step takes the loss
 * @returns {Schedule}
 */
export function settled(root, metric) {
  if (root.name !== SEQUENCE) return root;
  const parts = root.schedulers ?? [];
  const isByHand = parts.some((part) => isOrHas(part, metric) || part.epoch_steps !== undefined);
  return isByHand ? handOver(root, true) : root;
}

/**
 * The interval is the outermost scheduler's.
 *
 * @param {Schedule} root
 * @param {Schedule} next
 * @returns {Schedule}
 */
function keepInterval({ interval }, next) {
  const { interval: _, ...others } = next;
  return /** @type {Schedule} */ (interval === undefined ? others : { ...others, interval });
}

/**
 * @param {Schedule} schedule
 * @returns {Schedule}
 */
function withoutInterval({ interval: _, ...schedule }) {
  return /** @type {Schedule} */ (schedule);
}

/**
 * A piece that follows the one at a place, and takes the second half of its time.
 *
 * @param {Schedule} root
 * @param {Path} path
 * @param {(length: number) => Schedule} make  the new piece, for the length that it gets
 * @param {number} epochs  of the run
 * @returns {{schedule: Schedule, path: Path}}  path: of the new piece
 */
export function follow(root, path, make, epochs) {
  const parentPath = path.slice(0, -1);
  const tree = layOut(root, epochs);
  const parent = path.length > 0 ? pieceAt(tree, parentPath) : null;
  const own = /** @type {Piece} */ (pieceAt(tree, path));
  if (parent === null || !isSequence(parent.schedule)) {
    const half = middle(0, own.end - own.start);
    const wrapped = {
      name: SEQUENCE,
      hyperparameters: {},
      schedulers: [
        refit(withoutInterval(own.schedule), own.end - own.start, half),
        make(own.end - own.start - half),
      ],
      milestones: [half],
    };
    return { schedule: replaceAt(root, path, wrapped), path: [...path, 1] };
  }
  const index = path[path.length - 1];
  const [from, to] = extent(parent.schedule, index, parent.end - parent.start);
  const between = middle(from, to);
  const { schedulers = [], milestones = [] } = parent.schedule;
  const next = {
    ...parent.schedule,
    schedulers: spliced(
      schedulers,
      index,
      1,
      refit(schedulers[index], to - from, between - from),
      make(Math.max(1, to - between)),
    ),
    milestones: risen(spliced(milestones, index, 0, between)),
  };
  return { schedule: replaceAt(root, parentPath, next), path: [...parentPath, index + 1] };
}

/**
 * @param {number} from
 * @param {number} to
 */
function middle(from, to) {
  return Math.max(from + 1, Math.round((from + to) / 2));
}

/**
 * Milestones must rise: one that does not moves up.
 *
 * @param {number[]} milestones
 */
function risen(milestones) {
  let before = 0;
  return milestones.map((milestone) => (before = Math.max(milestone, before + 1)));
}

/**
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {number} count  how many to leave out
 * @param {...T} items  what to put there
 * @returns {T[]}
 */
function spliced(list, index, count, ...items) {
  return [...list.slice(0, index), ...items, ...list.slice(index + count)];
}

/**
 * A piece that acts together with the one at a place.
 *
 * @param {Schedule} root
 * @param {Path} path
 * @param {(length: number) => Schedule} make
 * @param {number} epochs
 * @returns {{schedule: Schedule, path: Path}}
 */
export function join(root, path, make, epochs) {
  const tree = layOut(root, epochs);
  const own = /** @type {Piece} */ (pieceAt(tree, path));
  const piece = make(own.end - own.start);
  const parentPath = path.slice(0, -1);
  const parent = path.length > 0 ? /** @type {Piece} */ (pieceAt(tree, parentPath)) : null;
  if (parent !== null && !isSequence(parent.schedule)) {
    const index = path[path.length - 1] + 1;
    const schedulers = spliced(parent.schedule.schedulers ?? [], index, 0, piece);
    return {
      schedule: replaceAt(root, parentPath, { ...parent.schedule, schedulers }),
      path: [...parentPath, index],
    };
  }
  const { epoch_steps: _, ...first } = withoutInterval(own.schedule);
  const schedulers = [/** @type {Schedule} */ (first), piece];
  return {
    schedule: replaceAt(root, path, { name: CHAIN, hyperparameters: {}, schedulers }),
    path: [...path, 1],
  };
}

/**
 * The schedule without a piece; its time goes to its neighbour.
 *
 * @param {Schedule} root
 * @param {Path} path
 * @param {number} epochs
 * @returns {Schedule | null}  null if that was all of it
 */
export function removeAt(root, path, epochs) {
  if (path.length === 0) return null;
  const parentPath = path.slice(0, -1);
  const index = path[path.length - 1];
  const parent = /** @type {Piece} */ (pieceAt(layOut(root, epochs), parentPath));
  const { schedule } = parent;
  const rest = spliced(schedule.schedulers ?? [], index, 1);
  if (!isSequence(schedule)) return replaceAt(root, parentPath, collapse({ ...schedule, schedulers: rest }));
  const heir = Math.max(0, index - 1);
  const before = parent.parts[index === 0 ? 1 : heir];
  const gone = parent.parts[index];
  const length = before.end - before.start;
  rest[heir] = refit(rest[heir], length, length + gone.end - gone.start);
  const milestones = spliced(schedule.milestones ?? [], heir, 1);
  return replaceAt(root, parentPath, collapse({ ...schedule, schedulers: rest, milestones }));
}

/**
 * @param {Schedule} composite
 * @returns {Schedule}
 */
function collapse(composite) {
  const { schedulers = [] } = composite;
  return schedulers.length === 1 ? schedulers[0] : composite;
}

/**
 * Move the border between two pieces of a sequence; what spans them follows.
 *
 * @param {Schedule} root
 * @param {Path} path  of the sequence
 * @param {number} index  of the milestone
 * @param {number} milestone  epochs since the sequence began
 * @param {number} epochs  of the run
 * @returns {Schedule}
 */
export function setMilestone(root, path, index, milestone, epochs) {
  const sequence = /** @type {Piece} */ (pieceAt(layOut(root, epochs), path));
  const { schedulers = [], milestones = [] } = sequence.schedule;
  const [low, high] = milestoneBounds(sequence.schedule, index);
  const to = Math.max(low, Math.min(high, Math.round(milestone)));
  const moved = milestones.map((old, i) => (i === index ? to : old));
  const length = sequence.end - sequence.start;
  const next = { ...sequence.schedule, milestones: moved };
  const fitted = schedulers.map((part, i) => {
    const [from, until] = extent(sequence.schedule, i, length);
    const [newFrom, newUntil] = extent(next, i, length);
    return refit(part, until - from, newUntil - newFrom);
  });
  return replaceAt(root, path, { ...next, schedulers: fitted });
}

/**
 * Exchange a piece with its neighbour; in a sequence, each keeps its length.
 *
 * @param {Schedule} root
 * @param {Path} path
 * @param {1 | -1} direction
 * @param {number} epochs
 * @returns {{schedule: Schedule, path: Path}}
 */
export function moveAt(root, path, direction, epochs) {
  const parentPath = path.slice(0, -1);
  const index = path[path.length - 1];
  const other = index + direction;
  const parent = pieceAt(layOut(root, epochs), parentPath);
  if (parent === null || parent.parts[other] === undefined) return { schedule: root, path };
  const order = parent.parts.map((_, i) => (i === index ? other : i === other ? index : i));
  const next = {
    ...parent.schedule,
    schedulers: order.map((i) => parent.parts[i].schedule),
    ...(isSequence(parent.schedule) && {
      milestones: ends(order.map((i) => parent.parts[i].end - parent.parts[i].start)),
    }),
  };
  return { schedule: replaceAt(root, parentPath, next), path: [...parentPath, other] };
}

/**
 * @param {number[]} lengths  of pieces that follow each other
 * @returns {number[]}  where all but the last end
 */
function ends(lengths) {
  let sum = 0;
  return lengths.slice(0, -1).map((length) => (sum += Math.max(1, length)));
}

/**
 * A piece whose arguments spanned its old length spans its new one.
 *
 * @param {Schedule} piece
 * @param {number} from
 * @param {number} to
 * @returns {Schedule}
 */
function refit(piece, from, to) {
  if (from === to || to < 1) return piece;
  const fitted = Object.fromEntries(
    SPANS.filter((name) => piece.hyperparameters[name] === from).map((name) => [name, to]),
  );
  if (Object.keys(fitted).length === 0) return piece;
  return { ...piece, hyperparameters: { ...piece.hyperparameters, ...fitted } };
}

/**
 * Why nothing more can be built onto a place: torch starts only simple schedulers at a milestone, and the server bounds
 * the depth.
 *
 * @param {Schedule} root
 * @param {Path} path
 * @param {"follow" | "join"} how
 * @param {{max_schedulers: number, max_scheduler_depth: number}} limits
 * @returns {"depth" | "count" | "milestone" | null}
 */
export function obstacle(root, path, how, limits) {
  const parent = path.length === 0 ? null : schedulerAt(root, path.slice(0, -1));
  const joins = how === "join";
  if (parent !== null && isSequence(parent) !== joins) {
    return (parent.schedulers ?? []).length >= limits.max_schedulers ? "count" : null;
  }
  if (parent !== null && isSequence(parent) && !isHandOver(parent) && path[path.length - 1] > 0)
    return "milestone";
  return path.length + 1 + depthOf(schedulerAt(root, path)) > limits.max_scheduler_depth ? "depth" : null;
}
