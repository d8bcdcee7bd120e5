/** What Plotly draws of the loss surface on its plane: contour lines, axes and the colour bar; its colours lie beneath. */

import { colorBar } from "./color-bar.js";
import { levels } from "../drawing/color-scale.js";
import { EXPONENT, NARROW, colorsOf, rows } from "./surface-grid.js";

/**
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("./surface-grid.js").Look} Look
 * @typedef {import("../drawing/plotly.js").Figure} Figure
 */

const CONTOURS = 14;

/**
 * @param {Grid} grid
 * @param {Look} look
 * @returns {Figure}
 */
export function contourFigure(grid, look) {
  const colors = colorsOf(grid, look.scale);
  const narrow = look.width < NARROW;
  const lines = {
    type: "contour",
    x: grid.x,
    y: grid.y,
    z: rows(grid, colors),
    autocontour: false,
    contours: { coloring: "none", ...(colors === null ? {} : levels(colors.domain, CONTOURS)) },
    line: { color: look.theme.contour, width: 1, smoothing: 0.6 },
    hoverinfo: "skip",
  };
  return { data: [lines, scaleOf(colors, look, narrow)], layout: contourLayout(look, narrow) };
}

/**
 * A trace without points, which has the colour bar.
 *
 * @param {ColorMap | null} colors
 * @param {Look} look
 * @param {boolean} narrow
 */
function scaleOf(colors, look, narrow) {
  const [cmin, cmax] = colors?.domain ?? [0, 1];
  const marker = { color: [cmin], cmin, cmax, colorscale: look.theme.surface, showscale: true };
  return {
    type: "scatter",
    uid: narrow ? "across" : "upright", // Plotly leaves the labels of a bar behind that turns
    mode: "markers",
    x: [null],
    y: [null],
    marker: { ...marker, colorbar: colorBar(colors, look, narrow) },
    hoverinfo: "skip",
  };
}

/**
 * @param {Look} look
 * @param {boolean} narrow
 */
function contourLayout(look, narrow) {
  const { theme, width, height, range } = look;
  const sides = narrow ? { l: 58, r: 12, t: 52, b: 48 } : { l: 66, r: 72, t: 12, b: 44 };
  const { l, r, t, b } = sides;
  const margin = {
    ...{ l: l * theme.scale, r: r * theme.scale, t: t * theme.scale, b: b * theme.scale },
    autoexpand: false,
  }; // the colours lie there before Plotly could widen it
  const axisTitles = [
    folded(look.axisTitles[0], (width - margin.l - margin.r) / theme.scale),
    folded(look.axisTitles[1], (height - margin.t - margin.b) / theme.scale),
  ];
  if (axisTitles[1].includes(BREAK)) margin.l += LINE * theme.scale;
  if (axisTitles[0].includes(BREAK)) margin.b += LINE * theme.scale;
  /** @param {0 | 1} i */
  const axis = (i) => ({
    title: {
      text: axisTitles[i],
      font: { size: theme.fontSize, color: theme.muted },
      standoff: (narrow ? 29 : 6) * theme.scale,
    },
    range: range[i],
    exponentformat: EXPONENT,
    showgrid: false,
    zeroline: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: theme.line,
    tickfont: { size: theme.fontSize, color: theme.muted },
    nticks: narrow ? 5 : 8,
    linecolor: theme.line,
    mirror: true,
    showline: true,
  });
  return {
    width,
    height,
    autosize: false,
    uirevision: look.revision,
    margin,
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: theme.font, size: theme.fontSize, color: theme.text },
    xaxis: axis(0),
    yaxis: axis(1),
    hovermode: false,
    dragmode: "pan",
    showlegend: false,
  };
}

/** What begins another line of a title, and how high a line is. */
const BREAK = "<br>";
const LINE = 16;

/** How wide letters are at most, in pixels: those of Latin, and those of Chinese. */
const [LATIN, WIDE] = [6.4, 12.2];

/**
 * A title on two lines if it is longer than its axis.
 *
 * @param {string} title
 * @param {number} room  in pixels
 */
export function folded(title, room) {
  const widths = Array.from(title, (letter) => (letter > "\u2e80" ? WIDE : LATIN));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  if (whole <= room) return title;
  const middle = title.length / 2;
  const gaps = Array.from(title.matchAll(/[ ：，](?!=|%|[\d·])/g), ({ index }) => index + 1);
  if (gaps.length === 0) return title;
  const at = gaps.reduce((best, gap) => (Math.abs(gap - middle) < Math.abs(best - middle) ? gap : best));
  return `${title.slice(0, at).trimEnd()}${BREAK}${title.slice(at)}`;
}
