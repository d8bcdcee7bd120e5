/**
 * JSON Lines from a byte stream, and the arrays and numbers that travel in them.
 *
 * A chunk of the network may end anywhere: within a line, within a number, within one character of UTF-8. Only the
 * pieces of the line that is not complete yet are kept, and each byte is looked at once.
 */

/**
 * @typedef {Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array} TypedArray
 * @typedef {{dtype: string, shape?: string | number[], bdata: string}} EncodedArray  the form that Plotly reads too
 * @typedef {{data: TypedArray, shape: number[]}} DecodedArray  row-major
 */

/** A line of the stream that is not JSON. */
export class JsonLinesError extends Error {
  /**
   * @param {number} line  counted from 1
   * @param {string} text
   * @param {unknown} cause
   */
  constructor(line, text, cause) {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    super(`line ${line} of the stream is not JSON: ${shown}`, { cause });
    this.name = "JsonLinesError";
    this.line = line;
  }
}

/** Bytes in, complete lines out. */
export class LineDecoder {
  #decoder = new TextDecoder();
  /** @type {string[]} the pieces of the line that has not ended yet */
  #pieces = [];

  /**
   * @param {Uint8Array} bytes
   * @returns {string[]} the lines that these bytes complete
   */
  push(bytes) {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** @returns {string[]} the last line, if the stream did not end with a newline */
  end() {
    const lines = this.#take(this.#decoder.decode());
    const rest = this.#pieces.join("");
    this.#pieces = [];
    return rest === "" ? lines : [...lines, rest];
  }

  /** @param {string} text */
  #take(text) {
    /** @type {string[]} */
    const lines = [];
    let from = 0;
    for (let newline = text.indexOf("\n"); newline !== -1; newline = text.indexOf("\n", from)) {
      this.#pieces.push(text.slice(from, newline));
      lines.push(this.#pieces.join(""));
      this.#pieces = [];
      from = newline + 1;
    }
    if (from < text.length) this.#pieces.push(text.slice(from));
    return lines;
  }
}

/**
 * Read a stream of JSON Lines, as many values at a time as each chunk of the network completes.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<unknown[], void, void>}
 */
export async function* readJsonLines(stream) {
  const reader = stream.getReader();
  const decoder = new LineDecoder();
  let read = 0;
  /** @param {string[]} lines */
  const parse = (lines) => {
    /** @type {unknown[]} */
    const values = [];
    for (const line of lines) {
      read += 1;
      if (line.trim() !== "") values.push(parseLine(line, read));
    }
    return values;
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const values = parse(done ? decoder.end() : decoder.push(value));
      if (values.length > 0) yield values;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // an aborted stream refuses: it has ended already
  }
}

/**
 * @param {string} line
 * @param {number} number
 * @returns {unknown}
 */
function parseLine(line, number) {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new JsonLinesError(number, line, cause);
  }
}

/** @type {Record<string, number>} how JSON spells the numbers that it has no literal for */
const NON_FINITE = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };

/**
 * @param {unknown} value  a number of the wire: a JSON number, a non-finite one as a string, or null
 * @returns {number | null}
 */
export function decodeNumber(value) {
  if (typeof value === "number" || value === null) return value;
  if (typeof value === "string" && value in NON_FINITE) return NON_FINITE[value];
  throw new TypeError(`not a number of the wire: ${JSON.stringify(value)}`);
}

/** @type {Record<string, {from: (buffer: ArrayBuffer) => TypedArray}>} */
const DTYPES = {
  f4: { from: (buffer) => new Float32Array(buffer) },
  f8: { from: (buffer) => new Float64Array(buffer) },
  i1: { from: (buffer) => new Int8Array(buffer) },
  u1: { from: (buffer) => new Uint8Array(buffer) },
  i2: { from: (buffer) => new Int16Array(buffer) },
  u2: { from: (buffer) => new Uint16Array(buffer) },
  i4: { from: (buffer) => new Int32Array(buffer) },
  u4: { from: (buffer) => new Uint32Array(buffer) },
};

/**
 * Decode an array of the wire: base64 of little-endian numbers, or a nested list.
 *
 * @param {EncodedArray | unknown[]} value  a list may be nested
 * @returns {DecodedArray}
 */
export function decodeArray(value) {
  if (Array.isArray(value)) return decodeList(value);
  if (typeof value !== "object" || value === null) throw new TypeError("not an array of the wire");
  const dtype = DTYPES[value.dtype];
  if (dtype === undefined) throw new TypeError(`unknown dtype ${JSON.stringify(value.dtype)}`);
  const data = dtype.from(decodeBase64(value.bdata));
  const shape = decodeShape(value.shape, data.length);
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length)
    throw new RangeError(`shape ${shape.join(", ")} does not hold ${data.length} numbers`);
  return { data, shape };
}

/**
 * @param {string | number[] | undefined} shape  "64, 2, 2" as Plotly writes it
 * @param {number} length
 * @returns {number[]}
 */
function decodeShape(shape, length) {
  if (shape === undefined) return [length];
  if (typeof shape === "string") return shape.split(",").map(Number);
  return shape;
}

/**
 * @param {unknown[]} list
 * @returns {DecodedArray}
 */
function decodeList(list) {
  /** @type {number[]} */
  const shape = [];
  for (let level = /** @type {unknown} */ (list); Array.isArray(level); level = level[0])
    shape.push(level.length);
  const flat = /** @type {unknown[]} */ (list.flat(Infinity));
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== flat.length)
    throw new RangeError(`a ragged list: shape ${shape.join(", ")}, ${flat.length} numbers`);
  return { data: Float64Array.from(flat, (number) => decodeNumber(number) ?? NaN), shape };
}

/**
 * @param {string} text
 * @returns {ArrayBuffer}
 */
function decodeBase64(text) {
  const native = /** @type {{fromBase64?: (text: string) => Uint8Array<ArrayBuffer>}} */ (Uint8Array)
    .fromBase64;
  if (native !== undefined) return native(text).buffer;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}
