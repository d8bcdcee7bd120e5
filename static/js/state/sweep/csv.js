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
  const rows = sweeps.flatMap((swept) => rowsOf(swept, paths, there, nameOf));
  return [["run", ...paths, "seed", ...there, "ended"], ...rows]
    .map((row) => row.map(written).join(",") + "\r\n")
    .join("");
}

/**
 * @param {Picture["sweeps"][number]} swept
 * @param {string[]} paths
 * @param {string[]} numbers
 * @param {(slot: number) => string} nameOf
 * @returns {Json[][]}
 */
function rowsOf({ ask, cells }, paths, numbers, nameOf) {
  if (cells === null) return [];
  const { shape, axes, reasons } = cells.started;
  const { seeds } = ask.body;
  const rows = [];
  for (let member = 0; member < cells.members; member += 1) {
    if (!cells.isKnown(member)) continue;
    const [optimizer, ...places] = placesOf(member, shape);
    const values = paths.map((path) => {
      const i = axes.findIndex((axis) => axis.path === path);
      return i < 0 ? "" : axes[i].values[places[i]];
    });
    rows.push([
      ...[nameOf(ask.slots[optimizer]), ...values],
      seeds === undefined ? "" : seeds[places[axes.length]],
      ...numbers.map((name) => cells.at(name, member)),
      reasons[cells.at("ended", member)],
    ]);
  }
  return rows;
}

/** @param {Json} value */
function written(value) {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
