/**
 * What lies over the surface and moves: the paths up to a step on a canvas, and the head of each.
 *
 * A frame of playing adds to the canvas what is new since the last one; only going back, zooming or a change of the
 * runs draws the paths anew. The heads are elements that the compositor moves.
 */

import { create, svg } from "../drawing/dom.js";
import { FreezeMarks, headKind } from "./freeze-marks.js";
import { markerPath } from "../drawing/markers.js";
import { movingOptima } from "./moving-optimum.js";
import { isSelected, strokeMarks, strokePath } from "./path-strokes.js";
import { cornersUpTo } from "./paths.js";
import { paintedBy } from "../drawing/painted.js";
import { coverAxes } from "../drawing/plotly.js";
import { untrueMarks } from "./projection.js";
import { Tags } from "./tags.js";

/**
 * @typedef {import("./paths.js").PixelPath} PixelPath
 * @typedef {import("../drawing/plotly.js").Axes} Axes
 * @typedef {import("../drawing/theme.js").Theme} Theme
 *
 * @typedef {object} Scene
 * @property {PixelPath[]} paths
 * @property {Axes} axes
 * @property {Theme} theme
 * @property {number} lossRange  of all paths
 * @property {string | null} selected  the id of the run that is drawn on top
 * @property {import("./landmarks.js").Landmark[]} landmarks
 * @property {[number, number] | null} lowest  the lowest minimum that is known
 */

const HEAD = 5.5;

/** The head of what goes along with a run. */
const OTHER_HEAD = 4;

/** Around the head of a run of which something is frozen, in pixels. */
const RING = 11;

/** From crossbar to crossbar where the surface shows much another loss, in pixels. */
const MARK_GAP = 16;

export class PathLayer {
  #canvas = create("canvas", { class: "paths-lines", role: "img" });
  #still = svg("svg", { class: "paths-still", "aria-hidden": "true" });
  #moving = create("div", { class: "paths-heads", "aria-hidden": "true" });
  #context;
  #ratio = 1;
  /** @type {Scene | null} */
  #scene = null;
  /** @type {SVGSVGElement[]} */
  #heads = [];
  /** @type {import("./moving-optimum.js").MovingOptimum[]} */
  #optima = [];
  /** @type {number[]} for each path, how many of its corners are on the canvas */
  #drawn = [];
  /** @type {import("./projection.js").Mark[][]} for each path, where the surface is not true to it */
  #marks = [];
  /** @type {number[]} for each path, how many of its marks are on the canvas */
  #marked = [];

  #turns = new FreezeMarks();
  #tags;
  /** @type {import("./tags.js").Box[]} */
  #inTheWay = [];

  /** @param {import("../types.js").Context["t"]} t */
  constructor(t) {
    this.#context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    paintedBy(this.#canvas, (context) => this.#paint(context));
    this.#tags = new Tags(t);
    this.element = create(
      "div",
      { class: "paths" },
      this.#canvas,
      this.#still,
      this.#moving,
      this.#tags.element,
    );
  }

  /** @param {string} label  of the picture, to a screen reader */
  describe(label) {
    this.#canvas.setAttribute("aria-label", label);
  }

  /**
   * @param {Scene} scene
   * @param {number} ratio  of the device's pixels to those of the page
   */
  setScene(scene, ratio) {
    this.#ratio = ratio;
    this.#place(scene.axes);
    const paths = [...scene.paths].sort((a, b) => rank(a, scene) - rank(b, scene));
    this.#scene = { ...scene, paths };
    this.#marks = paths.map((path) =>
      path.path.other === undefined ? untrueMarks(path, scene.lossRange, MARK_GAP) : [],
    );
    this.#clear();
    this.#still.replaceChildren(
      ...scene.landmarks.map(makeLandmark),
      ...paths.flatMap(makeStart),
      this.#turns.element,
    );
    this.#turns.setPaths(paths);
    this.#heads = paths.map((path) => makeHead(path, isSelected(path, scene)));
    this.#optima = movingOptima(paths, scene.axes, scene.lowest);
    this.#moving.replaceChildren(...this.#optima.map(({ element }) => element), ...this.#heads);
    this.#tags.setPaths(paths);
  }

  /** @param {import("./tags.js").Box[]} boxes  that lie over the drawing area, where no tag may stand */
  avoid(boxes) {
    this.#inTheWay = boxes;
  }

  /** Whether the surface is far from the truth anywhere on the paths. */
  get hasMarks() {
    return this.#marks.some((marks) => marks.length > 0);
  }

  /** @param {number} step */
  setStep(step) {
    const scene = this.#scene;
    if (scene === null) return;
    const corners = scene.paths.map(({ corners: all, path }) => cornersUpTo(all, step - path.first));
    if (corners.some((count, i) => count < this.#drawn[i])) this.#clear();
    this.element.classList.toggle("is-under-way", step > 0);
    const context = this.#context;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    scene.paths.forEach((path, i) => {
      if (corners[i] > this.#drawn[i]) this.#extend(path, this.#drawn[i], corners[i], scene);
      this.#mark(path, i, step, scene);
    });
    const heads = scene.paths.map((path) => headOf(path, step));
    heads.forEach((head, i) => moveHead(this.#heads[i], head));
    this.#heads.forEach((head, i) => (head.dataset.kind = headKind(scene.paths[i], step)));
    this.#optima.forEach((optimum) => optimum.moveTo(step));
    this.#turns.setStep(step);
    const { width, height } = scene.axes;
    const { scale } = scene.theme;
    this.#tags.move(scene.paths, heads, { range: scene.lossRange, width, height, inTheWay: this.#inTheWay, scale }); // prettier-ignore
    this.#drawn = corners;
  }

  /**
   * Lie exactly over the drawing area, with one canvas pixel for each pixel of the screen.
   *
   * @param {Axes} axes
   */
  #place(axes) {
    const canvas = this.#canvas;
    const [wide, high] = [axes.width, axes.height].map((length) => Math.round(length * this.#ratio));
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    coverAxes(this.element, axes);
  }

  #clear() {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#drawn = this.#scene?.paths.map(() => 0) ?? [];
    this.#marked = this.#scene?.paths.map(() => 0) ?? [];
  }

  /**
   * Draw a path from one corner to another. The halo goes beneath all lines that are there, so that a path drawn in
   * pieces looks like one drawn at once.
   *
   * @param {PixelPath} path
   * @param {number} from  corners that are drawn already
   * @param {number} to
   * @param {Scene} scene
   */
  #extend(path, from, to, scene) {
    const context = this.#context;
    strokePath(context, path, { from, to }, scene, (stroke) => {
      stroke("line");
      context.globalCompositeOperation = "destination-over";
      stroke("halo");
      context.globalCompositeOperation = "source-over";
    });
  }

  /**
   * The crossbars of a path up to a step.
   *
   * @param {PixelPath} path
   * @param {number} i
   * @param {number} step
   * @param {Scene} scene
   */
  #mark(path, i, step, scene) {
    const from = this.#marked[i];
    const marks = this.#marks[i];
    while (this.#marked[i] < marks.length && marks[this.#marked[i]].record <= step - path.path.first)
      this.#marked[i] += 1;
    strokeMarks(this.#context, path, marks.slice(from, this.#marked[i]), scene);
  }

  /**
   * All that is on the canvas: the halos beneath, then the lines.
   *
   * @param {CanvasRenderingContext2D} context
   */
  #paint(context) {
    const scene = this.#scene;
    if (scene === null) return;
    for (const part of /** @type {const} */ (["halo", "line"]))
      scene.paths.forEach((path, i) =>
        strokePath(context, path, { from: 0, to: this.#drawn[i] }, scene, (stroke) => stroke(part)),
      );
    scene.paths.forEach((path, i) =>
      strokeMarks(context, path, this.#marks[i].slice(0, this.#marked[i]), scene),
    );
  }
}

/**
 * What lies beneath what: that which goes along with runs, the runs, the selected one, its central flow.
 *
 * @param {PixelPath} path
 * @param {Scene} scene
 */
function rank(path, scene) {
  if (path.path.other === "flow") return 4;
  return (path.path.other === undefined ? 2 : 0) + Number(isSelected(path, scene));
}

/**
 * @param {PixelPath} path
 * @param {boolean} selected
 * @returns {SVGSVGElement}
 */
function makeHead({ path: { run, stale, other } }, selected) {
  const radius = other !== undefined ? OTHER_HEAD : selected ? HEAD + 1.5 : HEAD;
  return svg(
    "svg",
    {
      class: stale ? "paths-head is-stale" : "paths-head",
      viewBox: "-12 -12 24 24",
      ...(other === undefined ? { "data-run": run.id } : { "data-other": `${run.id} ${other}` }),
    },
    svg("circle", { class: "paths-ring", r: RING }),
    svg("path", { d: markerPath(run.marker, radius), fill: run.color }),
    ...(other === undefined
      ? []
      : [svg("path", { class: "paths-hole", d: markerPath(run.marker, radius - 2) })]),
  );
}

/**
 * Where a path stands at a step: at its last record that is finite.
 *
 * @param {PixelPath} path
 * @param {number} step
 * @returns {{x: number, y: number, record: number} | null}  null before it begins
 */
function headOf({ pixels, path }, step) {
  let record = Math.min(step - path.first, path.length - 1);
  while (record >= 0 && !Number.isFinite(pixels[2 * record] + pixels[2 * record + 1])) record -= 1;
  if (record < 0) return null;
  const [x, y] = [pixels[2 * record], pixels[2 * record + 1]].map((pixel) => clamp(pixel));
  return { x, y, record };
}

/** A mark beyond this is outside any screen, wherever it is. */
const FAR = 1e5;

/** @param {number} pixel */
function clamp(pixel) {
  return Math.min(Math.max(pixel, -FAR), FAR);
}

/**
 * @param {SVGSVGElement} element
 * @param {{x: number, y: number} | null} head
 */
function moveHead({ style }, head) {
  style.visibility = head === null ? "hidden" : "visible";
  if (head !== null) style.transform = `translate(${head.x.toFixed(2)}px, ${head.y.toFixed(2)}px)`;
}

/**
 * @param {PixelPath} path
 * @returns {SVGElement[]}
 */
function makeStart({ pixels, path: { other } }) {
  const [x, y] = pixels;
  if (other !== undefined || !Number.isFinite(x + y)) return [];
  return [svg("circle", { class: "paths-start", cx: x, cy: y, r: 4 })];
}

/** @param {Scene["landmarks"][number]} landmark */
function makeLandmark({ x, y, shape, label }) {
  const name = label === "" ? [] : [svg("text", { class: "paths-landmark-name", y: -9 }, label)];
  const mark = svg("path", { class: "paths-landmark", d: markerPath(shape, 5) });
  return svg("g", { transform: `translate(${x} ${y})` }, mark, ...name);
}
