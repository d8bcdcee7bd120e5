/** The lines of an update as plain data: formulas with the numbers of one element, and how exact each is. */

import { exactNumber } from "../drawing/numbers.js";

/**
 * @typedef {import("../../wire.d.ts").ParameterUpdate} Update
 * @typedef {import("../../wire.d.ts").UpdateLine} UpdateLine
 * @typedef {unknown} Value  a number, or one spelled, or a tensor of them as nested lists
 *
 * @typedef {object} Shown  one line
 * @property {string} key
 * @property {string} symbols  MathML
 * @property {string} numbers  MathML
 * @property {string} value
 * @property {string} code
 * @property {UpdateLine["what"]} what
 * @property {Mark} mark
 *
 * @typedef {{kind: "ours"} | {kind: "exact"} | {kind: "off", count: number, ours: string}} Mark
 */

/** Digits of a number within a formula. */
const DIGITS = 5;

/** A matrix with more elements than this is told by its size. */
const MOST_ELEMENTS = 16;

const PLACE = /<mtext>(@@?)([^@]+)\1<\/mtext>/g;

/**
 * @param {Update} update
 * @param {UpdateLine} line
 * @param {number} element  of the parameter, counted flat
 * @param {boolean} single  whether its numbers are float32
 * @returns {Shown}
 */
export function shownLine(update, line, element, single) {
  const place = placeOf(element, shapeOf(update.result));
  const { values } = update;
  const value = elementOf(values[line.key].value, place);
  return {
    key: line.key,
    symbols: line.symbols,
    numbers: line.numbers.replace(PLACE, (_, at, key) => {
      const one = at === "@" ? elementOf(values[key].value, place) : null;
      return one === null ? wholeOf(values[key].value) : numberOf(one);
    }),
    value: value === null ? "" : exactNumber(value, single && Array.isArray(values[line.key].value)),
    code: line.code,
    what: line.what,
    mark: markOf(line, place, single),
  };
}

/**
 * @param {UpdateLine} line
 * @param {number[]} place
 * @param {boolean} single
 * @returns {Mark}
 */
function markOf(line, place, single) {
  if (line.torch === null) return { kind: "ours" };
  const count = line.ulps_of === null ? 0 : elementOf(line.ulps_of, place);
  if (count === 0 || line.ulps === 0) return { kind: "exact" };
  const ours = elementOf(line.ours, place);
  return {
    kind: "off",
    count: count ?? line.ulps ?? 0,
    ours: ours === null ? "" : exactNumber(ours, single),
  };
}

/**
 * @param {Value} value
 * @returns {number[]}
 */
export function shapeOf(value) {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

/**
 * Where an element stands in a shape.
 *
 * @param {number} element  counted flat
 * @param {number[]} shape
 */
export function placeOf(element, shape) {
  /** @type {number[]} */
  const place = [];
  let rest = element;
  for (const length of [...shape].reverse()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}

/**
 * The number of a value that concerns an element: of rows or columns alone, its row's or its column's.
 *
 * @param {Value} value
 * @param {number[]} place
 * @returns {number | null}  null where none does
 */
export function elementOf(value, place) {
  const shape = shapeOf(value);
  if (shape.length === 0) return Number(value);
  if (shape.length !== place.length) return null;
  /** @type {any} */
  let part = value;
  for (const [axis, length] of shape.entries()) {
    const index = length === 1 ? 0 : place[axis];
    if (index >= length) return null;
    part = part[index];
  }
  return Number(part);
}

/**
 * A number within a formula: a negative one in brackets.
 *
 * @param {number} value
 */
function numberOf(value) {
  const digits = `<mn>${exactNumber(Number(value.toPrecision(DIGITS)), false)}</mn>`;
  return value < 0 ? `<mrow><mo>(</mo>${digits}<mo>)</mo></mrow>` : digits;
}

/**
 * A whole tensor within a formula.
 *
 * @param {Value} value
 */
function wholeOf(value) {
  const [rows, columns = 1, ...more] = shapeOf(value);
  if (rows === undefined) return numberOf(Number(value));
  if (more.length > 0 || rows * columns > MOST_ELEMENTS)
    return `<mtext>[${shapeOf(value).join(" × ")}]</mtext>`;
  const table = /** @type {unknown[]} */ (value).map((row) => (Array.isArray(row) ? row : [row]));
  const cells = table.map(
    (row) => `<mtr>${row.map((one) => `<mtd>${numberOf(Number(one))}</mtd>`).join("")}</mtr>`,
  );
  return `<mrow><mo>[</mo><mtable>${cells.join("")}</mtable><mo>]</mo></mrow>`;
}
