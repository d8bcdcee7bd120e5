/**
 * The cells of a map as comma-separated values (RFC 4180): a row for each member that there is.
 */

import { NUMBERS, placesOf } from "./cells.js";

/**
 * @typedef {import("./cells.js").Picture} Picture
 * @typedef {import("../types.js").Json} Json
 */

/**
 * @param {Picture} picture
 * @param {(slot: number) => string} nameOf  a run
 */
export function csvOf({ sweeps }, nameOf) {
  const paths = [
    ...new Set(sweeps.flatMap(({ cells }) => (cells?.started.axes ?? []).map(({ path }) => path))),
  ];
  const there = NUMBERS.filter((name) => sweeps.some(({ cells }) => cells?.has(name)));
  const ends = sweeps.some(({ cells }) => cells?.hasEnds) ? ["end/0", "end/1"] : [];
  const rows = sweeps.flatMap((swept) => rowsOf(swept, paths, there, nameOf, ends.length > 0));
  return [["run", ...paths, "seed", ...there, ...ends, "ended"], ...rows]
    .map((row) => row.map(written).join(",") + "\r\n")
    .join("");
}

/**
 * @param {Picture["sweeps"][number]} swept
 * @param {string[]} paths
 * @param {string[]} numbers
 * @param {(slot: number) => string} nameOf
 * @param {boolean} hasEnds  whether there are points where runs end
 * @returns {Json[][]}
 */
function rowsOf({ ask, cells }, paths, numbers, nameOf, hasEnds) {
  if (cells === null) return [];
  const { shape, axes, reasons } = cells.started;
  const { seeds } = ask.body;
  const isOfMany = shape.length > axes.length + (seeds === undefined ? 0 : 1);
  const rows = [];
  for (let member = 0; member < cells.members; member += 1) {
    if (!cells.isKnown(member)) continue;
    const all = placesOf(member, shape);
    const places = all.slice(isOfMany ? 1 : 0);
    const values = paths.map((path) => {
      const i = axes.findIndex((axis) => axis.path === path);
      return i < 0 ? "" : axes[i].values[places[i]];
    });
    rows.push([
      ...[nameOf(ask.slots[isOfMany ? all[0] : 0]), ...values],
      seeds === undefined ? "" : seeds[places[axes.length]],
      ...numbers.map((name) => cells.at(name, member)),
      ...(hasEnds ? cells.end(member) : []),
      reasons[cells.at("ended", member)],
    ]);
  }
  return rows;
}

/**
 * An infinite number is `inf`, as readers of such files know it: for polars a column with `Infinity` is text.
 *
 * @param {Json} value
 */
function written(value) {
  const isInfinite = typeof value === "number" && Math.abs(value) === Infinity;
  const text = isInfinite
    ? value > 0
      ? "inf"
      : "-inf"
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
