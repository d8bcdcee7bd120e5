/** What the line plots show. One more plot is one more entry of `SERIES`. */

import { movedAt, movedIn } from "../../moved.js";
import { nameOfRate, ownRateAt } from "../../rates.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../drawing/scales.js").Extent} Extent
 * @typedef {import("../types.js").AxisScale} AxisScale
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {object} Series
 * @property {string} key  of its scale in the state
 * @property {string} title  key of the message
 * @property {(history: History, k: number) => number | null} value  of record k; null where there is none
 * @property {(history: History) => number} [known]  how many records have a value by now, if it is not every one
 * @property {AxisScale} scale  the default
 * @property {{domain: [number, number], ticks: number[]}} [axis]  unless it follows the values
 * @property {(data: Data) => Record<string, string>} [params]  of the title
 * @property {(data: Data) => boolean} [isShown]  whether there is anything to see
 * @property {(data: Data) => string | null} [aside]  key of a message beside the title
 * @property {(history: History, run: Run) => Series[]} [secondary]  thin lines beside the run's own
 * @property {(data: Data) => Line[]} [companions]  further thin lines, with values of their own
 * @property {string} [option]  a scale that a button beside the title turns on and off
 * @property {(data: Data) => Note | null} [note]  said beside the title, too
 * @property {boolean} [isFramed]  whether the axis is to show it though it is a thin line
 * @property {boolean} [ghost]  whether the selected run is seen without what it freezes, too
 * @property {(history: History, k: number) => boolean} [bites]  whether record k is to be marked
 * @property {(data: Data) => Line[]} [lines]  what is drawn, if it is not one line for each run
 *
 * @typedef {object} Line
 * @property {Run} run  says how it looks, and whose history it is
 * @property {Series} series
 * @property {Column} [column]  its values, unless they are those of the series in the history
 * @property {boolean} [isSecondary]  whether it is a thin line beside the others
 * @property {"above" | "below"} [warns]  the side of it that is to be shaded
 *
 * @typedef {{key: string, whole: string | null}} Note  key of a message, and what is said of it in full
 *
 * @typedef {object} Column  the values of a series in one history
 * @property {ArrayLike<number> | null} steps  the records that have a value, if it is not every one from 0 on
 * @property {ArrayLike<number>} values
 * @property {number} length
 * @property {Extent} extent  of the finite ones
 */

/** Clipping that changes less than this part of the norm is rounding. */
const ROUNDING = 1e-6;

/** @type {Series} */
const CLIPPED = {
  key: "grad_norm",
  title: "views.charts.series.clippedGradNorm",
  scale: "log",
  value: (history, k) => history.clippedGradNorm(k),
};

/** @type {Series} */
const AVERAGE_LOSS = {
  key: "loss",
  title: "views.charts.series.averageLoss",
  scale: "log",
  value: (history, k) => history.averageLoss(k),
};

/**
 * @param {History} history  of a loop that is not ours
 * @param {number} k
 * @returns {number | null}  null where it has said nothing
 */
function saidLoss(history, k) {
  const loss = history.lossAt(k);
  return Number.isNaN(loss) ? null : loss;
}

/** @type {Series} */
const HELD_OUT = {
  key: "loss",
  title: "views.charts.series.heldOut",
  scale: "log",
  isFramed: true,
  value: () => null,
};

/** Of the loss on what is held out, beside the solid one on what is trained on. */
const HELD_OUT_DASH = [6, 3];

/** @type {Series} */
const FLOW = { ...HELD_OUT, title: "views.charts.series.flow" };

/** Of what the central flow predicts. */
export const FLOW_DASH = [8, 3, 2, 3];

/** @type {readonly Series[]} */
export const SERIES = Object.freeze([
  {
    key: "loss",
    title: "views.charts.series.loss",
    scale: "log",
    ghost: true,
    value: (history, k) => (history.isWatched ? saidLoss(history, k) : history.hasBatches ? history.lossAt(k) : history.lossHere(k)), // prettier-ignore
    known: (history) =>
      history.hasBatches || history.lossHere(history.last) !== null ? history.length : history.last,
    secondary: (history) => (history.hasAverage ? [AVERAGE_LOSS] : []),
    companions: (data) => [...heldOutLines(data), ...flowLines(data)],
    option: "held_out",
    note: lossNote,
    aside: describeLosses,
  },
  {
    key: "lr",
    title: "views.charts.series.lr",
    scale: "linear",
    value: (history, k) => history.lr(k),
    secondary: (history, { ownRate }) => [
      ...groupSeries(history.groups),
      ...(ownRate ? [ownRateSeries(ownRate)] : []),
    ],
    aside: ({ runs }) => (runs.some(({ ownRate }) => ownRate) ? "views.charts.ownRates" : null),
  },
  {
    key: "momentum",
    title: "views.charts.series.momentum",
    scale: "linear",
    value: (history, k) => history.momentum(k),
    isShown: ({ runs }) => runs.some(({ history }) => history !== null && movesMomentum(history)),
  },
  {
    key: "moved",
    title: "views.charts.series.moved",
    params: ({ runs }) => ({
      names: [...new Set(runs.flatMap(({ history }) => (history === null ? [] : movedIn(history))))].join(
        ", ",
      ),
    }),
    scale: "linear",
    value: (history, k) => firstMoved(history, k),
    secondary: (history) => movedSeries(history),
    isShown: ({ runs }) => runs.some(({ history }) => history !== null && movedIn(history).length > 0),
  },
  {
    key: "grad_norm",
    title: "views.charts.series.gradNorm",
    scale: "log",
    value: (history, k) => history.gradNorm(k),
    secondary: (history) => (isClipped(history) ? [CLIPPED] : []),
    bites: hasBitten,
    aside: ({ runs }) => {
      const clipped = runs.some(({ history }) => history !== null && isClipped(history));
      return `views.charts.norms.${clipped ? "clipped" : "before"}`;
    },
  },
]);

/**
 * Where the losses are measured: at the points that the surface shows, unless a run sees minibatches.
 *
 * @param {Data} data
 */
function describeLosses({ runs }) {
  const told = runs.flatMap(({ history }) => (history === null ? [] : [history]));
  if (told.length === 0) return null;
  const kinds = new Set(told.filter(({ isWatched }) => !isWatched).map(({ hasBatches }) => hasBatches));
  const ours = kinds.size === 2 ? "mixed" : kinds.has(true) ? "batches" : kinds.has(false) ? "here" : "";
  const measured = `${ours}${told.some(({ isWatched }) => isWatched) ? (ours === "" ? "said" : "Said") : ""}`;
  const isAveraged = runs.some(({ history }) => history?.hasAverage === true);
  return isAveraged ? `views.charts.lossesAndAverages.${measured}` : `views.charts.losses.${measured}`;
}

/**
 * @param {Data} data
 * @returns {Line[]}
 */
function heldOutLines({ runs, heldOut }) {
  return runs.flatMap((run) => {
    const known = heldOut?.losses.get(run.id);
    if (known === undefined) return [];
    const dashed = { ...run, dash: HELD_OUT_DASH, stale: run.stale || known.stale };
    const column = sparseColumn(known.steps, known.values);
    return [{ run: dashed, series: HELD_OUT, column, isSecondary: true }];
  });
}

/**
 * The mean loss that the central flow predicts of the selected run.
 *
 * @param {Data} data
 * @returns {Line[]}
 */
function flowLines({ runs, flow }) {
  const run = runs.find(({ id }) => id === flow?.run);
  if (!flow?.found || run === undefined) return [];
  const dashed = { ...run, dash: FLOW_DASH, stale: flow.stale };
  const column = sparseColumn(flow.found.steps, flow.found.predictedLoss);
  return [{ run: dashed, series: FLOW, column, isSecondary: true }];
}

/**
 * @param {Data} data
 * @returns {Note | null}
 */
function lossNote(data) {
  const [heldOut, isFlow] = [heldOutNote(data), data.flow?.found != null];
  if (!isFlow) return heldOut;
  if (heldOut === null) return { key: "views.charts.flow", whole: null };
  return heldOut.whole === null ? { key: "views.charts.flowAndHeldOut", whole: null } : heldOut;
}

/**
 * @param {Data} data
 * @returns {Note | null}
 */
function heldOutNote({ heldOut }) {
  if (!heldOut) return null;
  if (heldOut.none !== null) return { key: "views.charts.noHeldOut", whole: heldOut.none };
  return heldOut.losses.size > 0 ? { key: "views.charts.heldOut", whole: null } : null;
}

/** @type {Series[]} */
const groups = [];

/**
 * The learning rates of the further param groups.
 *
 * @param {number} count  of groups
 */
function groupSeries(count) {
  for (let group = groups.length + 1; group < count; group += 1) {
    groups.push({
      key: "lr",
      title: "views.charts.series.groupLr",
      params: () => ({ group: String(group) }),
      scale: "linear",
      value: (history, k) => history.lr(k, group),
    });
  }
  return groups.slice(0, Math.max(0, count - 1));
}

/**
 * @param {History} history
 * @param {number} k
 */
function firstMoved(history, k) {
  const [name] = movedIn(history);
  return name === undefined ? null : movedAt(history, name, k);
}

/** @type {Map<string, Series>} */
const moved = new Map();

/**
 * What follows a factor beside the first of it: of further groups, and further hyperparameters.
 *
 * @param {History} history
 */
function movedSeries(history) {
  const [names, count] = [movedIn(history), history.groups];
  const places = names.flatMap((name) => Array.from({ length: count }, (_, group) => ({ name, group })));
  return places.slice(1).map(({ name, group }) => {
    const key = `${name} ${group}`;
    /** @type {Series} */
    const series = moved.get(key) ?? {
      key: "moved",
      title: "views.charts.series.movedOfGroup",
      params: () => ({ name, group: String(group) }),
      scale: "linear",
      value: (history, k) => movedAt(history, name, k, group),
    };
    moved.set(key, series);
    return series;
  });
}

/** @type {Map<string, Series>} so that each is the same one every time: its values are kept under it */
const ownRates = new Map();

/**
 * The rate that steps really had, of an optimizer that keeps one itself.
 *
 * @param {import("../../rates.js").OwnRate} rate
 */
export function ownRateSeries(rate) {
  const name = nameOfRate(rate);
  /** @type {Series} */
  const series = ownRates.get(name) ?? {
    key: "lr",
    title: "views.charts.series.ownRate",
    params: () => ({ name }),
    scale: "linear",
    value: (history, k) => ownRateAt(history, rate, k),
  };
  ownRates.set(name, series);
  return series;
}

/** @param {History} history */
function movesMomentum(history) {
  const series = SERIES.find(({ key }) => key === "momentum");
  if (series === undefined || history.momentum(0) === null) return false;
  const { min, max } = columnOf(history, series).extent;
  return max > min;
}

/** @param {History} history */
function isClipped(history) {
  return (history.config.clip_grad ?? null) !== null || (history.isWatched && saysClipping(history));
}

/** @param {History} history  of a loop that may have said what clipping left */
function saysClipping({ optionalPaths }) {
  return optionalPaths.includes("clipped_grad_norm");
}

/**
 * Whether clipping changed the gradient of a step.
 *
 * @param {History} history
 * @param {number} k
 */
export function hasBitten(history, k) {
  const [before, after] = [history.gradNorm(k), history.clippedGradNorm(k)];
  return before !== null && after !== null && after < before * (1 - ROUNDING);
}

/** @typedef {Column & {steps: null, values: Float64Array}} Growing */

/** @type {WeakMap<History, Map<Series, Growing>>} */
const columns = new WeakMap();

/**
 * The values of a series, read once: a history only grows.
 *
 * @param {History} history
 * @param {Series} series
 * @returns {Column}
 */
export function columnOf(history, series) {
  const known = columns.get(history) ?? new Map();
  columns.set(history, known);
  const column = known.get(series) ?? {
    steps: null,
    values: new Float64Array(256),
    length: 0,
    extent: noExtent(),
  };
  known.set(series, column);
  const end = series.known?.(history) ?? history.length;
  if (history.length > column.values.length) {
    const grown = new Float64Array(Math.max(history.length, 2 * column.values.length));
    grown.set(column.values);
    column.values = grown;
  }
  for (; column.length < end; column.length += 1) {
    const value = series.value(history, column.length) ?? NaN;
    column.values[column.length] = value;
    if (Number.isFinite(value)) widen(column.extent, value);
  }
  return column;
}

/**
 * Values at some records.
 *
 * @param {ArrayLike<number>} steps  in order
 * @param {ArrayLike<number>} values
 * @returns {Column}
 */
export function sparseColumn(steps, values) {
  const extent = noExtent();
  for (let i = 0; i < values.length; i += 1) if (Number.isFinite(values[i])) widen(extent, values[i]);
  return { steps, values, length: values.length, extent };
}

/** @returns {Extent} */
function noExtent() {
  return { min: Infinity, max: -Infinity, minPositive: Infinity };
}

/**
 * @param {Extent} extent
 * @param {number} value
 */
function widen(extent, value) {
  if (value < extent.min) extent.min = value;
  if (value > extent.max) extent.max = value;
  if (value > 0 && value < extent.minPositive) extent.minPositive = value;
}
