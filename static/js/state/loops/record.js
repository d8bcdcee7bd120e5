/**
 * What was recorded of a watched run, as growing columns: one row a record, and records at any distance of each other.
 */

import { Column } from "../../columns.js";
import { decodeArray } from "../../jsonl.js";
import { Whole } from "./whole.js";

/**
 * @typedef {import("../../wire.d.ts").RunStarted} RunStarted
 * @typedef {import("../../wire.d.ts").BlockOfSteps} BlockOfSteps
 * @typedef {import("../../wire.d.ts").RunEnded} RunEnded
 * @typedef {import("../../wire.d.ts").Layer} Layer
 * @typedef {import("../../wire.d.ts").Warned} Warned
 * @typedef {import("../../jsonl.js").TypedArray} TypedArray
 * @typedef {{data: TypedArray, width: number}} Rows  row-major; NaN where nothing is known
 */

/** What is recorded whole, of which the map shows what follows from it. */
const WHOLE = new Set(["params", "grads", "state", "average"]);

/** What of a block is no column. */
const NO_COLUMN = new Set(["event", "run", "id", "first", "count", "every", "surface"]);

/**
 * @typedef {object} Surface  of the loss, as the script computed it
 * @property {number} step
 * @property {TypedArray} x
 * @property {TypedArray} y
 * @property {TypedArray} z  row-major, rows follow y
 * @property {TypedArray} path  x and y of the parameters before the step, and after it
 */

export class Record {
  #steps = new Column(new Float64Array(0), 1);
  /** @type {Map<string, Column>} by its name on the wire, and those below it after dots */
  #columns = new Map();
  #whole;
  /** @type {Surface[]} in the order of their steps */
  surfaces = [];
  /** Of each distance between records the first step from which on they have it. @type {{from: number, every: number}[]} */
  #distances = [];

  /**
   * @param {RunStarted} started
   * @param {number} [first]  the step of the first record
   */
  constructor(started, first = 0) {
    this.first = first;
    this.source = started.source ?? {};
    this.parameters = started.parameters;
    /** @type {Layer[]} */
    this.layers = started.layers ?? [];
    /** @type {Warned[]} */
    this.warnings = started.warnings ?? [];
    this.#whole = new Whole(this.layers, this.parameters);
    /** @type {import("../../history.js").Ended | null} */
    this.ended = null;
  }

  /** How many records there are. */
  get count() {
    return this.#steps.length;
  }

  /** The step of each record, as a view. */
  get steps() {
    return /** @type {Float64Array} */ (this.#steps.all);
  }

  /** The last step; the one before the first while there is no record. */
  get last() {
    return this.count === 0 ? this.first - 1 : this.#steps.store[this.count - 1];
  }

  /** One more than the last step. */
  get length() {
    return this.last + 1;
  }

  /** How far records are apart: from which step on, and how far. */
  get distances() {
    return this.#distances;
  }

  /** @param {BlockOfSteps} block  its records follow those that are here, at any distance */
  append(block) {
    this.ended = null;
    const { first, count, every = 1 } = block;
    const before = this.count;
    if (before > 0) this.#noteDistance(this.last, first - this.last);
    if (count > 1) this.#noteDistance(first, every);
    const steps = Float64Array.from({ length: count }, (_, i) => first + i * every);
    this.#steps.append(steps);
    const named = Object.entries(block).filter(([name]) => !NO_COLUMN.has(name) && !WHOLE.has(name));
    for (const [name, value] of named)
      for (const [path, { data }] of leaves(name, value)) this.#put(path, data, before, count);
    if (block.layers === undefined)
      for (const [name, rows] of this.#whole.quantities(block, steps))
        this.#put(`layers.${name}`, rows, before, count);
    for (const column of this.#columns.values()) fill(column, this.count);
    if ("surface" in block) this.surfaces.push(...surfacesOf(/** @type {any} */ (block.surface), steps));
  }

  /** @param {RunEnded} event */
  end({ reason, step, detail, code, params, end_loss }) {
    this.ended = { reason, step, detail, code, params, end_loss };
  }

  /** @param {number} from  a step @param {number} every  how far the next record is from it */
  #noteDistance(from, every) {
    if (this.#distances.at(-1)?.every !== every) this.#distances.push({ from, every });
  }

  /**
   * @param {string} path
   * @param {TypedArray} data
   * @param {number} before  how many records there were
   * @param {number} count
   */
  #put(path, data, before, count) {
    const width = data.length / count;
    const known = this.#columns.get(path) ?? new Column(data, width);
    const column = known.width < width ? widened(known, width) : known;
    this.#columns.set(path, column);
    fill(column, before);
    column.append(column.width === width ? data : padded(data, width, column.width));
  }

  /** All columns by their paths. */
  get paths() {
    return [...this.#columns.keys()];
  }

  /**
   * @param {string} path
   * @returns {Rows | null}
   */
  column(path) {
    const column = this.#columns.get(path);
    return column === undefined ? null : { data: column.all, width: column.width };
  }

  /**
   * The record of a step: the last one until then.
   *
   * @param {number} step
   * @returns {number}  −1 before the first
   */
  indexOf(step) {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#steps.store[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The quantities that are known of layers. */
  get quantities() {
    return this.paths.filter((path) => path.startsWith("layers.")).map((path) => path.slice(7));
  }
}

/**
 * @param {{[name in "x" | "y" | "z" | "path"]: import("../../wire.d.ts").TypedArray}} surface  one for each record
 * @param {Float64Array} steps
 * @returns {Surface[]}
 */
function surfacesOf(surface, steps) {
  const part = (/** @type {import("../../wire.d.ts").TypedArray} */ array, /** @type {number} */ i) => {
    const { data } = decodeArray(array);
    const size = data.length / steps.length;
    return data.subarray(i * size, (i + 1) * size);
  };
  const { x, y, z, path } = surface;
  return Array.from(steps, (step, i) => ({
    ...{ step, x: part(x, i), y: part(y, i), z: part(z, i), path: part(path, i) },
  })).filter(({ z: losses }) => !losses.every(Number.isNaN));
}

/**
 * Rows of NaN up to a number of records.
 *
 * @param {Column} column
 * @param {number} count
 */
function fill(column, count) {
  const missing = (count - column.length) * column.width;
  if (missing > 0) column.append(new Float32Array(missing).fill(NaN));
}

/**
 * Rows as they were, in a column of more numbers each: those of a group that came later.
 *
 * @param {Column} old
 * @param {number} width
 */
function widened(old, width) {
  const column = new Column(old.store, width);
  column.append(padded(old.all, old.width, width));
  return column;
}

/**
 * @param {TypedArray} rows
 * @param {number} width  of each
 * @param {number} wanted
 */
function padded(rows, width, wanted) {
  const made = new Float64Array((rows.length / width) * wanted).fill(NaN);
  for (let row = 0; row < rows.length / width; row += 1)
    made.set(rows.subarray(row * width, (row + 1) * width), row * wanted);
  return made;
}

/**
 * @param {string} path
 * @param {any} value  an array of the wire, arrays by name, or null
 * @returns {[string, import("../../jsonl.js").DecodedArray][]}
 */
function leaves(path, value) {
  if (value === null || value === undefined) return [];
  if ("bdata" in value) return [[path, decodeArray(value)]];
  return Object.entries(value).flatMap(([name, part]) => leaves(`${path}.${name}`, part));
}
