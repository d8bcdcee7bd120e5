/**
 * Growing columns of records: numbers in typed arrays, and any of them found in constant time.
 */

/**
 * @typedef {import("./jsonl.js").TypedArray} TypedArray
 * @typedef {import("./jsonl.js").DecodedArray} DecodedArray
 */

/** A growing array of rows of `width` numbers. */
export class Column {
  /**
   * @param {TypedArray} sample  an array of the kind to keep
   * @param {number} width
   */
  constructor(sample, width) {
    this.width = width;
    this.length = 0;
    this.store = allocate(sample, 16 * width);
  }

  /** @param {TypedArray} rows */
  append(rows) {
    const used = this.length * this.width;
    if (used + rows.length > this.store.length) {
      const grown = allocate(this.store, Math.max(used + rows.length, 2 * this.store.length));
      grown.set(this.store.subarray(0, used));
      this.store = grown;
    }
    this.store.set(rows, used);
    this.length = (used + rows.length) / this.width;
  }

  /** @param {number} row */
  at(row) {
    return this.store.subarray(row * this.width, (row + 1) * this.width);
  }

  /** All rows, as a view. */
  get all() {
    return this.store.subarray(0, this.length * this.width);
  }
}

/**
 * Records of one shape, one after another.
 *
 * @typedef {{first: number, from: number, shape: number[], width: number}} Stretch  first: record; from: row
 */

/**
 * A column in which whole stretches of records have no value, as the gradient of a frozen parameter has none, or values
 * of another shape, as a list that grows has.
 */
export class SparseColumn {
  /** @type {Column | null} numbers, whatever the shapes */
  #numbers = null;
  /** @type {Stretch[]} */
  #stretches = [];
  /** for each record, its stretch or −1 */
  #stretch = new Column(new Int32Array(0), 1);

  /**
   * @param {number} first  the record that the first row belongs to
   * @param {number} count
   * @param {DecodedArray | null} values  of shape [count, …], or null where there is none
   */
  append(first, count, values) {
    this.#stretch.append(new Int32Array(first - this.#stretch.length).fill(-1));
    const place = values === null ? -1 : this.#begin(first, values);
    this.#stretch.append(new Int32Array(count).fill(place));
  }

  /**
   * @param {number} first
   * @param {DecodedArray} values
   * @returns {number} the place of the stretch that they are of
   */
  #begin(first, { data, shape: [count, ...shape] }) {
    this.#numbers ??= new Column(data, 1);
    const from = this.#numbers.length;
    this.#numbers.append(data);
    const last = this.#stretches.at(-1);
    const goesOn = last !== undefined && this.#stretchAt(first - 1) === last;
    if (!goesOn || String(last.shape) !== String(shape))
      this.#stretches.push({ first, from, shape, width: data.length / count });
    return this.#stretches.length - 1;
  }

  /** @param {number} record */
  #stretchAt(record) {
    const place = record >= 0 && record < this.#stretch.length ? this.#stretch.store[record] : -1;
    return place < 0 ? null : this.#stretches[place];
  }

  /** @param {number} record */
  at(record) {
    const stretch = this.#stretchAt(record);
    if (stretch === null || this.#numbers === null) return null;
    const begin = stretch.from + (record - stretch.first) * stretch.width;
    return this.#numbers.store.subarray(begin, begin + stretch.width);
  }

  /** @param {number} record */
  shapeAt(record) {
    return this.#stretchAt(record)?.shape ?? null;
  }

  /** The shapes of the stretches, in order. */
  get shapes() {
    return this.#stretches.map(({ shape }) => shape);
  }
}

/**
 * @template {TypedArray} A
 * @param {A} like
 * @param {number} length
 * @returns {A}
 */
function allocate(like, length) {
  return new /** @type {new (length: number) => A} */ (like.constructor)(length);
}
