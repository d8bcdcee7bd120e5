/** How the paths over the surface are drawn: lines of their runs' colours on halos that keep them apart from it. */

import { visiblePieces } from "./paths.js";

/**
 * @typedef {import("./paths.js").PixelPath} PixelPath
 * @typedef {import("./path-layer.js").Scene} Scene
 * @typedef {import("./projection.js").Mark} Mark
 * @typedef {"line" | "halo"} Part
 */

const LINE = 2;
const SELECTED_LINE = 3;
const HALO = 1.75;
const DIMMED = 0.35;

/** What goes along with a run is paler than it, and dotted or dashed: its average, z, and the same run without freezing. */
const PALE = 0.7;
const OTHER_LINE = 1.75;
const OTHER_HALO = 1;
const OTHER_DASHES = { average: [2.5, 2], z: [7, 5], unfrozen: [3, 4], flow: [8, 3, 2, 3] };

const CROSSBAR = 4.5;

/**
 * @param {PixelPath} path
 * @param {Scene} scene
 */
export function isSelected({ path }, { selected }) {
  return path.run.id === selected;
}

/**
 * Draw a path from one corner to another.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PixelPath} path
 * @param {{from: number, to: number}} corners  from: how many are drawn already
 * @param {Scene} scene
 * @param {(stroke: (part: Part) => void) => void} inTurn  draws the parts of a piece in the order that it wants
 */
export function strokePath(context, path, { from, to }, scene, inTurn) {
  const { run, stale, other } = path.path;
  const { scale, halo } = scene.theme;
  const width = scale * (other !== undefined ? OTHER_LINE : isSelected(path, scene) ? SELECTED_LINE : LINE);
  const dash = (other === undefined ? run.dash : OTHER_DASHES[other]).map((part) => part * scale);
  const color = other === "flow" ? scene.theme.text : run.color; // it lies over the run's own path
  const first = Math.max(0, from - 2); // the join with the piece before belongs to the line
  context.lineJoin = "round";
  context.globalAlpha = stale ? DIMMED : other !== undefined && other !== "flow" ? PALE : 1;
  for (const { points, along } of visiblePieces(path, first, to, scene.axes)) {
    trace(context, points);
    inTurn((part) => {
      const isLine = part === "line";
      context.setLineDash(dash);
      context.lineDashOffset = along;
      context.lineWidth = isLine ? width : width + 2 * scale * (other === undefined ? HALO : OTHER_HALO);
      context.strokeStyle = isLine ? color : halo;
      context.stroke();
    });
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * Crossbars along a path, where the plane shows much another loss than the run has.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PixelPath} path
 * @param {Mark[]} marks
 * @param {Scene} scene
 */
export function strokeMarks(context, { path }, marks, { theme: { scale, halo } }) {
  const size = scale * CROSSBAR;
  context.beginPath();
  for (const { x, y, angle } of marks) {
    const [dx, dy] = [-size * Math.sin(angle), size * Math.cos(angle)];
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
  }
  context.globalAlpha = path.stale ? DIMMED : 1;
  context.lineWidth = 3.5 * scale;
  context.strokeStyle = halo;
  context.stroke();
  context.lineWidth = 1.5 * scale;
  context.strokeStyle = path.run.color;
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} points
 */
function trace(context, points) {
  context.beginPath();
  context.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
}
