/**
 * Which choice of a question is right: the real run says it, not the lesson.
 */

import { valueOf } from "./quantity.js";

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("../wire.d.ts").Check} Check
 * @typedef {import("./quantity.js").Value} Value
 * @typedef {"least" | "greatest"} Rank
 */

/** @type {Record<string, (value: Value) => boolean>} */
const PLAIN = {
  none: (value) => value === null,
  zero: (value) => value !== null && numbersIn(value).every((x) => x === 0),
  "not zero": (value) => value !== null && numbersIn(value).some((x) => x !== 0),
};

/** @type {Record<string, (value: number, bound: any) => boolean>} */
const BOUNDED = {
  below: (value, bound) => value < bound,
  above: (value, bound) => value > bound,
};

/**
 * @param {Check} check
 * @param {number} count  of the choices
 * @param {History[]} histories  of the runs, in their order
 * @returns {number | null}  the index of the right choice; null if there is not exactly one, or not every run
 */
export function rightChoice(check, count, histories) {
  const choices = Array.from({ length: count }, (_, i) => i);
  const runs = choices.map((i) => at(check.run ?? 0, i));
  if (runs.some((run) => histories[run] === undefined)) return null;
  const values = choices.map((i) =>
    valueOf(histories[runs[i]], at(check.quantity, i), at(check.step ?? "end", i)),
  );
  const right = choices.filter((i) => holds(at(check.is, i), values[i], values));
  return right.length === 1 ? right[0] : null;
}

/**
 * @template T
 * @param {T | T[]} value  one for all choices, or one for each
 * @param {number} i
 * @returns {T}
 */
function at(value, i) {
  return Array.isArray(value) ? value[i] : value;
}

/**
 * @param {Check["is"] & (string | object)} condition
 * @param {Value} value
 * @param {Value[]} all
 */
function holds(condition, value, all) {
  if (condition === "least") return ranked(value) === Math.min(...all.map(ranked));
  if (condition === "greatest") return ranked(value) === Math.max(...all.map(ranked));
  if (typeof condition === "string") return PLAIN[condition](value);
  const [[kind, bound]] = Object.entries(condition);
  if (kind === "equals") return value === bound;
  return typeof value === "number" && BOUNDED[kind](value, bound);
}

/**
 * A loss that is not a number is worse than any.
 *
 * @param {Value} value
 */
function ranked(value) {
  const number = Number(value);
  return value === null || Number.isNaN(number) ? Infinity : number;
}

/**
 * @param {NonNullable<Value>} value
 * @returns {number[]}
 */
function numbersIn(value) {
  return typeof value === "object" ? [...value] : [Number(value)];
}
