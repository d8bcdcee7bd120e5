/** Columns of numbers that grow while a run is recorded. */

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

/** A column in which whole stretches of records have no value, as the gradient of a frozen parameter has none. */
export class SparseColumn {
  /** @type {Column | null} */
  #rows = null;
  /** for each record, its row or −1 */
  #row = new Column(new Int32Array(0), 1);

  /**
   * @param {number} first  the record that the first row belongs to
   * @param {number} count
   * @param {DecodedArray | null} values  of shape [count, …], or null where there is none
   */
  append(first, count, values) {
    this.#row.append(new Int32Array(first - this.#row.length).fill(-1));
    if (values === null) {
      this.#row.append(new Int32Array(count).fill(-1));
      return;
    }
    const { data } = values;
    this.#rows ??= new Column(data, data.length / count);
    const from = this.#rows.length;
    if (data.length !== count * this.#rows.width)
      throw new RangeError("the shape of a column changed within a run");
    this.#row.append(Int32Array.from({ length: count }, (_, i) => from + i));
    this.#rows.append(data);
  }

  /** @param {number} record */
  at(record) {
    const row = record >= 0 && record < this.#row.length ? this.#row.store[record] : -1;
    return row < 0 || this.#rows === null ? null : this.#rows.at(row);
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
