/**
 * The canvas over the surface: the paths up to a step, their heads, the start and the minima.
 *
 * It is all that a frame draws of the surface. Plotly's drawing beneath stays as it is.
 */

import { markerPath } from "./markers.js";
import { cornersUpTo } from "./paths.js";

/**
 * @typedef {import("./paths.js").PixelPath} PixelPath
 * @typedef {import("./plotly.js").Axes} Axes
 * @typedef {import("./theme.js").Theme} Theme
 *
 * @typedef {object} Scene
 * @property {PixelPath[]} paths
 * @property {Axes} axes
 * @property {Theme} theme
 * @property {string | null} selected  the id of the run that is drawn on top
 * @property {{x: number, y: number, shape: import("./markers.js").MarkerShape}[]} landmarks  in pixels
 */

const LINE = 2;
const SELECTED_LINE = 3;
const HALO = 1.75;
const HEAD = 5.5;
const DIMMED = 0.35;

/** @type {Map<string, Path2D>} */
const shapes = new Map();

/**
 * @param {import("./markers.js").MarkerShape} shape
 * @param {number} radius
 */
function shapeOf(shape, radius) {
  const key = `${shape} ${radius}`;
  let found = shapes.get(key);
  if (found === undefined) shapes.set(key, (found = new Path2D(markerPath(shape, radius))));
  return found;
}

export class PathLayer {
  #context;
  #ratio = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /**
   * Lie exactly over the drawing area, with one canvas pixel for each pixel of the screen.
   *
   * @param {Axes} axes
   * @param {number} ratio  of the device
   */
  place({ left, top, width, height }, ratio) {
    const { canvas } = this;
    this.#ratio = ratio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    Object.assign(canvas.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
  }

  clear() {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * @param {Scene} scene
   * @param {number} step
   */
  draw(scene, step) {
    const context = this.#context;
    this.clear();
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.lineJoin = "round";
    for (const landmark of scene.landmarks) this.#drawLandmark(landmark, scene.theme);
    const ordered = [...scene.paths].sort(
      (a, b) => Number(isSelected(a, scene)) - Number(isSelected(b, scene)),
    );
    for (const path of ordered) this.#drawLine(path, step, scene);
    for (const path of ordered) this.#drawStart(path, scene);
    for (const path of ordered) this.#drawHead(path, step, scene);
    context.globalAlpha = 1;
  }

  /**
   * @param {PixelPath} pixelPath
   * @param {number} step
   * @param {Scene} scene
   */
  #drawLine(pixelPath, step, scene) {
    const context = this.#context;
    const { path, pixels, corners } = pixelPath;
    const { run } = path;
    const width = isSelected(pixelPath, scene) ? SELECTED_LINE : LINE;
    const record = Math.min(step, path.length - 1);
    if (record < 1) return;
    context.beginPath();
    tracePolyline(context, pixels, corners.subarray(0, cornersUpTo(corners, record)), record);
    context.globalAlpha = path.stale ? DIMMED : 1;
    context.setLineDash([]);
    context.lineWidth = width + 2 * HALO;
    context.strokeStyle = scene.theme.halo;
    context.stroke();
    context.setLineDash(run.dash);
    context.lineWidth = width;
    context.strokeStyle = run.color;
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * @param {PixelPath} pixelPath
   * @param {Scene} scene
   */
  #drawStart({ pixels, path }, { theme }) {
    if (!Number.isFinite(pixels[0] + pixels[1])) return;
    const context = this.#context;
    context.globalAlpha = path.stale ? DIMMED : 1;
    context.beginPath();
    context.arc(pixels[0], pixels[1], 4, 0, 2 * Math.PI);
    context.fillStyle = theme.panel;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = theme.text;
    context.stroke();
  }

  /**
   * @param {PixelPath} pixelPath
   * @param {number} step
   * @param {Scene} scene
   */
  #drawHead(pixelPath, step, scene) {
    const { pixels, path } = pixelPath;
    const record = lastFinite(pixels, Math.min(step, path.length - 1));
    if (record < 0) return;
    const context = this.#context;
    const shape = shapeOf(path.run.marker, isSelected(pixelPath, scene) ? HEAD + 1.5 : HEAD);
    context.save();
    context.translate(pixels[2 * record], pixels[2 * record + 1]);
    context.globalAlpha = path.stale ? DIMMED : 1;
    context.lineWidth = 2 * HALO;
    context.strokeStyle = scene.theme.panel;
    context.stroke(shape);
    context.fillStyle = path.run.color;
    context.fill(shape);
    context.restore();
  }

  /**
   * @param {Scene["landmarks"][number]} landmark
   * @param {Theme} theme
   */
  #drawLandmark({ x, y, shape }, theme) {
    const context = this.#context;
    context.save();
    context.translate(x, y);
    const path = shapeOf(shape, 5);
    context.lineWidth = 2.5;
    context.strokeStyle = theme.panel;
    context.stroke(path);
    context.fillStyle = theme.text;
    context.fill(path);
    context.restore();
  }
}

/**
 * @param {PixelPath} path
 * @param {Scene} scene
 */
function isSelected({ path }, { selected }) {
  return path.run.id === selected;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} pixels
 * @param {Int32Array} corners
 * @param {number} last  the record that the line ends at
 */
function tracePolyline(context, pixels, corners, last) {
  let pen = false;
  for (const k of corners) {
    const [x, y] = [pixels[2 * k], pixels[2 * k + 1]];
    if (!Number.isFinite(x + y)) pen = false;
    else if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen ||= Number.isFinite(x + y);
  }
  if (pen && Number.isFinite(pixels[2 * last])) context.lineTo(pixels[2 * last], pixels[2 * last + 1]);
}

/**
 * @param {Float32Array} pixels
 * @param {number} record
 */
function lastFinite(pixels, record) {
  let k = record;
  while (k >= 0 && !Number.isFinite(pixels[2 * k] + pixels[2 * k + 1])) k -= 1;
  return k;
}
