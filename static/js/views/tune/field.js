/**
 * A sweep as the cells of a picture: over its seeds the median, as the summary of a sweep ranks.
 */

import { median } from "../../state/sweep/median.js";
import { sourcesOf } from "./refining.js";

/**
 * @typedef {import("../../state/sweep/cells.js").Cells} Cells
 * @typedef {import("../../state/types.js").State["tune"]["show"]} Quantity
 *
 * @typedef {object} Layout  how the members of a run lie in a picture
 * @property {number} columns
 * @property {number} rows
 * @property {number} seeds  behind each cell
 *
 * @typedef {object} Field
 * @property {number} columns
 * @property {number} rows
 * @property {Float64Array} values  [rows, columns], the first row at the bottom; NaN unless the cell has a number
 * @property {Uint8Array} states  what each cell is, one of `STATES`
 * @property {Uint8Array} lost  whether half of its runs diverge, or end higher than they began
 */

/**
 * nothing: not computed yet; none: computed, and there is no such number; near: that of a coarse grid; refused: torch
 * takes no such run.
 */
export const STATES = Object.freeze({ nothing: 0, number: 1, diverged: 2, none: 3, near: 4, refused: 5 });

/** Where no run has come to anything. @type {ReadonlySet<number>} */
export const BLANK = new Set([STATES.nothing, STATES.refused]);

/** @type {Record<Quantity, string>} */
export const COLUMN = {
  end: "end_loss",
  best: "best_loss",
  test: "test_loss",
  target: "steps_to_target",
  diverged: "last_step",
};

/** Whether a quantity counts steps, else it is a loss. @param {Quantity} quantity */
export function isSteps(quantity) {
  return quantity === "target" || quantity === "diverged";
}

/**
 * How one run of a sweep over one or two axes lies in a picture.
 *
 * @param {Cells} cells
 * @param {boolean} isSeeded  whether the sweep has seeds
 * @returns {Layout}
 */
export function layoutOf({ started: { axes, shape } }, isSeeded) {
  const seeds = isSeeded ? shape[shape.length - 1] : 1;
  const [columns, rows] = axes.map(({ values }) => values.length);
  return rows === undefined ? { columns, rows: seeds, seeds: 1 } : { columns, rows, seeds };
}

/**
 * The member of a run behind a cell.
 *
 * @param {Layout} layout
 * @param {number} optimizer  its index in the sweep
 * @param {number} column
 * @param {number} row
 * @param {number} [seed]
 */
export function memberAt({ columns, rows, seeds }, optimizer, column, row, seed = 0) {
  return ((optimizer * columns + column) * rows + row) * seeds + seed;
}

/**
 * @param {Cells} cells
 * @param {Layout} layout
 * @param {number} optimizer
 * @param {Quantity} quantity
 * @returns {Field}
 */
export function fieldOf(cells, layout, optimizer, quantity) {
  const { columns, rows } = layout;
  const values = new Float64Array(columns * rows).fill(NaN);
  const states = new Uint8Array(columns * rows);
  const lost = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const first = memberAt(layout, optimizer, column, row);
      const { state, value, isLost } = judged(cells, first, layout.seeds, quantity);
      values[row * columns + column] = value;
      states[row * columns + column] = state;
      lost[row * columns + column] = Number(isLost);
    }
  }
  return { columns, rows, values, states, lost };
}

/**
 * What a cell says of its seeds, as far as they are there.
 *
 * @param {Cells} cells
 * @param {number} first  member
 * @param {number} count
 * @param {Quantity} quantity
 */
function judged(cells, first, count, quantity) {
  const numbers = [];
  let [diverged, worse] = [0, 0];
  for (let member = first; member < first + count; member += 1) {
    if (!cells.isKnown(member)) continue;
    if (cells.refused(member)) return { state: STATES.refused, value: NaN, isLost: false };
    if (cells.diverged(member)) diverged += 1;
    else if (cells.at("end_loss", member) > cells.at("initial_loss", member)) worse += 1;
    numbers.push(numberOf(cells, member, quantity));
  }
  if (numbers.length === 0) return { state: STATES.nothing, value: NaN, isLost: false };
  const value = median(numbers);
  const isLost = 2 * (diverged + worse) >= numbers.length;
  if (Number.isFinite(value)) return { state: STATES.number, value, isLost };
  const isLoss = !isSteps(quantity); // which is infinite where it left the range of its type
  const isDiverged = isLoss || (quantity === "target" && 2 * diverged >= numbers.length);
  return { state: isDiverged ? STATES.diverged : STATES.none, value: NaN, isLost };
}

/**
 * @param {Cells} cells
 * @param {number} member
 * @param {Quantity} quantity
 * @returns {number}  infinite where there is no such number
 */
export function numberOf(cells, member, quantity) {
  if (quantity !== "target" && cells.diverged(member) !== (quantity === "diverged")) return Infinity;
  const value = cells.at(COLUMN[quantity], member);
  return Number.isNaN(value) ? Infinity : value;
}

/**
 * A field with the cells of its coarse grid where it has none yet.
 *
 * @param {Field} field
 * @returns {Field}
 */
export function refined(field) {
  const { columns, rows } = field;
  const sources = sourcesOf(field, field.states);
  const values = field.values.slice();
  const states = field.states.slice();
  const lost = field.lost.slice();
  sources.forEach((source, at) => {
    if (source === at || source < 0) return;
    values[at] = field.values[source];
    lost[at] = field.lost[source];
    states[at] = field.states[source] === STATES.number ? STATES.near : field.states[source];
  });
  return { columns, rows, values, states, lost };
}

/**
 * The cell with the least number; null where none has one.
 *
 * @param {Field} field
 * @returns {{column: number, row: number, value: number} | null}
 */
export function bestOf({ columns, values, states }) {
  let best = -1;
  values.forEach((value, at) => {
    if (states[at] === STATES.number && (best < 0 || value < values[best])) best = at;
  });
  return best < 0 ? null : { column: best % columns, row: Math.floor(best / columns), value: values[best] };
}

/**
 * The lines between cells whose runs get on and those whose runs do not, in cells.
 *
 * @param {Field} field
 * @returns {[number, number][][]}
 */
export function borderOf({ columns, rows, states, lost }) {
  /** @type {[number, number][][]} */
  const lines = [];
  const isOver = (/** @type {number} */ column, /** @type {number} */ row) =>
    lost[row * columns + column] === 1;
  const isThere = (/** @type {number} */ column, /** @type {number} */ row) =>
    !BLANK.has(states[row * columns + column]);
  const parts = (
    /** @type {number} */ c,
    /** @type {number} */ r,
    /** @type {number} */ d,
    /** @type {number} */ s,
  ) => isThere(c, r) && isThere(d, s) && isOver(c, r) !== isOver(d, s);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      if (column + 1 < columns && parts(column, row, column + 1, row))
        lines.push([[column + 1, row], [column + 1, row + 1]]); // prettier-ignore
      if (row + 1 < rows && parts(column, row, column, row + 1))
        lines.push([[column, row + 1], [column + 1, row + 1]]); // prettier-ignore
    }
  return lines;
}
