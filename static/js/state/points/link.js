/**
 * Points in a link: a few are written there; of more it names the table, which this browser keeps.
 */

import { keep, recallJson } from "../kept.js";
import { read, write } from "../notation.js";
import { wholePoints } from "./whole.js";

/** @typedef {import("../types.js").Points} Points */

/** The longest text that a link holds. */
const LONGEST = 4000;
/** How many tables this browser keeps. */
const MOST_KEPT = 4;

const NAMED = /^file-(\d+)x(\d+)-[0-9a-f]{8}$/;

/** @type {WeakMap<Points, {text: string, name: string | null}>} */
const written = new WeakMap();

/** @type {import("../address/kinds.js").Kind<Points>} */
export const pointsKind = {
  encode(points) {
    const { text, name } = linkOf(points);
    return name ?? text;
  },
  decode(text) {
    const isNamed = NAMED.test(text);
    const found = read(isNamed ? (kept()[text] ?? "") : text);
    if (!isTable(found)) throw new RangeError("no points");
    return wholePoints(found);
  },
};

/** @param {Points} points  @returns {boolean}  whether a link says them, so that it is whole */
export function isInLink(points) {
  return linkOf(points).name === null;
}

/** Keep what a link only names, for this browser. @param {Points | null} points */
export function keepPoints(points) {
  if (points === null || isInLink(points)) return;
  const { text, name } = linkOf(points);
  if (name === null || kept()[name] === text) return;
  const others = Object.entries(kept()).filter(([key]) => key !== name);
  keep("points", JSON.stringify(Object.fromEntries([...others.slice(1 - MOST_KEPT), [name, text]])));
}

/**
 * What a link names that this browser does not have.
 *
 * @param {string} query
 * @returns {{points: number, features: number} | null}
 */
export function missingIn(query) {
  const name = new URLSearchParams(query).get("points") ?? "";
  const found = NAMED.exec(name);
  if (found === null || name in kept()) return null;
  return { points: Number(found[1]), features: Number(found[2]) };
}

/** @param {Points} points */
function linkOf(points) {
  const known = written.get(points);
  if (known !== undefined) return known;
  const text = write(/** @type {any} */ (points));
  const { x } = points;
  const name = text.length > LONGEST ? `file-${x.length}x${x[0].length}-${hashOf(text)}` : null;
  written.set(points, { text, name });
  return { text, name };
}

/** @returns {Record<string, string>} */
function kept() {
  return /** @type {Record<string, string>} */ (recallJson("points") ?? {});
}

/** FNV-1a. @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/**
 * Whether something is a table of numbers; what else it says is checked by the server.
 *
 * @param {any} value
 * @returns {value is Parameters<typeof wholePoints>[0]}
 */
function isTable(value) {
  const { x, y } = value ?? {};
  return (
    isNumbers(y) &&
    Array.isArray(x) &&
    x.length === y.length &&
    x.every((row) => isNumbers(row) && row.length === x[0].length)
  );
}

/** @param {any} value */
function isNumbers(value) {
  return Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === "number");
}
