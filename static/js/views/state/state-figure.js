/**
 * What a run's optimizer keeps and does for one parameter, as series for the line plots.
 *
 * A quantity is `param`, `grad` or one of torch's own keys of the optimizer's state, such as `exp_avg`.
 */

import { groupOf, indexOf, isSeveral, sizeOfShape, valuesAt } from "../drawing/parameters.js";
import { nameOfRate, ownRateAt } from "../../rates.js";
import { effectiveRates, updateAngle, updateRatio } from "../../updates.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../history.js").TypedArray} TypedArray
 * @typedef {import("../charts/series.js").Line} Line
 * @typedef {import("../charts/series.js").Series} Series
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").Subject} Subject
 */

/** The quantities that every optimizer has. */
export const COMMON = /** @type {const} */ (["param", "grad"]);

/** More elements than this are drawn as a picture, not as lines. */
export const MOST_LINES = 8;

/** Markers and dashes that tell elements apart. @type {[Run["marker"], number[]][]} */
const LOOKS = [
  ["circle", []],
  ["square", [6, 2]],
  ["triangle", [2, 2]],
  ["diamond", [8, 2, 2, 2]],
  ["triangle-down", []],
  ["star", [6, 2]],
  ["plus", [2, 2]],
  ["cross", [8, 2, 2, 2]],
];

/**
 * What the state of the page asks to look at, or what comes nearest to it in the selected run.
 *
 * @param {Data} data
 * @returns {Subject | null}  null while there are no records
 */
export function subjectOf(data) {
  const run = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
  const history = run?.history ?? null;
  if (run === undefined || history === null || history.isEmpty) return null;
  const parameter =
    history.names.find((name) => name === data.parameter) ??
    history.names.find((name) => history.stateKeys(name).length > 0) ??
    history.names[0];
  const quantities = quantitiesOf(history, parameter);
  const quantity = quantities.find((name) => name === data.quantity) ?? firstQuantity(history, parameter);
  const size = sizeOf(history, parameter, quantity);
  return { run, history, parameter, quantity, size, several: isSeveral(history, parameter, quantity) };
}

/**
 * @param {History} history
 * @param {string} parameter
 * @returns {string[]}
 */
export function quantitiesOf(history, parameter) {
  return [...COMMON, ...history.stateKeys(parameter)];
}

/**
 * The first tensor of the state, else the parameter itself.
 *
 * @param {History} history
 * @param {string} parameter
 */
function firstQuantity(history, parameter) {
  const keys = history.stateKeys(parameter);
  const single = keys.filter((key) => !isSeveral(history, parameter, key));
  return single.find((key) => sizeOf(history, parameter, key) > 1) ?? keys[0] ?? "param";
}

/**
 * @param {History} history
 * @param {string} parameter
 * @param {string} quantity
 * @returns {number}  of elements, or of tensors; state may have another shape than its parameter, and grow
 */
function sizeOf(history, parameter, quantity) {
  if (COMMON.includes(/** @type {any} */ (quantity))) return sizeOfShape(history.shapes[parameter]);
  const several = isSeveral(history, parameter, quantity);
  const sizes = history
    .stateShapes(parameter, quantity)
    .map((shape) => (several ? shape[0] : sizeOfShape(shape)));
  return Math.max(0, ...sizes);
}

/**
 * The elements of a quantity, each as a run of its own for the line plots: in a shade of the run's colour.
 *
 * @param {Subject} subject
 * @param {(color: string, part: number) => string} shade  of a colour, from −1 (paler) to 1 (stronger)
 * @returns {Run[]}
 */
export function elementsOf({ run, history, parameter, size, several }, shade) {
  const shape = several ? [size] : history.shapes[parameter];
  return Array.from({ length: Math.min(size, MOST_LINES) }, (_, index) => {
    const [marker, dash] = LOOKS[index];
    const part = size === 1 ? 0 : (2 * index) / (Math.min(size, MOST_LINES) - 1) - 1;
    return {
      ...run,
      id: `${run.id}-${index}`,
      label: indexOf(index, shape, size) || parameter,
      color: shade(run.color, part),
      dash,
      marker,
    };
  });
}

/** @type {Map<string, Series>} so that each is the same one every time: its values are kept under it */
const known = new Map();

/**
 * @param {string} name
 * @param {Series["value"]} value
 * @param {Series["scale"]} [scale]
 * @param {Series["title"]} [title]
 * @returns {Series}
 */
function seriesOf(name, value, scale = "linear", title = "views.state.values") {
  const series = known.get(name) ?? { key: name, title, scale, value };
  known.set(name, series);
  return series;
}

/**
 * The elements of a quantity; beneath those of a parameter, pale, those of its average.
 *
 * @param {Subject} subject
 * @param {Run[]} elements
 * @returns {Line[]}
 */
export function valueLines(subject, elements) {
  const { parameter, quantity } = subject;
  const own = elements.map((run, index) => ({
    run,
    series: seriesOf(
      `${quantity} ${parameter} ${index}`,
      (history, k) => valuesAt(history, parameter, quantity, k)?.[index] ?? null,
    ),
  }));
  if (!isAveraged(subject)) return own;
  const averages = elements.map((run, index) => ({
    run: { ...run, stale: true },
    series: seriesOf(
      `average ${parameter} ${index}`,
      (history, k) => history.average(parameter, k)?.[index] ?? null,
      "linear",
      "views.state.average",
    ),
    isSecondary: true,
  }));
  return [...averages, ...own];
}

/**
 * Whether the average of what is looked at is recorded, too.
 *
 * @param {Subject} subject
 */
export function isAveraged({ history, quantity }) {
  return quantity === "param" && history.hasAverage;
}

/**
 * The effective learning rate of each element (of many, the lowest, the median and the highest), over the lr of its
 * param group.
 *
 * @param {Subject} subject
 * @param {Run[]} elements  of the parameter
 * @param {Run} whole  what the lr looks like
 * @returns {Line[]}
 */
export function rateLines({ history, parameter }, elements, whole) {
  const group = groupOf(history, parameter);
  const lr = seriesOf(`lr ${group}`, (records, k) => records.lr(k, group), "log");
  const few = sizeOfShape(history.shapes[parameter]) <= MOST_LINES;
  return [
    { run: { ...whole, label: "lr" }, series: lr },
    ...ownLine(whole, parameter),
    ...(few ? elements.map((run, index) => rateLine(run, parameter, index)) : []),
    ...(few ? [] : QUANTILES.map((one, index) => quantileLine(elements[index], parameter, one))),
  ];
}

/**
 * The rate that the optimizer keeps itself, beside lr.
 *
 * @param {Run} whole
 * @param {string} parameter
 * @returns {Line[]}
 */
function ownLine(whole, parameter) {
  const { ownRate } = whole;
  if (!ownRate) return [];
  const name = nameOfRate(ownRate);
  /** @type {Series["value"]} */
  const value = (records, k) =>
    ownRateAt(records, ownRate, k, ownRate.in_group ? records.names : [parameter]);
  const series = seriesOf(`own ${name} ${parameter}`, value, "log");
  return [{ run: { ...whole, dash: [6, 3], label: name }, series }];
}

/**
 * @param {Run} run
 * @param {string} parameter
 * @param {number} index
 * @returns {Line}
 */
function rateLine(run, parameter, index) {
  /** @type {Series["value"]} */
  const value = (records, k) => ratesAt(records, parameter, k)?.[index] ?? null;
  return { run, series: seriesOf(`rate ${parameter} ${index}`, value, "log") };
}

/**
 * @param {Run} run
 * @param {string} parameter
 * @param {{label: string, part: number}} quantile
 * @returns {Line}
 */
function quantileLine(run, parameter, { label, part }) {
  /** @type {Series["value"]} */
  const value = (records, k) => quantileOf(ratesAt(records, parameter, k), part);
  return { run: { ...run, label }, series: seriesOf(`rate ${parameter} ${label}`, value, "log") };
}

const QUANTILES = [
  { label: "min", part: 0 },
  { label: "median", part: 0.5 },
  { label: "max", part: 1 },
];

/** The rates that were asked for last: every element asks for those of the same record. */
const lastRates = {
  /** @type {History | null} */ history: null,
  parameter: "",
  k: -1,
  /** @type {Float64Array | null} */ rates: null,
};

/**
 * @param {History} history
 * @param {string} parameter
 * @param {number} k
 */
function ratesAt(history, parameter, k) {
  if (lastRates.history !== history || lastRates.parameter !== parameter || lastRates.k !== k) {
    Object.assign(lastRates, { history, parameter, k, rates: effectiveRates(history, parameter, k) });
  }
  return lastRates.rates;
}

/**
 * @param {Float64Array | null} values
 * @param {number} part
 */
function quantileOf(values, part) {
  if (values === null) return null;
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return sorted.length === 0 ? null : sorted[Math.round(part * (sorted.length - 1))];
}

/**
 * Of the parameter, and of all parameters together where there are others.
 *
 * @param {Subject} subject
 * @param {Run} whole  what all parameters look like
 * @param {"ratio" | "angle"} what
 * @returns {Line[]}
 */
export function updateLines({ run, history, parameter }, whole, what) {
  const [measure, scale] = MEASURES[what];
  /** @type {Series["value"]} */
  const ofAll = (records, k) => measure(records, records.names, k);
  /** @type {Series["value"]} */
  const ofOne = (records, k) => measure(records, [parameter], k);
  return [
    ...(history.names.length > 1 ? [{ run: whole, series: seriesOf(`${what} of all`, ofAll, scale) }] : []),
    { run: { ...run, label: parameter }, series: seriesOf(`${what} ${parameter}`, ofOne, scale) },
  ];
}

/** @type {Record<"ratio" | "angle", [typeof updateRatio, Series["scale"]]>} */
const MEASURES = { ratio: [updateRatio, "log"], angle: [updateAngle, "linear"] };
