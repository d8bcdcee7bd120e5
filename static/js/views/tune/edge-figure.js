/**
 * The picture of the edge of trainability: runs that end better than they began in the colours of their loss, the others in
 * one colour, the stronger the sooner they diverged or the farther their loss rose.
 */

import { isNarrow, partOf, rateAt, spacing } from "../../state/sweep/edge.js";
import { colorMap } from "../drawing/color-scale.js";
import { formatNumber, formatTick } from "../drawing/numbers.js";
import { mix } from "../drawing/shade.js";
import { paletteOf, pixel } from "../drawing/palette.js";
import { membersShown } from "./refining.js";

/**
 * @typedef {import("../../state/sweep/cells.js").Cells} Cells
 * @typedef {import("../../state/sweep/edge.js").Side} Side
 * @typedef {import("../../state/types.js").Window} Window
 * @typedef {import("../../languages/translator.js").Translator["t"]} Translate
 * @typedef {import("./map-chart.js").Cell} Cell
 * @typedef {Uint32Array<ArrayBuffer>} Pixels
 * @typedef {{surface: [number, string][], diverged: string, panel: string}} EdgeColors
 */

/** How many losses the colours are chosen by. */
const SAMPLE = 2048;
const SHADES = 64;
/** How much of the colour of divergence the last step loses. */
const PALEST = 0.75;
/** A loss that rose by more than so many powers of ten is drawn as strongly as one that diverged at once. */
const MOST_DECADES = 4;

/**
 * Whether a run ended no better than it began.
 *
 * @param {Cells} cells
 * @param {number} member
 */
export function isLost(cells, member) {
  return cells.diverged(member) || !(cells.at("end_loss", member) <= cells.at("initial_loss", member));
}

/**
 * @param {Cells} cells  of a sweep over two rates
 * @param {number} steps
 * @param {EdgeColors} colors
 * @returns {Pixels}  as a map draws them
 */
export function edgePixels(cells, steps, { surface, diverged, panel }) {
  const [columns, rows] = cells.started.axes.map(({ values }) => values.length);
  const members = membersShown(cells);
  const map = colorMap(lossesOf(cells), "equalised");
  const { shades } = paletteOf({ surface, diverged, none: panel });
  const lost = Uint32Array.from({ length: SHADES }, (_, i) =>
    pixel(mix(diverged, panel, (PALEST * i) / (SHADES - 1))),
  );
  const [low, high] = map?.domain ?? [0, 1];
  const pixels = new Uint32Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const member = members[row * columns + column];
      if (member < 0) continue;
      const to = (rows - 1 - row) * columns + column;
      if (isLost(cells, member)) pixels[to] = lost[Math.round(mildness(cells, member, steps) * (SHADES - 1))];
      else if (map !== null) {
        const part = (map.position(cells.at("end_loss", member)) - low) / (high - low);
        pixels[to] = shades[Math.round(Math.max(0, Math.min(1, part)) * (shades.length - 1))];
      }
    }
  return pixels;
}

/**
 * From 0, at once or far above where it began, to 1, at the last step or hardly.
 *
 * @param {Cells} cells
 * @param {number} member  that is lost
 * @param {number} steps
 */
function mildness(cells, member, steps) {
  if (cells.diverged(member)) return Math.log1p(cells.at("last_step", member)) / Math.log1p(steps);
  const rise = Math.log10(cells.at("end_loss", member) / cells.at("initial_loss", member));
  return rise >= 0 ? 1 - Math.min(1, rise / MOST_DECADES) : 1;
}

/** Some of the losses of runs that ended better than they began. @param {Cells} cells */
function lossesOf(cells) {
  const losses = [];
  const stride = Math.max(1, Math.floor(cells.count / SAMPLE));
  for (let member = 0, seen = 0; member < cells.members; member += 1) {
    if (!cells.isKnown(member)) continue;
    seen += 1;
    if (seen % stride === 0 && !isLost(cells, member)) losses.push(cells.at("end_loss", member));
  }
  return losses;
}

/** What part of the runs ended better than they began. @param {Cells} cells */
export function shareKept(cells) {
  let kept = 0;
  for (let member = 0; member < cells.members; member += 1)
    if (cells.isKnown(member) && !isLost(cells, member)) kept += 1;
  return cells.count === 0 ? 0 : kept / cells.count;
}

/**
 * The cell whose run ends lowest.
 *
 * @param {Cells} cells
 * @returns {import("./map-chart.js").Cell | null}
 */
export function lowestIn(cells) {
  const rows = cells.started.axes[1].values.length;
  let [best, least] = [-1, Infinity];
  for (let member = 0; member < cells.members; member += 1)
    if (cells.isKnown(member) && !isLost(cells, member) && cells.at("end_loss", member) < least)
      [best, least] = [member, cells.at("end_loss", member)];
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
  const fates = Array.from({ length: columns }, (_, column) => {
    const member = column * rows + row;
    return cells.isKnown(member) ? isLost(cells, member) : null;
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
      ...(isLost(cells, member) ? [{ label: t("views.edge.rose"), value: "" }] : []),
      { label: t("views.tune.quantity.end"), value: formatNumber(cells.at("end_loss", member), 5) },
      { label: t("views.edge.initial"), value: formatNumber(cells.at("initial_loss", member), 5) },
    ],
  };
}
