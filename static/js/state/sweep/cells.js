/**
 * The cells of a sweep as they come, each where it belongs.
 */

import { decodeArray } from "../../jsonl.js";

/**
 * @typedef {import("../../wire.d.ts").SweepStarted} SweepStarted
 * @typedef {import("../../wire.d.ts").CellsOfMembers} CellsOfMembers
 * @typedef {import("../types.js").Json} Json
 * @typedef {import("../types.js").RunConfig} RunConfig
 * @typedef {import("../../wire.d.ts").SummedUp} SummedUp
 * @typedef {import("./request.js").Ask} Ask
 *
 * @typedef {object} Swept  what there is of one sweep
 * @property {Ask} ask
 * @property {Cells | null} cells
 * @property {SummedUp[] | null} summary  null until it is whole
 *
 * @typedef {object} Picture  what there is of the sweeps of a wish
 * @property {string} key
 * @property {Swept[]} sweeps
 * @property {readonly number[]} [slots]  of the runs, in the order in which they are drawn
 * @property {Earlier[]} [earlier]  what stands for runs of which nothing has come yet
 *
 * @typedef {object} Earlier  a run as it was before a change
 * @property {number} slot
 * @property {Swept} swept  that it was part of
 * @property {number} optimizer  its index there
 */

/** The numbers of a cell that there may be. */
export const NUMBERS = Object.freeze(
  "initial_loss final_loss end_loss test_loss best_loss steps_to_target last_step".split(" "),
);

/** The same, and which of the reasons it ended for. */
const COLUMNS = [...NUMBERS, "ended"];

export class Cells {
  /** How many there are. */
  count = 0;
  /** @type {Map<string, Float64Array>} by member; NaN where there is none yet */
  #columns = new Map();
  /** @type {Uint8Array} by member, whether its cell is there */
  #known;
  /** How many there are of each run. @type {number[]} */
  #counts;
  /** @type {Float64Array | null} [members, 2], where points ended */
  #ends = null;

  /** @param {SweepStarted} started */
  constructor(started) {
    this.started = started;
    this.#known = new Uint8Array(started.members);
    this.#counts = started.runs.map(() => 0);
  }

  get members() {
    return this.started.members;
  }

  get isWhole() {
    return this.count === this.members;
  }

  /** @param {CellsOfMembers} cells */
  add(cells) {
    const members = decodeArray(cells.members).data;
    for (const name of COLUMNS) {
      const given = /** @type {any} */ (cells)[name];
      if (given === undefined || given === null) continue;
      const values = decodeArray(given).data;
      const column = this.#columns.get(name) ?? new Float64Array(this.members).fill(NaN);
      this.#columns.set(name, column);
      for (let i = 0; i < members.length; i += 1) column[members[i]] = values[i];
    }
    if (cells.end !== undefined && cells.end !== null) this.#addEnds(members, decodeArray(cells.end).data);
    const each = this.members / this.#counts.length;
    for (let i = 0; i < members.length; i += 1) {
      this.#known[members[i]] = 1;
      this.#counts[Math.floor(members[i] / each)] += 1;
    }
    this.count += members.length;
  }

  /**
   * How many there are of a run: none of its numbers has changed where this has not.
   *
   * @param {number} optimizer  its index
   */
  countOf(optimizer) {
    return this.#counts[optimizer];
  }

  /**
   * Whether all of a run are there.
   *
   * @param {number} optimizer  its index
   */
  isWholeOf(optimizer) {
    return this.#counts[optimizer] * this.#counts.length === this.members;
  }

  /**
   * @param {ArrayLike<number>} members
   * @param {ArrayLike<number>} ends  [members, 2]
   */
  #addEnds(members, ends) {
    this.#ends ??= new Float64Array(2 * this.members).fill(NaN);
    for (let i = 0; i < members.length; i += 1) {
      this.#ends[2 * members[i]] = ends[2 * i];
      this.#ends[2 * members[i] + 1] = ends[2 * i + 1];
    }
  }

  /**
   * The cells of one optimizer, as those of a sweep of its own; null unless all of them are there.
   *
   * @param {number} optimizer  its index
   * @returns {Cells | null}
   */
  alone(optimizer) {
    const { shape, members, runs, ways } = this.started;
    const count = members / runs.length;
    const [first, last] = [optimizer * count, (optimizer + 1) * count];
    if (!this.isWholeOf(optimizer)) return null;
    const own = new Cells({
      ...this.started,
      shape: runs.length > 1 ? [1, ...shape.slice(1)] : shape,
      members: count,
      runs: [runs[optimizer]],
      ways: ways.length === 1 ? ways : [],
    });
    own.count = count;
    own.#counts = [count];
    own.#known.fill(1);
    for (const [name, column] of this.#columns) own.#columns.set(name, column.subarray(first, last));
    own.#ends = this.#ends?.subarray(2 * first, 2 * last) ?? null;
    return own;
  }

  /**
   * Where the point of a member ended.
   *
   * @param {number} member
   * @returns {[number, number]}  NaN where there is no point
   */
  end(member) {
    return [this.#ends?.[2 * member] ?? NaN, this.#ends?.[2 * member + 1] ?? NaN];
  }

  /** @param {string} name  whether the sweep has such numbers */
  has(name) {
    return this.#columns.has(name);
  }

  /** Whether runs end at points. */
  get hasEnds() {
    return this.#ends !== null;
  }

  /** @param {number} member */
  isKnown(member) {
    return this.#known[member] === 1;
  }

  /** By member 1 where its cell is there, for who looks at all of them. */
  get known() {
    return this.#known;
  }

  /**
   * The same of a column.
   *
   * @param {string} name
   * @returns {Float64Array}  by member; NaN where there is none
   */
  column(name) {
    return this.#columns.get(name) ?? new Float64Array(this.members).fill(NaN);
  }

  /** What the column `ended` holds of runs that came to an end of their own. */
  get completed() {
    return this.started.reasons.indexOf("completed");
  }

  /**
   * @param {string} name  of a column
   * @param {number} member
   */
  at(name, member) {
    return this.#columns.get(name)?.[member] ?? NaN;
  }

  /**
   * Whether a run came to no end of its own.
   *
   * @param {number} member
   */
  diverged(member) {
    return this.started.reasons[this.at("ended", member)] !== "completed";
  }

  /**
   * Whether a run never began, since torch refuses its optimizer.
   *
   * @param {number} member
   */
  refused(member) {
    return this.started.reasons[this.at("ended", member)] === "failed";
  }

  /**
   * The run of a member: what its cell is opened as.
   *
   * @param {number} member
   * @param {number[] | undefined} seeds  of the sweep
   * @returns {RunConfig}
   */
  config(member, seeds) {
    const { shape, axes, runs } = this.started;
    const places = placesOf(member, shape);
    const optimizer = shape.length > axes.length + (seeds === undefined ? 0 : 1) ? (places.shift() ?? 0) : 0;
    /** @type {Json} */
    let run = runs[optimizer];
    axes.forEach(({ path, values }, i) => (run = withValue(run, path, values[places[i]])));
    if (seeds !== undefined) run = withValue(run, "/model/seed", seeds[places[axes.length]]);
    return /** @type {RunConfig} */ (/** @type {unknown} */ (run));
  }
}

/** Whether a note says why torch refuses some runs. @param {{code: string}} note */
export function isOfRefused({ code }) {
  return code === "members_refused";
}

/**
 * Where a member stands along each dimension.
 *
 * @param {number} member
 * @param {readonly number[]} shape
 */
export function placesOf(member, shape) {
  const places = [];
  let rest = member;
  for (const length of [...shape].reverse()) {
    places.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return places;
}

/**
 * A document with another value at a place that it has.
 *
 * @param {Json} document
 * @param {string} pointer  RFC 6901
 * @param {Json} value
 * @returns {Json}
 */
export function withValue(document, pointer, value) {
  const put = (/** @type {any} */ part, /** @type {string[]} */ [first, ...rest]) => {
    if (first === undefined) return value;
    const copy = Array.isArray(part) ? [...part] : { ...part };
    copy[first] = put(copy[first], rest);
    return copy;
  };
  const tokens = pointer.split("/").slice(1);
  return put(
    document,
    tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")),
  );
}
