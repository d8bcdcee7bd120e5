/** The loss surface as a Plotly figure in three dimensions: a landscape, and paths over it. */

import { colorBar } from "./color-bar.js";
import { dashed } from "./dashes.js";
import { EXPONENT, NARROW, colorsOf, lossOnPlane, rows } from "./surface-grid.js";

/**
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 * @typedef {import("./paths.js").Path} Path
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("./surface-grid.js").Look} Look
 * @typedef {import("../drawing/plotly.js").Figure} Figure
 * @typedef {import("../types.js").ColorScale} ColorScale
 */

/** A landscape is drawn with at most about this many points along each side. */
const LANDSCAPE_SIDE = 101;

/**
 * Every second or third point of a grid that is too fine for a landscape, its edges among them.
 *
 * @param {Grid} grid
 * @returns {Pick<Grid, "x" | "y" | "z">}
 */
function thinnedGrid({ x, y, z }) {
  const [columns, lines] = [x, y].map(({ length }) => {
    const every = Math.ceil((length - 1) / (LANDSCAPE_SIDE - 1));
    const kept = Array.from({ length: Math.floor((length - 1) / every) + 1 }, (_, i) => i * every);
    return kept.at(-1) === length - 1 ? kept : [...kept, length - 1];
  });
  return {
    x: Float64Array.from(columns, (i) => x[i]),
    y: Float64Array.from(lines, (i) => y[i]),
    z: Float64Array.from(lines.flatMap((row) => columns.map((column) => z[row * x.length + column]))),
  };
}

/** What goes along with a run is paler than it. */
const PALE = 0.45;

/** How long the sides of the landscape are beside each other, and how many pixels that is about. */
const ASPECT = [1.15, 1.15, 0.55];
const PIXELS = 300;

/** How far a path lies above the landscape, as a part of its height, so that it can be seen. */
const LIFT = 0.02;

/**
 * The landscape, and under it one line and one head for each path, still without points.
 *
 * @param {Grid} grid
 * @param {Path[]} paths
 * @param {Look} look
 * @returns {Figure}
 */
export function landscapeFigure(grid, paths, look) {
  const colors = colorsOf(grid, look.scale);
  const coarse = thinnedGrid(grid);
  const narrow = look.width < NARROW;
  const surface = {
    type: "surface",
    x: coarse.x,
    y: coarse.y,
    z: rows(coarse, colors),
    colorscale: look.theme.surface,
    cmin: colors?.domain[0] ?? 0,
    cmax: colors?.domain[1] ?? 1,
    showscale: true,
    colorbar: colorBar(colors, look, narrow),
    opacity: 0.85, // what lies behind a slope shows through it
    hoverinfo: "skip",
    lighting: { ambient: 0.75, diffuse: 0.5, specular: 0.08, roughness: 0.9, fresnel: 0.05 },
    contours: { z: { show: false, highlight: false }, x: { highlight: false }, y: { highlight: false } },
  };
  const traces = paths.flatMap(({ run, other }) => [
    {
      type: "scatter3d",
      mode: "lines",
      x: [],
      y: [],
      z: [],
      line: { color: run.color, width: other === undefined ? 5 : 3 },
      opacity: other === undefined ? 1 : PALE,
      hoverinfo: "skip",
    },
    {
      type: "scatter3d",
      mode: "text",
      x: [],
      y: [],
      z: [],
      text: [GLYPHS[run.marker]],
      textposition: "middle center",
      textfont: { color: run.color, size: other === undefined ? HEAD : PALE_HEAD },
      hoverinfo: "skip",
    },
  ]);
  return { data: [surface, ...traces], layout: landscapeLayout(colors, look) };
}

/** @type {Record<import("../drawing/markers.js").MarkerShape, string>} Plotly has no such symbols in three dimensions */
const GLYPHS = {
  circle: "●",
  square: "■",
  diamond: "◆",
  triangle: "▲",
  "triangle-down": "▼",
  cross: "✖",
  plus: "✚",
  star: "★",
};

/** How large they are, in pixels. */
const [HEAD, PALE_HEAD] = [18, 13];

/** Heights that are named at most: seen from above, they stand close together. */
const HEIGHTS = 5;

/**
 * @param {ColorMap | null} colors
 * @param {Look} look
 */
function landscapeLayout(colors, look) {
  const { theme, width, height } = look;
  const every = Math.ceil((colors?.ticks.length ?? 0) / HEIGHTS);
  const ticks = (colors?.ticks ?? []).filter((_, i) => i % every === 0);
  /** @param {string} title */
  const axis = (title) => ({
    title: { text: title, font: { size: theme.fontSize, color: theme.muted } },
    exponentformat: EXPONENT,
    gridcolor: theme.line,
    zerolinecolor: theme.line,
    tickfont: { size: theme.fontSize, color: theme.muted },
    showbackground: false,
    showspikes: false,
    nticks: 5,
  });
  return {
    width,
    height,
    autosize: false,
    uirevision: look.revision,
    margin: width < NARROW ? { l: 28, r: 28, t: 48, b: 0 } : { l: 0, r: 72, t: 0, b: 0 },
    paper_bgcolor: "transparent",
    font: { family: theme.font, size: theme.fontSize, color: theme.text },
    showlegend: false,
    hovermode: false,
    scene: {
      uirevision: look.revision,
      aspectmode: "manual",
      aspectratio: { x: ASPECT[0], y: ASPECT[1], z: ASPECT[2] },
      camera: { eye: eyeFor(width), center: { x: 0, y: 0, z: -0.15 } },
      dragmode: "orbit",
      xaxis: { ...axis(look.axisTitles[0]), range: look.range[0] },
      yaxis: { ...axis(look.axisTitles[1]), range: look.range[1] },
      zaxis: {
        ...axis(look.lossLabel),
        tickmode: "array",
        tickvals: ticks.map(({ at }) => at),
        ticktext: ticks.map(({ label }) => label),
      },
    },
  };
}

/**
 * Where the landscape is looked at from: steeply enough to see into its valleys, and where there is little room from
 * further away, so that what is written on its axes is in sight.
 *
 * @param {number} width
 */
function eyeFor(width) {
  const far = width < NARROW ? 1.22 : 1;
  return { x: -1 * far, y: -1.1 * far, z: 1.9 * far };
}

/**
 * What the traces of the paths hold at a step, for one `restyle`.
 *
 * @param {Grid} grid
 * @param {Path[]} paths
 * @param {number} step
 * @param {ColorScale} scale
 * @returns {{update: Record<string, number[][]>, traces: number[]}}
 */
export function landscapePaths(grid, paths, step, scale) {
  const colors = colorsOf(grid, scale);
  const distance = distanceIn(grid, colors);
  const lift = colors === null ? 0 : LIFT * (colors.domain[1] - colors.domain[0]);
  /** @type {Record<"x" | "y" | "z", number[][]>} */
  const update = { x: [], y: [], z: [] };
  for (const path of paths) {
    const points = thinned(Math.min(step - path.first, path.length - 1)).map((k) => {
      const [x, y] = [path.xy[2 * k], path.xy[2 * k + 1]];
      const loss = lossOnPlane(grid, x, y);
      const inside = colors !== null && Number.isFinite(loss);
      return inside ? [x, y, colors.position(loss) + lift] : OUTSIDE;
    });
    const line = dashed(points, path.run.dash, distance);
    const head = points.slice(-1);
    for (const part of [line, head]) {
      update.x.push(part.map(([x]) => x));
      update.y.push(part.map(([, y]) => y));
      update.z.push(part.map(([, , z]) => z));
    }
  }
  return { update, traces: update.x.map((_, i) => i + 1) };
}

/**
 * How far points lie apart as they are drawn.
 *
 * @param {Grid} grid
 * @param {ColorMap | null} colors
 * @returns {(a: number[], b: number[]) => number}  in pixels, about
 */
function distanceIn({ x, y }, colors) {
  const [low, high] = colors?.domain ?? [0, 1];
  const sizes = [x[x.length - 1] - x[0], y[y.length - 1] - y[0], high - low];
  const scales = sizes.map((size, axis) => (ASPECT[axis] * PIXELS) / size);
  return (a, b) => Math.hypot(...scales.map((scale, axis) => scale * (b[axis] - a[axis])));
}

/** A point beyond the landscape is not drawn: Plotly would lose the landscape over coordinates of 1e14. */
const OUTSIDE = [NaN, NaN, NaN];

/** A path in three dimensions is drawn with at most this many points. */
const LANDSCAPE_POINTS = 400;

/**
 * @param {number} last
 * @returns {number[]} points from 0 to `last`, evenly; none before the path begins
 */
function thinned(last) {
  if (last < 0) return [];
  const every = Math.max(1, Math.ceil(last / LANDSCAPE_POINTS));
  const records = [];
  for (let k = 0; k < last; k += every) records.push(k);
  return [...records, last];
}
