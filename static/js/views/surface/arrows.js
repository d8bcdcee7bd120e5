/** What the step that is shown did to the selected run, as arrows over the surface, and what they are as long as. */

import { create, setText, svg } from "../drawing/dom.js";
import { formatNumber, formatPercent } from "../drawing/numbers.js";
import { paintedBy } from "../drawing/painted.js";
import { NARROW } from "./surface-grid.js";
import { inPlane, vectorsAt } from "./vectors.js";

/**
 * @typedef {import("./paths.js").PixelPath} PixelPath
 * @typedef {import("./vectors.js").InPlane} InPlane
 * @typedef {import("./vectors.js").VectorName} VectorName
 * @typedef {import("../drawing/plotly.js").Axes} Axes
 * @typedef {import("../drawing/theme.js").Theme} Theme
 *
 * @typedef {object} ArrowScene
 * @property {PixelPath | null} path  of the selected run; null: there are no arrows
 * @property {import("./vectors.js").Basis} basis  of the plane
 * @property {Axes} axes
 * @property {Theme} theme
 *
 * @typedef {object} Arrow
 * @property {VectorName} name
 * @property {string} key
 * @property {InPlane} part
 * @property {[number, number]} from  in pixels
 * @property {[number, number]} to
 */

/** How long the longest arrow is drawn, in pixels; all others are as much shorter as they are. */
const [LONGEST, LONGEST_NARROW] = [84, 60];

/** An arrow that is shorter than its head is its head alone. */
const HEAD = 9;

const DIGITS = 3;

/** @type {VectorName[]} */
const NAMES = ["gradient", "momentum", "step"];

/** @type {Record<VectorName, number[]>} */
const DASHES = { gradient: [], momentum: [4, 3], step: [] };

/** @type {Record<VectorName, number>} the others lie on the step, and are seen where they point the same way */
const WIDTHS = { gradient: 1.75, momentum: 1.75, step: 5 };

/** What keeps them apart from the surface. */
const HALO = 3;

/**
 * The arrows of a step, from where it began.
 *
 * @param {ArrowScene} scene
 * @param {number} step
 * @returns {{arrows: Arrow[], times: number}}  times: how many times as long as they are they are drawn
 */
export function arrowsAt({ path, basis, axes }, step) {
  const history = path?.path.run.history ?? null;
  if (path === null || history === null || path.path.stale) return { arrows: [], times: 1 };
  const k = Math.min(step, history.last);
  const record = k - 1 - path.path.first;
  const [x, y] = [path.pixels[2 * record], path.pixels[2 * record + 1]];
  if (record < 0 || k - path.path.first >= path.path.length || !Number.isFinite(x + y))
    return { arrows: [], times: 1 };
  const scale = [axes.width / (axes.x[1] - axes.x[0]), -axes.height / (axes.y[1] - axes.y[0])];
  const found = vectorsAt(history, k).map(({ values, ...vector }) => {
    const part = inPlane(values, basis);
    return { ...vector, part, pixels: part.xy.map((value, i) => value * scale[i]) };
  });
  const longest = Math.max(0, ...found.map(({ pixels }) => Math.hypot(...pixels)).filter(Number.isFinite));
  const times = longest > 0 ? (axes.width < NARROW ? LONGEST_NARROW : LONGEST) / longest : 1;
  const arrows = found.map(({ pixels, ...vector }) => {
    const to = /** @type {[number, number]} */ ([x + times * pixels[0], y + times * pixels[1]]);
    return { ...vector, from: /** @type {[number, number]} */ ([x, y]), to };
  });
  return { arrows, times };
}

export class Arrows {
  element = create("canvas", { class: "paths-lines", "aria-hidden": "true" });
  #scale = create("li");
  #rows = NAMES.map((name) => {
    const [term, length] = [create("b"), create("span")];
    return { name, term, length, row: create("li", { "data-arrow": name }, sampleOf(name), term, length) };
  });
  key = create(
    "ul",
    { class: "surface-arrows", hidden: true },
    ...this.#rows.map(({ row }) => row),
    this.#scale,
  );
  #t;
  #context = /** @type {CanvasRenderingContext2D} */ (this.element.getContext("2d"));
  #ratio = 1;
  /** @type {ArrowScene | null} */
  #scene = null;
  #isClear = true;

  /** @param {import("../types.js").Context["t"]} t */
  constructor(t) {
    this.#t = t;
  }

  /**
   * @param {ArrowScene} scene
   * @param {number} ratio  of the device's pixels to those of the page
   */
  setScene(scene, ratio) {
    [this.#scene, this.#ratio] = [scene, ratio];
    const [wide, high] = [scene.axes.width, scene.axes.height].map((length) => Math.round(length * ratio));
    if (this.element.width !== wide) this.element.width = wide;
    if (this.element.height !== high) this.element.height = high;
    this.key.hidden = scene.path === null;
    this.key.setAttribute("aria-label", this.#t("views.surface.arrows.label"));
    this.key.style.setProperty("--step", scene.path?.path.run.color ?? "");
  }

  /** @param {number} step */
  setStep(step) {
    const scene = this.#scene;
    if (scene === null || (scene.path === null && this.#isClear)) return;
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.element.width, this.element.height);
    this.#isClear = scene.path === null;
    if (scene.path === null) return paintedBy(this.element, () => {});
    const { color } = scene.path.path.run;
    const { arrows, times } = arrowsAt(scene, step);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    const paint = (/** @type {CanvasRenderingContext2D} */ pen) =>
      drawArrows(pen, arrows, color, scene.theme);
    paint(context);
    paintedBy(this.element, paint);
    this.#say(arrows, times);
  }

  /**
   * @param {Arrow[]} arrows
   * @param {number} times
   */
  #say(arrows, times) {
    const t = this.#t;
    for (const { name, term, length, row } of this.#rows) {
      const arrow = arrows.find((other) => other.name === name);
      row.hidden = arrow === undefined;
      if (arrow === undefined) continue;
      setText(term, t(`views.surface.arrows.${name}`, { key: arrow.key }));
      const { norm, share } = arrow.part;
      const params = { norm: formatNumber(norm, DIGITS), percent: formatPercent(share) };
      setText(length, t(`views.surface.arrows.${norm === 0 ? "zero" : "length"}`, params));
    }
    const said = arrows.length === 0 ? "none" : "times";
    setText(this.#scale, t(`views.surface.arrows.${said}`, { times: formatNumber(times, DIGITS) }));
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Arrow[]} arrows
 * @param {string} color  of the step
 * @param {Theme} theme
 */
function drawArrows(context, arrows, color, theme) {
  const seen = arrows.flatMap((arrow) => {
    const shape = shapeOf(arrow);
    return shape === null ? [] : [{ name: arrow.name, ...shape }];
  });
  context.lineJoin = "round";
  context.strokeStyle = theme.halo;
  for (const { name, shaft, head } of seen) {
    context.lineWidth = theme.scale * (WIDTHS[name] + HALO);
    trace(context, shaft);
    context.stroke();
    context.lineWidth = theme.scale * HALO;
    trace(context, head);
    context.closePath();
    context.stroke();
  }
  for (const { name, shaft, head } of seen.reverse()) {
    context.strokeStyle = name === "step" ? color : theme.text;
    context.fillStyle = name === "gradient" ? theme.panel : context.strokeStyle;
    context.lineWidth = theme.scale * WIDTHS[name];
    context.setLineDash(DASHES[name]);
    trace(context, shaft);
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1.5 * theme.scale;
    trace(context, head);
    context.closePath();
    context.fill();
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number][]} corners
 */
function trace(context, corners) {
  context.beginPath();
  corners.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
}

/**
 * @param {Arrow} arrow
 * @returns {{shaft: [number, number][], head: [number, number][]} | null}  corners; null where it has no length
 */
function shapeOf({ from, to }) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (!(length > 0)) return null;
  const [ux, uy] = [dx / length, dy / length];
  const far = Math.max(length, HEAD);
  const at = (/** @type {number} */ way) =>
    /** @type {[number, number]} */ ([from[0] + way * ux, from[1] + way * uy]);
  const [tip, neck] = [at(far), at(far - HEAD)];
  const [wide, high] = [0.5 * HEAD * uy, 0.5 * HEAD * ux];
  return {
    shaft: [from, neck],
    head: [tip, [neck[0] - wide, neck[1] + high], [neck[0] + wide, neck[1] - high]],
  };
}

/**
 * How an arrow looks, for the key.
 *
 * @param {VectorName} name
 */
function sampleOf(name) {
  const size = { width: 26, height: 10, viewBox: "0 0 26 10", "aria-hidden": "true", focusable: "false" };
  const line = {
    d: "M1 5H17",
    "stroke-width": WIDTHS[name],
    "stroke-dasharray": DASHES[name].join(" ") || null,
  };
  return svg(
    "svg",
    size,
    svg("path", line),
    svg("path", { class: "surface-arrow-head", d: "M25 5L17 1V9Z" }),
  );
}
