/**
 * A problem as a small picture, from its own values: levels of a function, or the samples of a dataset.
 */

import { html } from "../../../vendor/preact/htm-preact.js";

/** @typedef {import("../../wire.d.ts").Picture} Picture */

const LEVELS = 12;
/** Colours of the scale of surfaces, from the lowest. */
const COLOURS = 7;
const WIDTH = 36;
const HEIGHT = 24;

/** @param {{picture: Picture | null | undefined}} props */
export function ProblemPicture({ picture }) {
  return html`<svg
    class="problem-picture"
    viewBox=${`0 0 ${WIDTH} ${HEIGHT}`}
    aria-hidden="true"
    focusable="false"
  >
    ${picture?.kind === "contour" && contour(picture)} ${picture?.kind === "scatter" && scatter(picture)}
    ${picture?.kind === "matrix" && matrix(picture)}
  </svg>`;
}

/** @param {Picture} picture */
function contour({ rows }) {
  return Array.from(runsOf(rows), (path, colour) => html`<path class=${`picture-${colour}`} d=${path} />`);
}

/**
 * A matrix as a square in the middle.
 *
 * @param {Picture} picture
 */
function matrix(picture) {
  const size = HEIGHT / picture.rows.length;
  return html`<g transform=${`translate(${(WIDTH - HEIGHT) / 2} 0) scale(${size})`}>${contour(picture)}</g>`;
}

/**
 * The cells of each colour as one path, a rectangle for each stretch of a row.
 *
 * @param {string[]} rows  of levels
 * @returns {string[]}  by colour
 */
export function runsOf(rows) {
  const paths = Array.from({ length: COLOURS }, () => "");
  rows.forEach((row, y) => {
    const colours = Array.from(row, (level) => colourOf(parseInt(level, LEVELS)));
    for (let x = 0; x < colours.length;) {
      let end = x + 1;
      while (colours[end] === colours[x]) end += 1;
      paths[colours[x]] += `M${x} ${y}h${end - x}v1H${x}z`;
      x = end;
    }
  });
  return paths;
}

/** @param {Picture} picture */
function scatter({ points }) {
  return points.map(
    ([x, y, level], index) =>
      html`<circle
        key=${index}
        class=${level * 2 < LEVELS ? "picture-low" : "picture-high"}
        cx=${x * WIDTH}
        cy=${(1 - y) * HEIGHT}
        r="0.9"
      />`,
  );
}

/** @param {number} level */
function colourOf(level) {
  return Math.floor((level * COLOURS) / LEVELS);
}
