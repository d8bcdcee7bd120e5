/**
 * JSON that reads well in a link: `[Adam(lr:0.01,betas:[0.9,0.999]),SGD(lr:0.1)]`.
 *
 *     value = number | true | false | null | text | [value,…] | (key:value,…) | name(key:value,…,.field:value,…)
 *
 * The last form is an object `{name, hyperparameters: {key: value}, field: value}`, a torch class and its arguments. A
 * text or key that is not a plain word is written as in JSON, between double quotes.
 */

/**
 * @typedef {import("./types.js").Json} Json
 */

const WORD = /^[A-Za-z_][\w.-]*/;
const NUMBER = /^-?\d+(\.\d+)?([eE]-?\d+)?/;
const QUOTED = /^"([^"\\]|\\.)*"/;
/** @type {Record<string, Json>} */
const LITERALS = { true: true, false: false, null: null };
const MAX_DEPTH = 32;

/**
 * @param {Json} value
 * @returns {string}
 */
export function write(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "string") return writeText(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  const { name, hyperparameters, ...fields } = value;
  if (isWord(name) && isObject(hyperparameters)) {
    return `${name}(${[...pairs(hyperparameters), ...pairs(fields, ".")].join(",")})`;
  }
  return `(${pairs(value).join(",")})`;
}

/** @param {number} value */
function writeNumber(value) {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written`);
  return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
}

/** @param {string} text */
function writeText(text) {
  return isWord(text) ? text : JSON.stringify(text);
}

/**
 * @param {Record<string, Json>} object
 * @param {string} [prefix]
 */
function pairs(object, prefix = "") {
  return Object.entries(object).map(([key, value]) => `${prefix}${writeText(key)}:${write(value)}`);
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isWord(value) {
  return typeof value === "string" && WORD.exec(value)?.[0] === value && !Object.hasOwn(LITERALS, value);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, Json>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {string} text
 * @returns {Json}
 * @throws {SyntaxError} if the text is not of this notation
 */
export function read(text) {
  const reader = new Reader(text);
  const value = reader.value(0);
  if (reader.rest !== "") throw new SyntaxError(`unexpected ${reader.rest.slice(0, 20)}`);
  return value;
}

class Reader {
  /** @param {string} text */
  constructor(text) {
    this.rest = text;
  }

  /**
   * @param {number} depth
   * @returns {Json}
   */
  value(depth) {
    if (depth > MAX_DEPTH) throw new SyntaxError("nested too deeply");
    if (this.#skip("[")) return this.#list(depth);
    if (this.#skip("(")) return this.#object(depth).own;
    const number = this.#match(NUMBER);
    if (number !== null) return Number(number);
    const quoted = this.#match(QUOTED);
    if (quoted !== null) return JSON.parse(quoted);
    const word = this.#match(WORD);
    if (word === null) throw new SyntaxError(`unexpected ${this.rest.slice(0, 20) || "end"}`);
    if (Object.hasOwn(LITERALS, word)) return LITERALS[word];
    if (!this.#skip("(")) return word;
    const { own, fields } = this.#object(depth);
    return { ...fields, name: word, hyperparameters: own };
  }

  /** @param {number} depth */
  #list(depth) {
    /** @type {Json[]} */
    const list = [];
    if (this.#skip("]")) return list;
    do list.push(this.value(depth + 1));
    while (this.#skip(","));
    this.#expect("]");
    return list;
  }

  /** @param {number} depth */
  #object(depth) {
    /** @type {Record<string, Json>} */
    const own = {};
    /** @type {Record<string, Json>} */
    const fields = {};
    if (this.#skip(")")) return { own, fields };
    do {
      const target = this.#skip(".") ? fields : own;
      const key = this.#key();
      this.#expect(":");
      define(target, key, this.value(depth + 1));
    } while (this.#skip(","));
    this.#expect(")");
    return { own, fields };
  }

  #key() {
    const quoted = this.#match(QUOTED);
    const key = quoted === null ? this.#match(WORD) : JSON.parse(quoted);
    if (key === null) throw new SyntaxError(`a name was expected before ${this.rest.slice(0, 20)}`);
    return key;
  }

  /** @param {string} token */
  #skip(token) {
    if (!this.rest.startsWith(token)) return false;
    this.rest = this.rest.slice(token.length);
    return true;
  }

  /** @param {string} token */
  #expect(token) {
    if (!this.#skip(token))
      throw new SyntaxError(`${token} was expected before ${this.rest.slice(0, 20) || "the end"}`);
  }

  /** @param {RegExp} pattern  anchored at the start */
  #match(pattern) {
    const found = pattern.exec(this.rest)?.[0] ?? null;
    if (found !== null) this.rest = this.rest.slice(found.length);
    return found;
  }
}

/**
 * Set a key that came from a link, also one such as `__proto__`.
 *
 * @param {Record<string, Json>} object
 * @param {string} key
 * @param {Json} value
 */
function define(object, key, value) {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
