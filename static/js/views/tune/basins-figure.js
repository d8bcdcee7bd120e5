/**
 * The picture of basins: each start in the colour of the minimum that the run reaches, the stronger the sooner.
 */

import { nearest } from "../../state/sweep/basins.js";
import { formatNumber } from "../drawing/numbers.js";
import { pixel, rampOf } from "../drawing/palette.js";
import { membersShown } from "./refining.js";

/**
 * @typedef {import("../../state/sweep/cells.js").Cells} Cells
 * @typedef {import("../../state/sweep/basins.js").Point} Point
 * @typedef {import("../../languages/translator.js").Translator["t"]} Translate
 * @typedef {import("./grid.js").Cell} Cell
 *
 * @typedef {object} Basins
 * @property {number} columns
 * @property {number} rows
 * @property {Int8Array} reached  [rows, columns] the index of the minimum, or one of `NOT`
 * @property {Float64Array} speed  [rows, columns] from 0, at once, to 1, at the last step or not yet
 *
 * @typedef {object} BasinColors  "#rrggbb"
 * @property {string[]} minima  in their order; a further one begins again
 * @property {string} elsewhere
 * @property {string} diverged
 * @property {string} panel  what the slow ones come close to
 *
 * @typedef {{minima: Uint32Array[], elsewhere: number, diverged: number}} BasinPalette  the same as pixels, minima by speed
 */

/** What a start is that leads to no minimum. */
export const NOT = Object.freeze({ elsewhere: -1, diverged: -2, yet: -3 });

const SHADES = 32;
/** How much of its colour the slowest loses. */
const PALEST = 0.78;

/**
 * @param {BasinColors} colors
 * @returns {BasinPalette}
 */
export function basinPalette({ minima, elsewhere, diverged, panel }) {
  return {
    minima: minima.map((color) => rampOf(color, panel, PALEST, SHADES)),
    elsewhere: pixel(elsewhere),
    diverged: pixel(diverged),
  };
}

/**
 * @param {Cells} cells
 * @param {readonly Point[]} places  the minima
 * @param {{radius: number, steps: number}} near
 * @returns {Basins}
 */
export function basinsOf(cells, places, { radius, steps }) {
  const [columns, rows] = cells.started.axes.map(({ values }) => values.length);
  const sources = membersShown(cells);
  const fate = fateIn(cells, places, radius);
  const taken = cells.column("steps_to_target");
  const whole = Math.log1p(steps);
  const reached = new Int8Array(columns * rows).fill(NOT.yet);
  const speed = new Float64Array(columns * rows).fill(1);
  for (let column = 0, member = 0; column < columns; column += 1)
    for (let row = 0; row < rows; row += 1, member += 1) {
      const source = sources[member];
      if (source < 0) continue;
      const at = row * columns + column;
      reached[at] = fate(source);
      if (Number.isFinite(taken[source])) speed[at] = Math.log1p(taken[source]) / whole;
    }
  return { columns, rows, reached, speed };
}

/**
 * What became of runs: the index of a minimum, or one of `NOT`.
 *
 * @param {Cells} cells
 * @param {readonly Point[]} places
 * @param {number} radius
 * @returns {(member: number) => number}
 */
function fateIn(cells, places, radius) {
  const { completed } = cells;
  const ended = cells.column("ended");
  return (member) =>
    ended[member] === completed
      ? (nearest(cells.end(member), places, radius) ?? NOT.elsewhere)
      : NOT.diverged;
}

/**
 * @param {Basins} basins
 * @param {BasinPalette} palette
 * @returns {Uint32Array<ArrayBuffer>}  [rows, columns] from the top, as a map draws them
 */
export function basinPixels({ columns, rows, reached, speed }, { minima, elsewhere, diverged }) {
  const pixels = new Uint32Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const to = (rows - 1 - row) * columns + column;
      const what = reached[at];
      if (what >= 0)
        pixels[to] = minima[what % minima.length][Math.round(Math.min(1, speed[at]) * (SHADES - 1))];
      else if (what === NOT.elsewhere) pixels[to] = elsewhere;
      else if (what === NOT.diverged) pixels[to] = diverged;
    }
  return pixels;
}

/**
 * What part of the starts leads where: to each minimum, elsewhere, to divergence.
 *
 * @param {Basins} basins
 * @param {number} places  how many minima there are
 */
export function sharesOf({ reached }, places) {
  const counts = new Array(places).fill(0);
  let [elsewhere, diverged, known] = [0, 0, 0];
  for (const what of reached) {
    if (what >= 0) counts[what] += 1;
    else if (what === NOT.elsewhere) elsewhere += 1;
    else if (what === NOT.diverged) diverged += 1;
    known += Number(what !== NOT.yet);
  }
  const part = (/** @type {number} */ count) => (known === 0 ? 0 : count / known);
  return { minima: counts.map(part), elsewhere: part(elsewhere), diverged: part(diverged) };
}

/** @param {Point} one @param {Point} other */
function apart(one, other) {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}

/** @param {readonly number[]} point */
export function pointText(point) {
  return `(${point.map((value) => formatNumber(value, 4)).join(", ")})`;
}

/**
 * What there is to read of a start.
 *
 * @param {Cells} cells
 * @param {Cell} cell
 * @param {readonly Point[]} places
 * @param {{radius: number, target: number | null, t: Translate}} more  target: the loss whose first step is told
 */
export function readStart(cells, { column, row }, places, { radius, target, t }) {
  const [x, y] = cells.started.axes.map(({ values }) => values);
  const title = t("views.basins.start", { at: pointText([Number(x[column]), Number(y[row])]) });
  const member = column * y.length + row;
  if (!cells.isKnown(member)) return { title, rows: [{ label: t("views.tune.notYet"), value: "" }] };
  const step = Math.round(cells.at("last_step", member));
  if (cells.diverged(member))
    return { title, rows: [{ label: t("views.tune.diverged"), value: t("views.basins.at", { step }) }] };
  const found = fateIn(cells, places, radius)(member);
  const taken = cells.at("steps_to_target", member);
  const end = cells.end(member);
  return {
    title,
    rows: [
      { label: t("views.basins.ends"), value: pointText(end) },
      {
        label: t("views.basins.reaches"),
        value: found >= 0 ? pointText(places[found]) : t("views.basins.none"),
      },
      ...(found >= 0
        ? [{ label: t("views.basins.apart"), value: formatNumber(apart(end, places[found]), 3) }]
        : []),
      { label: t("views.tune.quantity.end"), value: formatNumber(cells.at("end_loss", member), 5) },
      ...(cells.has("steps_to_target")
        ? [
            {
              label: t("views.basins.target", { target: formatNumber(target, 4) }),
              value: Number.isFinite(taken) ? String(taken) : t("views.tune.keys.never"),
            },
          ]
        : []),
    ],
  };
}
