/**
 * The curves of a line plot on a canvas, with their axes.
 */

import { formatTick } from "../drawing/numbers.js";
import { paintedBy } from "../drawing/painted.js";

/**
 * @typedef {import("./lines-figure.js").Curve} Curve
 * @typedef {import("./lines-figure.js").LinePlot} LinePlot
 * @typedef {import("../drawing/theme.js").Theme} Theme
 * @typedef {import("../types.js").Data} Data
 */

/**
 * Room for ticks at the left, values at the right, and steps below, in pixels.
 *
 * @param {number} scale  of texts
 */
export function marginOf(scale) {
  return { left: 50 * scale, right: 94 * scale, top: 6 * scale, bottom: 4 * scale };
}

/** How dense the shade of a curve is, so that some of them can be seen through each other. */
const BAND_ALPHA = 0.22;

/** Strokes at the foot of a plot, in pixels. */
const MARK = { height: 5, gap: 1 };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LinePlot} plot
 * @param {{clientWidth: number, clientHeight: number, width: number, height: number}} size
 * @param {Theme} theme
 * @param {boolean} hasSteps
 * @param {Data} data
 */
export function drawCurves(canvas, plot, size, theme, hasSteps, data) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.clientWidth * ratio);
  canvas.height = Math.round(size.clientHeight * ratio);
  Object.assign(canvas.style, { width: `${size.clientWidth}px`, height: `${size.clientHeight}px` });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const paint = (/** @type {CanvasRenderingContext2D} */ pen) =>
    paintPlot(pen, plot, size, theme, hasSteps, data.selected);
  paint(context);
  paintedBy(canvas, paint);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LinePlot} plot
 * @param {{width: number, height: number}} size
 * @param {Theme} theme
 * @param {boolean} hasSteps
 * @param {string | null} selected
 */
function paintPlot(context, plot, size, theme, hasSteps, selected) {
  const { left, top } = marginOf(theme.scale);
  context.save();
  context.translate(left, top);
  drawAxes(context, plot, size, theme, hasSteps);
  context.save();
  context.beginPath();
  context.rect(-1, -1, size.width + 2, size.height + 2);
  context.clip();
  for (const curve of plot.curves) shadeSide(context, curve, size, theme);
  for (const curve of plot.curves) drawBand(context, curve);
  for (const curve of plot.curves) drawCurve(context, curve, curve.run.id === selected, theme.scale);
  for (const curve of plot.curves) if (!curve.isSecondary) drawEnd(context, curve, size.height);
  plot.curves
    .filter(({ marks }) => marks.length > 0)
    .forEach((curve, row) => drawMarks(context, curve, size.height - row * (MARK.height + MARK.gap)));
  context.restore();
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LinePlot} plot
 * @param {{width: number, height: number}} size
 * @param {Theme} theme
 * @param {boolean} hasSteps
 */
function drawAxes(context, plot, { width, height }, theme, hasSteps) {
  context.font = `${theme.fontSize}px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.beginPath();
  for (const tick of plot.yTicks) {
    const y = Math.round(plot.y(tick)) + 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.fillText(formatTick(tick), -6 * theme.scale, y, marginOf(theme.scale).left - 7 * theme.scale);
  }
  context.stroke();
  if (!hasSteps) return;
  context.textBaseline = "top";
  for (const tick of plot.xTicks) {
    const x = plot.x(tick);
    context.textAlign = x < theme.fontSize ? "left" : "center";
    context.fillText(String(tick), x, height + 7 * theme.scale);
  }
}

/**
 * The side of a curve where it warns.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 * @param {{height: number}} size
 * @param {Theme} theme
 */
function shadeSide(context, { points, warns }, { height }, theme) {
  if (warns === undefined) return;
  const edge = warns === "above" ? 0 : height;
  context.fillStyle = theme.warning;
  context.beginPath();
  let pen = false;
  for (let i = 0; i < points.length; i += 2) {
    const finite = Number.isFinite(points[i + 1]);
    if (finite && !pen) context.moveTo(points[i], edge);
    if (finite) context.lineTo(points[i], points[i + 1]);
    else if (pen) context.lineTo(points[i - 2], edge);
    pen = finite;
  }
  if (pen) context.lineTo(points[points.length - 2], edge);
  context.fill();
}

/**
 * What neighbouring records reach over.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 */
function drawBand(context, { run, band }) {
  if (band === null) return;
  context.fillStyle = run.color;
  context.globalAlpha = run.stale ? BAND_ALPHA / 2 : BAND_ALPHA;
  context.beginPath();
  for (let i = 3; i < band.length; i += 3) {
    if (!Number.isFinite(band[i - 2] + band[i + 1])) continue;
    context.moveTo(band[i - 3], band[i - 2]);
    context.lineTo(band[i], band[i + 1]);
    context.lineTo(band[i], band[i + 2]);
    context.lineTo(band[i - 3], band[i - 1]);
    context.closePath();
  }
  context.fill();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 * @param {boolean} selected
 * @param {number} scale
 */
function drawCurve(context, { run, points, isSecondary }, selected, scale) {
  context.beginPath();
  let pen = false;
  for (let i = 0; i < points.length; i += 2) {
    const finite = Number.isFinite(points[i + 1]);
    if (finite && pen) context.lineTo(points[i], points[i + 1]);
    else if (finite) context.moveTo(points[i], points[i + 1]);
    pen = finite;
  }
  context.setLineDash(run.dash.map((part) => part * scale));
  context.lineJoin = "round";
  context.lineWidth = scale * (isSecondary ? 1 : selected ? 2.25 : 1.5);
  context.globalAlpha = run.stale ? 0.35 : 1;
  context.strokeStyle = run.color;
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * A stroke at the foot of the plot for each step that is marked.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 * @param {number} bottom
 */
function drawMarks(context, { run, marks }, bottom) {
  context.beginPath();
  for (const x of marks) {
    context.moveTo(x + 0.5, bottom - MARK.height);
    context.lineTo(x + 0.5, bottom);
  }
  context.lineWidth = 1;
  context.strokeStyle = run.color;
  context.stroke();
}

/**
 * A cross where a run left the finite numbers.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 * @param {number} height
 */
function drawEnd(context, { run, points }, height) {
  if (run.history?.ended?.reason !== "diverged") return;
  let last = points.length - 2;
  while (last >= 0 && !Number.isFinite(points[last + 1])) last -= 2;
  if (last < 0) return;
  const [x, y] = [points[last], clamp(points[last + 1], height)];
  context.beginPath();
  for (const [dx, dy] of [
    [-4, -4],
    [-4, 4],
  ]) {
    context.moveTo(x + dx, y + dy);
    context.lineTo(x - dx, y - dy);
  }
  context.lineWidth = 2;
  context.strokeStyle = run.color;
  context.stroke();
}

/**
 * @param {number} pixel
 * @param {number} height
 */
export function clamp(pixel, height) {
  return Number.isNaN(pixel) ? NaN : Math.max(0, Math.min(height, pixel));
}
