/** One run over its data: what the network says, where it decides, and the samples. */

import { isoline } from "./data-frames.js";
import { create, setText } from "../../drawing/dom.js";
import { glyph } from "../../drawing/markers.js";
import { formatReading } from "../../drawing/numbers.js";
import { paintedBy } from "../../drawing/painted.js";

/**
 * @typedef {import("./data-frames.js").Frame} Frame
 * @typedef {import("./data-frames.js").Samples} Samples
 * @typedef {import("../../types.js").Context} Context
 * @typedef {import("../../types.js").Run} Run
 *
 * @typedef {object} Palette
 * @property {(value: number) => [number, number, number]} color  of an output
 * @property {(value: number) => string} sample  of a target
 * @property {string} text
 * @property {string} muted
 * @property {string} panel
 */

/** Half the size of a sample, in pixels: in a small panel, and in a large one. */
const SMALL_POINT = 2;
const POINT = 3;
const SMALL = 200;

export class DataPanel {
  element;
  #ctx;
  #run;
  #title = create("div", { class: "data-title" });
  #losses = create("div", { class: "data-losses" });
  #canvas = create("canvas", { class: "data-canvas", role: "img" });
  #image = document.createElement("canvas");
  /** @type {Frame | null} */
  #drawn = null;

  /**
   * @param {Run} run
   * @param {Context} ctx
   */
  constructor(run, ctx) {
    this.#run = run;
    this.#ctx = ctx;
    this.#title.append(glyph(run), create("span", {}, run.label));
    const head = create("div", { class: "data-head" }, this.#title, this.#losses);
    this.#canvas.setAttribute("aria-label", run.label);
    this.element = create("figure", { class: "data-panel", "data-run": run.id }, head, this.#canvas);
  }

  /**
   * @param {Frame} frame
   * @param {Palette} palette
   * @param {boolean} anew  whether even an unchanged frame must be drawn
   */
  show(frame, palette, anew) {
    if (!anew && frame.z === this.#drawn?.z) return;
    this.#drawn = frame;
    const { t } = this.#ctx;
    const [train, test] = [frame.trainLoss, frame.testLoss].map(formatReading);
    setText(this.#losses, t("views.data.losses", { train, test }));
    const label = t("views.data.label", { run: this.#run.label, step: frame.step, train, test });
    this.#canvas.setAttribute("aria-label", label);
    this.#draw(frame, palette);
  }

  /**
   * @param {Frame} frame
   * @param {Palette} palette
   */
  #draw(frame, palette) {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#paint(frame, palette);
    const paint = (/** @type {CanvasRenderingContext2D} */ pen) =>
      drawFrame(pen, this.#image, { frame, palette, width, height });
    paint(context);
    paintedBy(this.#canvas, paint);
  }

  /**
   * @param {Frame} frame
   * @param {Palette} palette
   */
  #paint({ film: { side }, z }, palette) {
    const image = this.#image;
    [image.width, image.height] = [side, side];
    const pixels = new ImageData(side, side);
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        const value = z[(side - 1 - row) * side + column];
        const at = 4 * (row * side + column);
        const [red, green, blue] = palette.color(value);
        pixels.data.set([red, green, blue, Number.isFinite(value) ? 255 : 0], at);
      }
    }
    /** @type {CanvasRenderingContext2D} */ (image.getContext("2d")).putImageData(pixels, 0, 0);
  }
}

/** @typedef {(value: number) => number} Scale */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} image  of the outputs
 * @param {{frame: Frame, palette: Palette, width: number, height: number}} shown
 */
function drawFrame(context, image, { frame, palette, width, height }) {
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  const [[left, right], [bottom, top]] = frame.film.window;
  const x = (/** @type {number} */ value) => ((value - left) / (right - left)) * width;
  const y = (/** @type {number} */ value) => ((top - value) / (top - bottom)) * height;
  const isClasses = frame.film.task === "classification";
  const size = width < SMALL ? SMALL_POINT : POINT;
  drawHinges(context, frame.hinges, x, y, palette);
  if (isClasses) drawBoundary(context, frame, width, height, palette);
  drawSamples(context, frame.film.test, x, y, { palette, isClasses, isHeldOut: true, size });
  drawSamples(context, frame.film.train, x, y, { palette, isClasses, isHeldOut: false, size });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} hinges
 * @param {Scale} x
 * @param {Scale} y
 * @param {Palette} palette
 */
function drawHinges(context, hinges, x, y, { text }) {
  context.beginPath();
  for (const [x0, y0, x1, y1] of hinges) {
    context.moveTo(x(x0), y(y0));
    context.lineTo(x(x1), y(y1));
  }
  context.setLineDash([5, 4]);
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  context.strokeStyle = text;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {number} width
 * @param {number} height
 * @param {Palette} palette
 */
function drawBoundary(context, { film: { side }, z }, width, height, { text }) {
  const [across, down] = [width / (side - 1), height / (side - 1)];
  context.beginPath();
  for (const [x0, y0, x1, y1] of isoline(z, side, 0.5)) {
    context.moveTo(x0 * across, height - y0 * down);
    context.lineTo(x1 * across, height - y1 * down);
  }
  context.lineWidth = 2;
  context.lineCap = "round";
  context.strokeStyle = text;
  context.stroke();
}

/**
 * Filled for training, open for held-out samples; classes differ by shape too.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Samples} samples
 * @param {Scale} x
 * @param {Scale} y
 * @param {{palette: Palette, isClasses: boolean, isHeldOut: boolean, size: number}} style
 */
function drawSamples(context, samples, x, y, { palette, isClasses, isHeldOut, size }) {
  for (let i = 0; i < samples.y.length; i += 1) {
    const [px, py] = [x(samples.x[2 * i]), y(samples.x[2 * i + 1])];
    const target = samples.y[i];
    context.beginPath();
    if (isClasses && target < 0.5)
      context.rect(px - size + 0.4, py - size + 0.4, 2 * size - 0.8, 2 * size - 0.8);
    else context.arc(px, py, size, 0, 2 * Math.PI);
    context.fillStyle = isHeldOut ? palette.panel : palette.sample(target);
    context.strokeStyle = isHeldOut ? palette.sample(target) : isClasses ? palette.panel : palette.text;
    context.lineWidth = isHeldOut ? 1.25 : 1;
    context.fill();
    context.stroke();
  }
}
