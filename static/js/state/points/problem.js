/**
 * The problem of the page as it is with the points that somebody brought.
 */

import { problemOf } from "../catalog.js";

/**
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Points} Points
 * @typedef {import("../types.js").Problem} Problem
 * @typedef {{x: number[][], loss?: Points["loss"] | null}} Written  points as the page or the server writes them
 */

/** @type {WeakMap<Problem, {points: Written, made: Problem}>} the last that was made of an entry */
const made = new WeakMap();

/**
 * @param {Catalog} catalog
 * @param {{problem: string, points?: Written | null}} state
 * @returns {Problem}
 */
export function problemIn(catalog, { problem: name, points = null }) {
  const entry = problemOf(catalog, name);
  if (points === null || !entry.options.includes("points")) return entry;
  const last = made.get(entry);
  if (last?.points === points) return last.made;
  const problem = { ...entry, ...ofPoints(points) };
  made.set(entry, { points, made: problem });
  return problem;
}

/**
 * @param {Written} points
 * @returns {Partial<Problem>}
 */
function ofPoints({ x, loss }) {
  const task = loss === "mse_loss" ? "regression" : "classification";
  return { inputs: x[0].length, loss: `F.${loss}`, task, citation: "" };
}

/**
 * Points as a table that somebody can edit.
 *
 * @param {Pick<Points, "x" | "y">} points
 * @returns {string}
 */
export function textOf({ x, y }) {
  const names = [...x[0].map((_, i) => `x${i + 1}`), "y"];
  return [names, ...x.map((row, i) => [...row, y[i]])].map((cells) => cells.join(",")).join("\n");
}
