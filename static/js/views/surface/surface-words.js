/** What the surface says about a point under the pointer. */

import { isOpen } from "../../state/folds.js";
import { formatNumber, formatPercent } from "../drawing/numbers.js";
import { isScheduleFree, nameOfOther } from "../drawing/others.js";
import { differsMuch, liesOnPlane } from "./projection.js";

/**
 * @typedef {import("./paths.js").Path} Path
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("../drawing/tooltip.js").Row} Row
 * @typedef {import("../types.js").Context["t"]} Translate
 * @typedef {Pick<import("../types.js").Context, "t" | "say">} Words
 */

const DIGITS = 6;

/**
 * What is written at the ends of the colour bar.
 *
 * @param {Translate} t
 */
export function endsOf(t) {
  return { low: t("views.surface.low"), high: t("views.surface.high") };
}

/**
 * A point of a path: the run, the step, the true loss and what the plane shows instead.
 *
 * @param {Path} path
 * @param {number} record
 * @param {number} range  of the losses of all paths
 * @param {Translate} t
 * @returns {{title: string, rows: Row[]}}
 */
export function describePoint(path, record, range, t) {
  const { loss, distance, planeLoss } = path;
  const step = path.first + record;
  /** @type {Row[]} */
  const rows = [];
  const label = t(`views.loss.${step === 0 ? "start" : "here"}`, { step });
  if (loss !== null) rows.push({ label, value: formatNumber(loss[record], DIGITS) });
  if (distance !== null && planeLoss !== null) {
    rows.push({ label: t("views.surface.planeLoss"), value: formatNumber(planeLoss[record], DIGITS) });
    rows.push({ label: t("views.surface.distance"), value: formatNumber(distance[record], DIGITS) });
  } else {
    rows.push({ label: "x", value: formatNumber(path.xy[2 * record], DIGITS) });
    rows.push({ label: "y", value: formatNumber(path.xy[2 * record + 1], DIGITS) });
  }
  const isFar = differsMuch(path, record, range);
  const title = titleOf(path, step, t);
  return { title: isFar ? t("views.surface.pointFar", { point: title }) : title, rows };
}

/**
 * @param {Path} path
 * @param {number} step
 * @param {Translate} t
 */
function titleOf({ run, other }, step, t) {
  const isNamed = other !== undefined || isScheduleFree(run.history);
  if (!isNamed || other === "unfrozen") return t("views.surface.point", { run: run.label, step });
  if (other === "flow") return t("views.surface.others.flow", { run: run.label, step });
  const name = other === undefined ? "y" : nameOfOther(run.history, other);
  return t(`views.surface.others.${name}`, { run: run.label, step });
}

/**
 * A place on the plane where there is no path.
 *
 * @param {Grid} grid
 * @param {number[]} at
 * @param {number} loss  NaN where it is not finite
 * @param {Words} words
 * @returns {{title: string, rows: Row[]}}
 */
export function describePlace(grid, at, loss, { t, say }) {
  const rows = axisNames(grid, say).map((label, i) => ({ label, value: formatNumber(at[i]) }));
  const value = Number.isNaN(loss) ? t("views.surface.notFinite") : formatNumber(loss);
  return { title: t("views.surface.plane"), rows: [...rows, { label: t("views.surface.loss"), value }] };
}

/**
 * @param {Grid} grid
 * @param {Words["say"]} say
 */
function axisNames({ axes }, say) {
  return axes.map(({ label, code, params }) => say({ detail: label, code, params }));
}

/**
 * What is drawn along the axes, as much of it as a person asks for.
 *
 * @param {Grid} grid
 * @param {Words} words
 */
export function titlesOf(grid, words) {
  return (isOpen("why") ? axisTitles : plainTitles)(grid, words);
}

/**
 * What is drawn along the axes, for who does not ask for more: the principal axes by what they are.
 *
 * @param {Grid} grid
 * @param {Words} words
 * @returns {string[]}
 */
export function plainTitles(grid, words) {
  if (grid.plane.kind !== "pca") return axisTitles(grid, words);
  return grid.axes.map(({ variance_explained: explained, params }) => {
    const moves = params.number === 1 ? "first" : "second";
    return words.t(`views.surface.plainly.${explained === 0 ? "still" : moves}`);
  });
}

/**
 * What is drawn along the axes, with what part of the variance that is, or how the loss is curved along it.
 *
 * @param {Grid} grid
 * @param {Words} words
 * @returns {string[]} "PC 1 · 82 %"
 */
export function axisTitles(grid, { t, say }) {
  if (stayAtPoint(grid)) return grid.axes.map(() => t("views.surface.plainly.still"));
  return axisNames(grid, say).map((name, i) => {
    const { variance_explained: explained, curvature } = grid.axes[i];
    if (typeof explained === "number") return `${name} · ${formatPercent(explained)}`;
    if (grid.plane.kind !== "eigen" || typeof curvature !== "number") return name;
    return t("views.surface.curved", { name, curvature: formatNumber(curvature, 3) });
  });
}

/**
 * What a person should know who looks at the surface: cells without a colour, and what the server says, in one sentence
 * for all the runs that it says it of.
 *
 * @param {Grid} grid
 * @param {import("../../wire.d.ts").Notice[]} notices
 * @param {string[]} labels  of the runs, in the order of the server
 * @param {Words} words
 * @returns {string[]}
 */
export function describeNotices({ masked, z }, notices, labels, { t, say }) {
  const known = [...new Set(notices.map(({ code }) => code))].filter((code) => NOTICES.has(code));
  const said = known.map((code) => {
    const about = notices.filter((notice) => notice.code === code);
    const named = about.flatMap(({ run }) => (typeof run === "number" ? [labels[run] ?? ""] : []));
    return t(`views.surface.notices.${code}`, { count: about.length, runs: named });
  });
  const other = notices.filter(({ code }) => !NOTICES.has(code)).map(say);
  const holes = masked === 0 ? [] : [t("views.surface.masked", { count: masked, total: z.length })];
  return [...holes, ...said, ...other];
}

/** The codes of the server's notices that the page has words for. */
const NOTICES = new Set(["path_leaves"]);

/**
 * How true the surface is to a run at a step, in one line; nothing over a test function, which is all there is.
 *
 * @param {Grid} grid
 * @param {{path: Path | undefined, range: number}} shown  the path of the run, and the range of the losses of all
 * @param {number} step
 * @param {string | undefined} sliced  the label of the run that the plane lies through
 * @param {Translate} t
 * @returns {string}
 */
export function describeProjection(grid, { path, range }, step, sliced, t) {
  if (grid.plane.kind === "function") return "";
  return [planeSentence(grid, sliced, t), path === undefined ? "" : pathSentence(path, step, range, t)]
    .join(" ")
    .trim();
}

/**
 * Whether the paths of a plane through them stay at one point, which has no variance that a plane could keep.
 *
 * @param {Grid} grid
 */
function stayAtPoint({ axes, plane }) {
  return plane.kind === "pca" && axes.every(({ variance_explained: explained }) => explained === 0);
}

/**
 * What the surface is, for who does not ask how true it is; nothing over a test function.
 *
 * @param {Grid} grid
 * @param {number} count  of the numbers that a run trains
 * @param {Translate} t
 */
export function describePlainly(grid, count, t) {
  const { kind } = grid.plane;
  if (kind === "function") return "";
  return t(`views.surface.plainly.${kind === "pca" && !stayAtPoint(grid) ? "most" : "two"}`, { count });
}

/**
 * @param {Grid} grid
 * @param {string | undefined} sliced
 * @param {Translate} t
 */
function planeSentence(grid, sliced, t) {
  if (stayAtPoint(grid)) return "";
  const { axes, plane } = grid;
  const explained = axes.reduce((sum, axis) => sum + (axis.variance_explained ?? NaN), 0);
  if (Number.isFinite(explained))
    return t(`views.surface.keeps.${plane.through ?? (plane.kind === "held" ? "held" : "mean")}`, {
      percent: formatPercent(explained),
      run: sliced ?? "",
    });
  if (plane.at === undefined || sliced === undefined) return "";
  const key = plane.at.step === -1 ? "views.surface.slicedAtEnd" : "views.surface.sliced";
  return t(key, { run: sliced, step: plane.at.step });
}

/**
 * @param {Path} path
 * @param {number} step
 * @param {number} range
 * @param {Translate} t
 */
function pathSentence(path, step, range, t) {
  const { run, loss, distance, planeLoss } = path;
  const k = Math.min(step - path.first, path.length - 1);
  if (k < 0) return "";
  if (loss === null || distance === null || planeLoss === null || !Number.isFinite(distance[k])) return "";
  if (liesOnPlane(path, k))
    return t("views.surface.onPlane", { run: run.label, loss: formatNumber(loss[k]) });
  return t(`views.surface.${differsMuch(path, k, range) ? "farOff" : "offPlane"}`, {
    run: run.label,
    distance: formatNumber(distance[k], 3),
    loss: formatNumber(loss[k]),
    plane: formatNumber(planeLoss[k]),
  });
}
