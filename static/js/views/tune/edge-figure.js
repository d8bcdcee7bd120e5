/**
 * The picture of the edge of trainability: runs that end better than they began in the colours of their loss, the others in
 * one colour, the stronger the sooner they diverged or the farther their loss rose.
 */

import { isNarrow, partOf, rateAt, spacing } from "../../state/sweep/edge.js";
import { colorMap } from "../drawing/color-scale.js";
import { formatNumber, formatTick } from "../drawing/numbers.js";
import { paletteOf, rampOf, shadeOf } from "../drawing/palette.js";
import { membersShown } from "./refining.js";

/**
 * @typedef {import("../../state/sweep/cells.js").Cells} Cells
 * @typedef {import("../../state/sweep/edge.js").Side} Side
 * @typedef {import("../../state/types.js").Window} Window
 * @typedef {import("../../languages/translator.js").Translator["t"]} Translate
 * @typedef {import("./grid.js").Cell} Cell
 * @typedef {Uint32Array<ArrayBuffer>} Pixels
 * @typedef {{kept: import("../drawing/palette.js").Palette, lost: Uint32Array}} EdgePalette  lost: from what diverged at once
 */

/** How many losses the colours are chosen by. */
const SAMPLE = 2048;
const SHADES = 64;
/** How much of the colour of divergence the last step loses. */
const PALEST = 0.75;
/** A loss that rose by more than so many powers of ten is drawn as strongly as one that diverged at once. */
const MOST_DECADES = 4;

/**
 * @param {{surface: [number, string][], diverged: string, panel: string}} colors  "#rrggbb"
 * @returns {EdgePalette}
 */
export function edgePalette({ surface, diverged, panel }) {
  return {
    kept: paletteOf({ surface, diverged, none: panel }),
    lost: rampOf(diverged, panel, PALEST, SHADES),
  };
}

/**
 * Which runs ended no better than they began.
 *
 * @param {Cells} cells
 * @returns {(member: number) => boolean}
 */
export function lostIn(cells) {
  const { completed } = cells;
  const [ended, end, initial] = columnsOf(cells, "ended", "end_loss", "initial_loss");
  return (member) => ended[member] !== completed || !(end[member] <= initial[member]);
}

/** @param {Cells} cells @param {...string} names */
function columnsOf(cells, ...names) {
  return names.map((name) => cells.column(name));
}

/**
 * @param {Cells} cells  of a sweep over two rates
 * @param {number} steps
 * @param {EdgePalette} palette
 * @returns {Pixels}  as a map draws them
 */
export function edgePixels(cells, steps, palette) {
  const [columns, rows] = cells.started.axes.map(({ values }) => values.length);
  const shades = shadesOf(cells, steps, palette);
  const sources = membersShown(cells);
  const pixels = new Uint32Array(columns * rows);
  for (let column = 0, member = 0; column < columns; column += 1)
    for (let row = 0; row < rows; row += 1, member += 1)
      if (sources[member] >= 0) pixels[(rows - 1 - row) * columns + column] = shades[sources[member]];
  return pixels;
}

/**
 * The colour of each run that is there.
 *
 * @param {Cells} cells
 * @param {number} steps
 * @param {EdgePalette} palette
 */
function shadesOf(cells, steps, { kept, lost }) {
  const { known, members } = cells;
  const isLost = lostIn(cells);
  const mildness = mildnessIn(cells, steps);
  const [end] = columnsOf(cells, "end_loss");
  const map = colorMap(lossesOf(cells), "equalised");
  const shades = new Uint32Array(members);
  for (let member = 0; member < members; member += 1) {
    if (known[member] === 0) continue;
    if (isLost(member)) shades[member] = lost[Math.round(mildness(member) * (SHADES - 1))];
    else if (map !== null) shades[member] = shadeOf(kept, map, end[member]);
  }
  return shades;
}

/**
 * How mildly a run is lost: from 0, at once or far above where it began, to 1, at the last step or hardly.
 *
 * @param {Cells} cells
 * @param {number} steps
 * @returns {(member: number) => number}
 */
function mildnessIn(cells, steps) {
  const { completed } = cells;
  const [ended, end, initial, last] = columnsOf(cells, "ended", "end_loss", "initial_loss", "last_step");
  const whole = Math.log1p(steps);
  return (member) => {
    if (ended[member] !== completed) return Math.log1p(last[member]) / whole;
    const rise = Math.log10(end[member] / initial[member]);
    return rise >= 0 ? 1 - Math.min(1, rise / MOST_DECADES) : 1;
  };
}

/** Some of the losses of runs that ended better than they began. @param {Cells} cells */
function lossesOf(cells) {
  const { known, members } = cells;
  const isLost = lostIn(cells);
  const [end] = columnsOf(cells, "end_loss");
  const losses = [];
  const stride = Math.max(1, Math.floor(cells.count / SAMPLE));
  for (let member = 0, seen = 0; member < members; member += 1) {
    if (known[member] === 0) continue;
    seen += 1;
    if (seen % stride === 0 && !isLost(member)) losses.push(end[member]);
  }
  return losses;
}

/** What part of the runs ended better than they began. @param {Cells} cells */
export function shareKept(cells) {
  const { known, members } = cells;
  const isLost = lostIn(cells);
  let kept = 0;
  for (let member = 0; member < members; member += 1) if (known[member] === 1 && !isLost(member)) kept += 1;
  return cells.count === 0 ? 0 : kept / cells.count;
}

/**
 * The cell whose run ends lowest.
 *
 * @param {Cells} cells
 * @returns {import("./grid.js").Cell | null}
 */
export function lowestIn(cells) {
  const rows = cells.started.axes[1].values.length;
  const { known, members } = cells;
  const isLost = lostIn(cells);
  const [end] = columnsOf(cells, "end_loss");
  let [best, least] = [-1, Infinity];
  for (let member = 0; member < members; member += 1)
    if (known[member] === 1 && !isLost(member) && end[member] < least) [best, least] = [member, end[member]];
  return best < 0 ? null : { column: Math.floor(best / rows), row: best % rows };
}

/**
 * Where trained and lost lie beside each other in a row.
 *
 * @param {Cells} cells
 * @param {number} row
 * @returns {number[]}  columns, each before its border
 */
export function bordersIn(cells, row) {
  const [columns, rows] = cells.started.axes.map(({ values }) => values.length);
  const isLost = lostIn(cells);
  const fates = Array.from({ length: columns }, (_, column) => {
    const member = column * rows + row;
    return cells.isKnown(member) ? isLost(member) : null;
  });
  return fates.flatMap((fate, column) => {
    const next = fates[column + 1] ?? null;
    return fate !== null && next !== null && fate !== next ? [column] : [];
  });
}

/**
 * A picture of one window as what it shows of another one.
 *
 * @param {Pixels} pixels  [count, count] from the top
 * @param {number} count
 * @param {Window} from
 * @param {Window} to
 * @param {number} size  cells along each side of the other
 * @returns {Pixels}
 */
export function moved(pixels, count, from, to, size) {
  const places = from.map((side, i) =>
    Int32Array.from({ length: size }, (_, at) =>
      Math.floor(count * partOf(side, rateAt(to[i], (at + 0.5) / size))),
    ),
  );
  const found = new Uint32Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [places[0][column], places[1][size - 1 - row]];
      if (x >= 0 && x < count && y >= 0 && y < count)
        found[row * size + column] = pixels[(count - 1 - y) * count + x];
    }
  return found;
}

/**
 * An axis of rates; of a narrow window the differences from its middle, as the rates look the same.
 *
 * @param {string} layer
 * @param {Side} side
 * @param {number} count
 * @param {Translate} t
 * @returns {import("./map-axes.js").MapAxis}
 */
export function rateAxis(layer, side, count, t) {
  const parts = Array.from({ length: count }, (_, i) => i / (count - 1));
  const rates = parts.map((part) => rateAt(side, part));
  if (!isNarrow(side)) return { label: t("views.edge.rate", { layer }), values: rates, scale: "log" };
  const middle = rateAt(side, 0.5);
  const offsets = rates.map((rate) => rate - middle);
  const unit = 10 ** Math.floor(Math.log10(Math.max(...offsets.map(Math.abs))));
  const told = { layer, middle: rateText(middle, side, count), unit: unit.toExponential(0) };
  return {
    label: t("views.edge.offset", told),
    values: offsets.map((offset) => offset / unit),
    scale: "linear",
  };
}

/** A rate with as many digits as tell it from that of the next cell. @param {number} rate @param {Side} side @param {number} count */
function rateText(rate, side, count) {
  const digits = Math.ceil(-Math.log10(spacing(side, count))) + 1;
  return digits <= 4 ? formatTick(Number(rate.toPrecision(4))) : rate.toPrecision(Math.min(17, digits));
}

/**
 * What there is to read of a cell.
 *
 * @param {Cells} cells
 * @param {Cell} cell
 * @param {{layers: import("../../state/sweep/edge.js").Layers, window: Window, t: Translate}} more
 */
export function readRates(cells, { column, row }, { layers, window, t }) {
  const [x, y] = cells.started.axes.map(({ values }) => values);
  const member = column * y.length + row;
  const rates = [x[column], y[row]].map((rate, i) => rateText(Number(rate), window[i], x.length));
  const title = `${layers.across} ${rates[0]}, ${layers.up} ${rates[1]}`;
  if (!cells.isKnown(member)) return { title, rows: [{ label: t("views.tune.notYet"), value: "" }] };
  const step = Math.round(cells.at("last_step", member));
  if (cells.diverged(member))
    return { title, rows: [{ label: t("views.tune.diverged"), value: t("views.basins.at", { step }) }] };
  return {
    title,
    rows: [
      ...(lostIn(cells)(member) ? [{ label: t("views.edge.rose"), value: "" }] : []),
      { label: t("views.tune.quantity.end"), value: formatNumber(cells.at("end_loss", member), 5) },
      { label: t("views.edge.initial"), value: formatNumber(cells.at("initial_loss", member), 5) },
    ],
  };
}
