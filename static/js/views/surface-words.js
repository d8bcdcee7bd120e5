/** What the surface says about a point under the pointer. */

import { formatNumber } from "./numbers.js";

/**
 * @typedef {import("./paths.js").Path} Path
 * @typedef {import("./surface-figure.js").Grid} Grid
 * @typedef {import("./tooltip.js").Row} Row
 * @typedef {import("./types.js").Context["t"]} Translate
 */

const DIGITS = 6;

/**
 * A point of a path: the run, the step, the true loss and what the plane shows instead.
 *
 * @param {Path} path
 * @param {number} record
 * @param {number} plane  the loss of the plane there
 * @param {Translate} t
 * @returns {{title: string, rows: Row[]}}
 */
export function describePoint(path, record, plane, t) {
  const { run, loss, distance } = path;
  /** @type {Row[]} */
  const rows = [];
  if (loss !== null) rows.push({ label: t("views.surface.loss"), value: formatNumber(loss[record], DIGITS) });
  if (distance !== null) {
    if (Number.isFinite(plane))
      rows.push({ label: t("views.surface.planeLoss"), value: formatNumber(plane, DIGITS) });
    rows.push({ label: t("views.surface.distance"), value: formatNumber(distance[record], DIGITS) });
  } else {
    rows.push({ label: "x", value: formatNumber(path.xy[2 * record], DIGITS) });
    rows.push({ label: "y", value: formatNumber(path.xy[2 * record + 1], DIGITS) });
  }
  return { title: t("views.surface.point", { run: run.label, step: record }), rows };
}

/**
 * A place on the plane where there is no path.
 *
 * @param {Grid} grid
 * @param {number[]} at
 * @param {number} loss  NaN where it is not finite
 * @param {Translate} t
 * @returns {{title: string, rows: Row[]}}
 */
export function describePlace({ axes }, at, loss, t) {
  const rows = axes.map(({ label }, i) => ({ label, value: formatNumber(at[i]) }));
  const value = Number.isNaN(loss) ? t("views.surface.notFinite") : formatNumber(loss);
  return { title: t("views.surface.plane"), rows: [...rows, { label: t("views.surface.loss"), value }] };
}
