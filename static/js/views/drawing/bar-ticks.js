/** The numbers along a bar of colours. */

import { setLeaves } from "./dom.js";

/** @typedef {import("./color-scale.js").ColorMap} ColorMap */

/** About what a letter of a number takes of a bar where it is narrowest. */
const LETTER = 7 / 180;

/**
 * The ticks of a bar that do not run into each other.
 *
 * @param {ColorMap | null} colors
 */
export function apartOn(colors) {
  const [low, high] = colors?.domain ?? [0, 1];
  let end = -Infinity;
  return (colors?.ticks ?? []).flatMap(({ at, label }) => {
    const [part, half] = [(at - low) / (high - low), (LETTER * (label.length + 1)) / 2];
    if (part - half < end) return [];
    end = part + half;
    return [{ part, label }];
  });
}

/**
 * Write each number where it lies on the bar.
 *
 * @param {HTMLElement} parent  of the ticks, along the bar
 * @param {ColorMap | null} colors
 */
export function drawBarTicks(parent, colors) {
  const apart = apartOn(colors);
  setLeaves(
    parent,
    apart.map(({ label }) => ({ tag: "span", text: label })),
  );
  apart.forEach(({ part }, i) => {
    /** @type {HTMLElement} */ (parent.children[i]).style.left = `${100 * part}%`;
  });
}
