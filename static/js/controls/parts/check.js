/**
 * What a person typed, read as a value of an argument, or what is wrong with it.
 *
 * Only what can be known here is checked; the server has the last word.
 */

import { LENGTHS } from "../../state/factors.js";
import { withinBounds } from "../../state/edits.js";

/**
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../../state/types.js").Json} Json
 * @typedef {import("../../languages/translator.js").Params} Params
 *
 * @typedef {{value: Json} | {problem: {key: string, params?: Params}}} Reading  problem: a message of the catalogue
 * @typedef {Pick<Hyperparameter, "minimum" | "maximum" | "exclusive_minimum" | "exclusive_maximum">} Bounds
 */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @param {string} text
 * @param {Bounds} bounds
 * @param {boolean} whole
 * @returns {Reading}
 */
export function readNumber(text, bounds, whole) {
  const trimmed = text.trim().replace("−", "-");
  const value = Number(trimmed);
  if (!NUMBER.test(trimmed) || !Number.isFinite(value)) return { problem: { key: "controls.field.number" } };
  if (whole && !Number.isSafeInteger(value)) return { problem: { key: "controls.field.whole" } };
  const problem = boundProblem(value, bounds);
  return problem === null ? { value } : { problem };
}

/**
 * @param {string} text  "100, 200"
 * @param {Bounds} bounds  of each number
 * @returns {Reading}
 */
export function readIntList(text, bounds) {
  const parts = text.split(/[,，\s]+/).filter((part) => part !== "");
  if (parts.length === 0) return { problem: { key: "controls.field.numbers" } };
  const readings = parts.map((part) => readNumber(part, bounds, true));
  const wrong = readings.find((reading) => "problem" in reading);
  if (wrong !== undefined && "problem" in wrong) {
    return wrong.problem.params === undefined ? { problem: { key: "controls.field.numbers" } } : wrong;
  }
  return { value: readings.map((reading) => ("value" in reading ? reading.value : null)) };
}

/**
 * @param {string} text
 * @returns {Reading}
 */
export function readText(text) {
  return text.trim() === "" ? { problem: { key: "controls.field.text" } } : { value: text.trim() };
}

/**
 * Whether any number does for a group: torch looks at the values that all groups share alone.
 *
 * @param {Hyperparameter} declared
 */
function isFree({ usual }) {
  return usual !== undefined && usual !== null;
}

/**
 * What is to be said of a value that is allowed, but not usual.
 *
 * @param {Hyperparameter} declared
 * @param {Json} value  a number, or several
 * @returns {{key: string, params: Params} | null}  a message of the catalogue
 */
export function unusual({ usual }, value) {
  if (usual === undefined || usual === null) return null;
  const [low, high] = usual;
  const numbers = [value].flat().filter((one) => typeof one === "number");
  if (numbers.every((number) => number >= low && number <= high)) return null;
  return { key: "controls.field.unusual", params: { low: writeNumber(low), high: writeNumber(high) } };
}

/**
 * A value of a param group's own: nothing stands for the value that all groups share.
 *
 * @param {string} text
 * @param {Hyperparameter} declared
 * @returns {Reading}
 */
export function readCell(text, declared) {
  if (text.trim() === "") return { value: null };
  const bounds = isFree(declared) ? {} : declared;
  const length = LENGTHS[declared.kind];
  if (length === undefined) return readNumber(text, bounds, declared.kind === "int");
  const parts = text
    .replace(/[()[\]]/g, "")
    .split(/[,，]/)
    .map((part) => readNumber(part, bounds, false));
  const wrong = parts.find((part) => "problem" in part);
  if (wrong !== undefined) return wrong;
  if (parts.length !== length) return { problem: { key: `controls.field.${declared.kind}` } };
  return { value: parts.map((part) => ("value" in part ? part.value : null)) };
}

/**
 * @param {Json} value
 * @returns {string}  as `readCell` reads it; nothing for null
 */
export function writeCell(value) {
  if (Array.isArray(value)) return value.map(writeCell).join(", ");
  return typeof value === "number" ? writeNumber(value) : String(value ?? "");
}

/**
 * @param {Json} value
 * @returns {string}  as a person would type it
 */
export function writeNumber(value) {
  if (typeof value !== "number" || Number.isNaN(value)) return "";
  const isSmall = value !== 0 && Math.abs(value) < 1e-4;
  return isSmall ? value.toExponential() : String(value);
}

/**
 * @param {number} value
 * @param {Bounds} bounds
 */
function boundProblem(value, bounds) {
  const { minimum, maximum, exclusive_minimum: above, exclusive_maximum: below } = bounds;
  if (withinBounds(/** @type {Hyperparameter} */ (bounds), value)) return null;
  if (typeof minimum === "number" && value <= minimum) {
    return {
      key: above === true ? "controls.field.above" : "controls.field.min",
      params: { bound: String(minimum) },
    };
  }
  return {
    key: below === true ? "controls.field.below" : "controls.field.max",
    params: { bound: String(maximum) },
  };
}
