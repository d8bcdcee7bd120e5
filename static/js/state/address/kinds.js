/**
 * How values of each type are written in an address and read from one.
 */

import { read, write } from "../notation.js";

/**
 * @template T
 * @typedef {object} Kind  how values of one type are written and read
 * @property {(value: T) => string} encode
 * @property {(text: string) => T} decode  throws if the text is no such value
 */

/**
 * @template T
 * @typedef {object} KindAfter  the same, where what a text means depends on what the address has said before it
 * @property {(value: T) => string} encode
 * @property {(text: string, before: import("../types.js").State) => T} decode
 */

/** Far more than the server reads of an expression. */
const LONGEST_TEXT = 1000;

/** @type {Kind<number>} */
export const natural = {
  encode: String,
  decode(text) {
    if (!/^\d{1,15}$/.test(text)) throw new RangeError(`${text} is not a whole number`);
    return Number(text);
  },
};

/**
 * @param {number} most
 * @returns {Kind<number>}  from 1 on
 */
export function counted(most) {
  return {
    encode: String,
    decode(text) {
      const count = natural.decode(text);
      if (count < 1 || count > most) throw new RangeError(`${text} is not from 1 to ${most}`);
      return count;
    },
  };
}

/** @type {Kind<number>} */
export const number = {
  encode: write,
  decode(text) {
    const value = read(text);
    if (typeof value !== "number") throw new RangeError(`${text} is not a number`);
    return value;
  },
};

/** @type {Kind<number>} */
export const positive = {
  encode: write,
  decode(text) {
    const value = number.decode(text);
    if (!(value > 0)) throw new RangeError(`${text} is not above 0`);
    return value;
  },
};

/**
 * @template {string} T
 * @param {readonly T[]} choices
 * @returns {Kind<T>}
 */
export function oneOf(choices) {
  return {
    encode: (value) => value,
    decode(text) {
      const found = choices.find((choice) => choice === text);
      if (found === undefined) throw new RangeError(`${text} is none of ${choices.join(", ")}`);
      return found;
    },
  };
}

/** @type {Kind<boolean>} */
export const onOff = {
  encode: (is) => (is ? "on" : "off"),
  decode: (text) => oneOf(["on", "off"]).decode(text) === "on",
};

/**
 * One of some choices; what has not been chosen is the first of them.
 *
 * @param {readonly string[]} choices
 * @returns {Kind<string | null | undefined>}
 */
export function chosenFrom(choices) {
  return { encode: (value) => value ?? choices[0], decode: oneOf(choices).decode };
}

/**
 * @template T
 * @param {Kind<T>} kind
 * @param {number} least
 * @param {number} most
 * @returns {Kind<T[]>}
 */
export function listOf(kind, least, most) {
  return {
    encode: (values) => values.map(kind.encode).join(","),
    decode(text) {
      const parts = text === "" ? [] : text.split(",");
      if (parts.length < least || parts.length > most)
        throw new RangeError(`${text} has ${parts.length} parts`);
      return parts.map(kind.decode);
    },
  };
}

/**
 * Null is never written: it is the default of every field that has it, or is written as "-".
 *
 * @template T
 * @param {Kind<T>} kind
 * @returns {Kind<T | null>}
 */
export function orNull(kind) {
  return {
    encode: (value) => (value === null ? "-" : kind.encode(value)),
    decode: (text) => (text === "-" ? null : kind.decode(text)),
  };
}

/** @type {Kind<string>} a name of torch's: of a parameter, or of a part of an optimizer's state */
export const torchName = {
  encode: (name) => name,
  decode(text) {
    if (!/^[\w.]{1,64}$/.test(text)) throw new RangeError(`${text} is no name`);
    return text;
  },
};

/** @type {Kind<string>} of a language, which the page may know or not */
export const languageCode = {
  encode: (code) => code,
  decode(text) {
    if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text)) throw new RangeError(`${text} is no language`);
    return text;
  },
};

/** @type {Kind<string>} of a lesson, which the server may tell or not */
export const lessonName = {
  encode: (name) => name,
  decode(text) {
    if (!/^[a-z0-9_-]{1,64}$/.test(text)) throw new RangeError(`${text} is no lesson`);
    return text;
  },
};

/** @type {Kind<string>} of a run that the server may keep or not */
export const runId = {
  encode: (id) => id,
  decode(text) {
    if (!/^[0-9a-f]{1,64}$/.test(text)) throw new RangeError(`${text} is no id of a run`);
    return text;
  },
};

/** @type {Kind<string>} */
export const text = {
  encode: (value) => value,
  decode(value) {
    if (value === "" || value.length > LONGEST_TEXT) throw new RangeError("a text of no such length");
    return value;
  },
};

/** @type {Kind<import("../types.js").Window>} */
export const windowKind = {
  encode: (window) => window.flat().map(number.encode).join(","),
  decode(text) {
    const [left, right, bottom, top] = listOf(number, 4, 4).decode(text);
    if (!(left < right && bottom < top)) throw new RangeError(`${text} is no window`);
    return [
      [left, right],
      [bottom, top],
    ];
  },
};

/** @type {Kind<Record<string, import("../types.js").Json>>} tensors by the names of parameters */
export const weightsKind = {
  encode: write,
  decode(text) {
    const value = read(text);
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new RangeError("no tensors by name");
    const tensors = Object.entries(value);
    if (tensors.length === 0 || !tensors.every(([name, tensor]) => isName(name) && isTensor(tensor)))
      throw new RangeError("no tensors by name");
    return value;
  },
};

/** @param {string} name */
function isName(name) {
  return /^[\w.]{1,64}$/.test(name);
}

/**
 * @param {import("../types.js").Json} value
 * @returns {boolean}
 */
function isTensor(value) {
  const isPart = (/** @type {import("../types.js").Json} */ part) =>
    typeof part === "number" || isTensor(part);
  return Array.isArray(value) && value.length > 0 && value.every(isPart);
}
