/**
 * All records of one run as growing columns: what the views read.
 *
 * Records are found by their step. Those of a fork begin at the step where it was forked.
 *
 * Nothing is kept per record but numbers in typed arrays, so the memory is that of the data (and at most twice that
 * while a column grows), and any value of any record is found in constant time.
 */

import { Column, SparseColumn } from "./columns.js";
import { decodeArray } from "./jsonl.js";
import { knownConfig } from "./state/watched.js";

/**
 * @typedef {import("./jsonl.js").TypedArray} TypedArray
 * @typedef {import("./jsonl.js").DecodedArray} DecodedArray
 * @typedef {import("./wire.d.ts").RunStarted} RunStarted
 * @typedef {import("./wire.d.ts").BlockOfSteps} BlockOfSteps
 * @typedef {import("./wire.d.ts").RunEnded} RunEnded
 * @typedef {import("./wire.d.ts").TypedArray} EncodedArray
 *
 * @typedef {object} Complete  what the server fills in
 * @property {import("./wire.d.ts").ProblemConfig & {name: string}} problem
 * @property {Required<import("./wire.d.ts").LoopConfig>} loop
 * @typedef {Required<Omit<NonNullable<RunStarted["config"]>, keyof Complete>> & Complete} CompleteConfig
 *
 * @typedef {import("./wire.d.ts").Parameter} Parameter  of no layer: the point of a test function
 * @typedef {Omit<RunEnded, "event" | "run" | "end_loss"> & Partial<Pick<RunEnded, "end_loss">>} Ended
 * @typedef {{name: string, parameters: string[]}} Layer
 */

export class History {
  #loss = new Column(new Float64Array(0), 1);
  #lr = new SparseColumn();
  #momentum = new SparseColumn();
  #gradNorm = new SparseColumn();
  /** @type {Map<string, Column>} */
  #params = new Map();
  /** @type {Map<string, SparseColumn>} */
  #grads = new Map();
  /** @type {Map<string, Map<string, SparseColumn>>} */
  #state = new Map();
  /** @type {Map<string, SparseColumn>} what only some runs have, by its names with dots between them */
  #optional = new Map();

  /**
   * @param {RunStarted} started
   * @param {number} [first]  the step of the first record
   */
  constructor(started, first = 0) {
    this.first = first;
    /** @type {Parameter[]} */
    this.parameters = started.parameters;
    /** @type {string[]} */
    this.names = this.parameters.map(({ name }) => name);
    /** @type {Record<string, number[]>} */
    this.shapes = Object.fromEntries(this.parameters.map(({ name, shape }) => [name, shape]));
    /** @type {Layer[]} */
    this.layers = groupByLayer(this.parameters);
    /** whether it is of a loop that is not ours */
    this.isWatched = (started.config ?? null) === null && (started.source ?? null) !== null;
    /** whether records are missing behind those that are here, which are all that can be told step by step */
    this.isClosed = false;
    /** the complete configuration, as the server ran it; of a watched run what is known in its place */
    this.config = /** @type {CompleteConfig} */ (this.isWatched ? knownConfig(started) : started.config);
    /** @type {{code: string, detail: string}[]} */
    this.warnings = started.warnings ?? [];
    /** @type {{x: DecodedArray, y: DecodedArray} | null} the samples; null for a test function */
    this.data = started.data ? { x: decodeArray(started.data.x), y: decodeArray(started.data.y) } : null;
    /** @type {Ended | null} */
    this.ended = null;
    /** parameter groups of the optimizer */
    this.groups = 1;
  }

  /** One more than the last step. */
  get length() {
    return this.first + this.#loss.length;
  }

  /** The last step; the one before the first while there is no record. */
  get last() {
    return this.length - 1;
  }

  /** Whether there is no record yet. */
  get isEmpty() {
    return this.#loss.length === 0;
  }

  /** The loss of every record from the first one on, as a view. */
  get loss() {
    return this.#loss.all;
  }

  /** @param {BlockOfSteps} block  its records must follow those that are here */
  append(block) {
    const { first, count } = block;
    this.isClosed ||= this.isWatched && (first !== this.length || (count > 1 && (block.every ?? 1) > 1));
    if (this.isClosed) return;
    if (first !== this.length) throw new RangeError(`records from ${first} cannot follow step ${this.last}`);
    this.ended = null; // of a run that was paused, or extended
    const lr = decodeArray(block.lr);
    this.groups = lr.data.length / count;
    this.#lr.append(first, count, lr);
    this.#momentum.append(first, count, decodeOrNull(block.momentum));
    this.#gradNorm.append(first, count, decodeOrNull(block.grad_norm));
    for (const name of this.names) {
      const values = decodeArray(block.params[name]);
      entry(this.#params, name, () => new Column(values.data, values.data.length / count)).append(
        values.data,
      );
      entry(this.#grads, name, () => new SparseColumn()).append(
        first,
        count,
        decodeOrNull(block.grads?.[name]),
      );
    }
    this.#appendState(first, count, block.state ?? {});
    for (const [path, values] of optionalColumns(block))
      entry(this.#optional, path, () => new SparseColumn()).append(first, count, values);
    this.#loss.append(decodeArray(block.loss).data);
  }

  /**
   * @param {number} first
   * @param {number} count
   * @param {Record<string, Record<string, EncodedArray>>} state
   */
  #appendState(first, count, state) {
    for (const [name, values] of Object.entries(state)) {
      const columns = entry(this.#state, name, () => new Map());
      for (const [key, value] of Object.entries(values)) {
        entry(columns, key, () => new SparseColumn()).append(first, count, decodeOrNull(value));
      }
    }
  }

  /** @param {RunEnded} event */
  end(event) {
    const { reason, step, detail, code, params, end_loss } = event;
    this.ended = { reason, step, detail, code, params, end_loss };
  }

  /**
   * The record to show at a step: a run that ended early stays at its last one.
   *
   * @param {number} step
   */
  clamp(step) {
    return Math.max(this.first, Math.min(step, this.last));
  }

  /**
   * The record of a step, or the last one there is; null before the first one.
   *
   * @param {number} step
   * @returns {number | null}
   */
  recordAt(step) {
    return this.isEmpty || step < this.first ? null : Math.min(step, this.last);
  }

  /**
   * The loss of step k, before it; of the first record, the one here.
   *
   * @param {number} k
   * @returns {number}  NaN where there is no record
   */
  lossAt(k) {
    return k >= this.first && k < this.length ? this.#loss.store[k - this.first] : NaN;
  }

  /** Whether the loss of a step is that of its minibatch, or of what else its pass drew, such as noise. */
  get hasBatches() {
    if (this.isWatched) return true; // as far as anybody knows
    const { batch_size: size, problem } = this.config;
    if (this.data === null && typeof problem?.seed === "number") return true;
    return this.data !== null && typeof size === "number" && size < this.data.x.shape[0];
  }

  /**
   * The loss here: of all training samples, at the parameters of record k.
   *
   * @param {number} k
   * @returns {number | null}  null where no record tells: within a run of minibatches, and where the next is to come
   */
  lossHere(k) {
    if (this.isWatched || k < this.first || k >= this.length) return null;
    if (k === this.first) return this.lossAt(k);
    const end = this.ended?.end_loss ?? null;
    if (k === this.last) return end === null ? null : Number(end);
    return this.hasBatches ? null : this.lossAt(k + 1);
  }

  /**
   * @param {number} k
   * @param {number} [group]
   */
  lr(k, group = 0) {
    return this.#lr.at(k)?.[group] ?? NaN;
  }

  /**
   * @param {number} k
   * @param {number} [group]
   * @returns {number | null} null for a group without momentum
   */
  momentum(k, group = 0) {
    const value = this.#momentum.at(k)?.[group] ?? NaN;
    return Number.isNaN(value) ? null : value;
  }

  /**
   * The norm of the whole gradient before clipping.
   *
   * @param {number} k
   * @returns {number | null} null at the first record
   */
  gradNorm(k) {
    return this.#gradNorm.at(k)?.[0] ?? null;
  }

  /**
   * The same after clipping.
   *
   * @param {number} k
   * @returns {number | null} null at the first record, and where nothing clips
   */
  clippedGradNorm(k) {
    return this.optional("clipped_grad_norm", k)?.[0] ?? null;
  }

  /**
   * @param {string} path  of a column that only some runs have: its name on the wire, and those below it after dots
   * @param {number} k
   * @returns {TypedArray | null} null where this record has none
   */
  optional(path, k) {
    return this.#optional.get(path)?.at(k) ?? null;
  }

  /** Whether an average of the parameters is recorded beside them. */
  get hasAverage() {
    return this.#optional.has("average_loss");
  }

  /**
   * @param {string} name
   * @param {number} k
   * @returns {TypedArray | null} null where nothing is averaged
   */
  average(name, k) {
    return this.optional(`average.${name}`, k);
  }

  /**
   * The loss of all samples at the average.
   *
   * @param {number} k
   * @returns {number | null} null where nothing is averaged
   */
  averageLoss(k) {
    return this.optional("average_loss", k)?.[0] ?? null;
  }

  /** The columns that only some runs have, as `optional` takes them. */
  get optionalPaths() {
    return [...this.#optional.keys()];
  }

  /**
   * @param {string} name
   * @param {number} k
   * @returns {TypedArray} the values, row-major, of shape `shapes[name]`; a view
   */
  param(name, k) {
    const column = this.#params.get(name);
    if (column === undefined)
      throw new RangeError(`no parameter ${name}; there are ${this.names.join(", ")}`);
    return column.at(k - this.first);
  }

  /**
   * @param {string} name
   * @returns {TypedArray} the values of all records, of shape `[length - first, …shapes[name]]`; a view
   */
  paramColumn(name) {
    return this.#params.get(name)?.all ?? new Float32Array(0);
  }

  /**
   * @param {string} name
   * @param {number} k
   * @returns {TypedArray | null} null where PyTorch's `.grad` is None
   */
  grad(name, k) {
    return this.#grads.get(name)?.at(k) ?? null;
  }

  /**
   * @param {string} name
   * @param {string} key  torch's own, such as `exp_avg`
   * @param {number} k
   * @returns {TypedArray | null}
   */
  state(name, key, k) {
    return this.#state.get(name)?.get(key)?.at(k) ?? null;
  }

  /**
   * @param {string} name
   * @param {string} key
   * @param {number} k
   * @returns {number[] | null}  several tensors under one key are one array [length, …]
   */
  stateShape(name, key, k) {
    return this.#state.get(name)?.get(key)?.shapeAt(k) ?? null;
  }

  /**
   * @param {string} name
   * @param {string} key
   * @returns {number[][]}  the shapes that a value of the state had, one after another
   */
  stateShapes(name, key) {
    return this.#state.get(name)?.get(key)?.shapes ?? [];
  }

  /**
   * @param {string} name
   * @returns {string[]}
   */
  stateKeys(name) {
    return [...(this.#state.get(name)?.keys() ?? [])];
  }
}

/**
 * @template K, V
 * @param {Map<K, V>} map
 * @param {K} key
 * @param {() => V} make
 * @returns {V}
 */
function entry(map, key, make) {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/**
 * @param {EncodedArray | null | undefined} value
 * @returns {DecodedArray | null}
 */
function decodeOrNull(value) {
  return value === null || value === undefined ? null : decodeArray(value);
}

/** What a block says besides its optional columns. */
const USUAL = new Set(
  "event run id first count every loss lr momentum grad_norm params grads state".split(" "),
);

/**
 * @param {BlockOfSteps} block
 * @returns {[string, DecodedArray][]}
 */
function optionalColumns(block) {
  /** @type {[string, any][]} */
  const named = Object.entries(block);
  return named.flatMap(([name, value]) => (USUAL.has(name) ? [] : leaves(name, value)));
}

/**
 * @param {string} path
 * @param {EncodedArray | {[name: string]: any} | null} value  an array, or arrays by name
 * @returns {[string, DecodedArray][]}
 */
function leaves(path, value) {
  if (value === null || value === undefined) return [];
  if ("bdata" in value) return [[path, decodeArray(/** @type {EncodedArray} */ (value))]];
  return Object.entries(value).flatMap(([name, part]) => leaves(`${path}.${name}`, part));
}

/**
 * @param {Parameter[]} parameters
 * @returns {Layer[]}
 */
function groupByLayer(parameters) {
  /** @type {Map<string, Layer>} */
  const layers = new Map();
  for (const { name, layer } of parameters) {
    if (layer === null) continue;
    entry(layers, layer, () => ({ name: layer, parameters: [] })).parameters.push(name);
  }
  return [...layers.values()];
}
