/** The surface as contours on a plane, with the paths on a canvas over it. */

import { colorScaleOf } from "../drawing/color-scale.js";
import { create, setText, svg } from "../drawing/dom.js";
import { describePlace, describePoint, endsOf, titlesOf } from "./surface-words.js";
import { Arrows } from "./arrows.js";
import { PathLayer } from "./path-layer.js";
import { INSET, keyPlace } from "./key-place.js";
import { describeLandmark, landmarkAt, landmarksOf } from "./landmarks.js";
import { lowestOf } from "./moving-optimum.js";
import { lossRange } from "./projection.js";
import { nearestPoint, othersOf, pathsOf, toPixels } from "./paths.js";
import { pathsHaveMoved } from "../../timing.js";
import { axes, axesOf, coverAxes, draw, listen, loadFlat, purge } from "../drawing/plotly.js";
import { contourFigure } from "./contour-figure.js";
import { extentOf, lossOnPlane } from "./surface-grid.js";
import { StartHandle } from "../drawing/start-handle.js";
import { SurfaceColors } from "./surface-colors.js";
import { Tooltip } from "../drawing/tooltip.js";
import { basisOf } from "./vectors.js";
import { decodeArray } from "../../jsonl.js";

/**
 * @typedef {import("./path-layer.js").Scene} Scene
 * @typedef {import("../drawing/plotly.js").Axes} Axes
 * @typedef {import("../drawing/plotly.js").Figure} Figure
 * @typedef {import("./surface-grid.js").Look} Look
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("../drawing/theme.js").Theme} Theme
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Window} Window
 */

/** How near the pointer must come to a point of a path to mean it. */
const REACH = 16;

/** How long the axes must rest before a finer surface is computed for what they show. */
const REST_MS = 200;

export class SurfacePlane {
  #ctx;
  #stage;
  #plot = create("div", { class: "surface-plot" });
  #reset = create("button", { class: "surface-reset", type: "button", hidden: true });
  #colors = new SurfaceColors();
  /** @type {Figure | null} what Plotly draws, or will once it is there */
  #figure = null;
  /** @type {Look | null} */
  #look = null;
  #trouble = create("p", { class: "surface-trouble", role: "status", hidden: true });
  /** @type {"waiting" | "ready" | "destroyed"} whether Plotly is there */
  #plotly = "waiting";
  /** What has no finite loss shows what lies beneath the surface. */
  #hatching = create("div", { class: "surface-hatching", hidden: true });
  #layer;
  #arrows;
  #handle;
  #keyText = create("span");
  #key = create("p", { class: "surface-key", hidden: true }, crossbarGlyph(), this.#keyText);
  #tooltip;
  /** @type {Data | null} */
  #data = null;
  /** @type {Grid | null} */
  #grid = null;
  /** @type {Theme | null} */
  #theme = null;
  /** @type {Scene | null} null until it has been mapped to pixels */
  #scene = null;
  #step = 0;
  #drawn = "";
  #revision = "";
  /** @type {{revision: string, range: Window} | null} all of the surface, as last seen */
  #whole = null;
  /** Whether a person has moved the axes, and no window was asked for yet. */
  #isMoved = false;
  /** Whether a pointer is down: what Plotly is dragging must not be drawn anew under it. */
  #isHeld = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** @type {Grid | null} the grid that Plotly has drawn */
  #drawnGrid = null;

  /**
   * @param {HTMLElement} stage
   * @param {Context} ctx
   */
  constructor(stage, ctx) {
    this.#ctx = ctx;
    this.#stage = stage;
    this.#handle = new StartHandle(ctx);
    this.#layer = new PathLayer(ctx.t);
    this.#arrows = new Arrows(ctx.t);
    this.#layer.element.append(this.#arrows.element, this.#handle.element);
    stage.append(this.#hatching, this.#colors.element, this.#plot, this.#layer.element);
    stage.append(this.#key, this.#arrows.key, this.#reset, this.#trouble);
    this.#tooltip = new Tooltip(stage);
    this.#reset.addEventListener("click", () => this.#resetZoom());
    stage.addEventListener("pointermove", this.#onPointerMove);
    stage.addEventListener("pointerleave", this.#onPointerLeave);
    stage.addEventListener("dblclick", this.#onDoubleClick);
    stage.addEventListener("pointerdown", this.#onPointerDown, { capture: true });
    addEventListener("pointerup", this.#onPointerUp);
    addEventListener("pointercancel", this.#onPointerUp);
  }

  /**
   * @param {Data} data
   * @param {Grid} grid
   * @param {Theme} theme
   */
  update(data, grid, theme) {
    [this.#data, this.#grid, this.#theme] = [data, grid, theme];
    this.#layer.describe(this.#ctx.t("views.surface.label"));
    this.#reset.textContent = this.#ctx.t("views.surface.reset");
    this.#keyText.textContent = this.#ctx.t("views.surface.crossbars");
    if (!this.#isHeld) this.#draw();
    this.#map();
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    this.#layer.setStep(step);
    this.#arrows.setStep(step);
  }

  destroy() {
    const stage = this.#stage;
    stage.removeEventListener("pointermove", this.#onPointerMove);
    stage.removeEventListener("pointerleave", this.#onPointerLeave);
    stage.removeEventListener("dblclick", this.#onDoubleClick);
    stage.removeEventListener("pointerdown", this.#onPointerDown, { capture: true });
    removeEventListener("pointerup", this.#onPointerUp);
    removeEventListener("pointercancel", this.#onPointerUp);
    clearTimeout(this.#rest);
    this.#tooltip.remove();
    this.#handle.destroy();
    if (this.#plotly === "ready") purge(this.#plot);
    this.#plotly = "destroyed";
    stage.replaceChildren();
  }

  #draw() {
    const [data, grid, theme] = [this.#data, this.#grid, this.#theme];
    if (data === null || grid === null || theme === null) return;
    const { t } = this.#ctx;
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const [lossLabel, scale, revision] = [
      t("views.surface.loss"),
      colorScaleOf(data),
      data.surface?.frame ?? "",
    ];
    const range = this.#range(data, grid, revision);
    const titles = titlesOf(grid, this.#ctx);
    const drawn = [scale, data.theme, width, height, lossLabel, ...titles, revision, range].join("|");
    if (drawn === this.#drawn && grid === this.#drawnGrid) return;
    const first = this.#drawnGrid === null;
    [this.#drawn, this.#drawnGrid, this.#revision] = [drawn, grid, revision];
    const ends = endsOf(t);
    const look = { theme, scale, width, height, lossLabel, ends, axisTitles: titles, range, revision };
    this.#look = look;
    this.#figure = contourFigure(grid, look);
    if (this.#plotly === "ready") this.#plotFigure();
    else if (first) void this.#awaitPlotly();
  }

  /** The paths over the surface move first; its lines and axes follow. */
  async #awaitPlotly() {
    await pathsHaveMoved(this.#ctx.player);
    try {
      await loadFlat();
    } catch {
      this.#trouble.hidden = false;
      return setText(this.#trouble, this.#ctx.t("views.surface.noAxes"));
    }
    if (this.#plotly === "destroyed") return;
    this.#plotly = "ready";
    this.#plotFigure();
    this.#follow();
    this.#map();
    this.setStep(this.#step);
  }

  #plotFigure() {
    draw(this.#plot, /** @type {Figure} */ (this.#figure), { scrollZoom: true });
  }

  /** Where the surface lies: on Plotly's axes, or where they will be. */
  #axes() {
    return axes(this.#plot) ?? (this.#figure === null ? null : axesOf(this.#figure));
  }

  /** @param {Axes} area */
  #placeKey(area) {
    const { offsetWidth: width, offsetHeight: height } = this.#key;
    const { left, top } = keyPlace(this.#scene?.paths ?? [], { width, height }, area);
    const style = { left: `${area.left + left}px`, top: `${area.top + top}px`, bottom: "auto" };
    Object.assign(this.#key.style, style);
  }

  /**
   * What the axes show: what a person has just moved them to, the window that was asked for, or all there is.
   *
   * @param {Data} data
   * @param {Grid} grid
   * @param {string} revision
   * @returns {Window}
   */
  #range({ window, surface }, grid, revision) {
    const moved = this.#isMoved && revision === this.#revision ? axes(this.#plot) : null;
    if (moved !== null) return [moved.x, moved.y];
    if (surface?.window === null) this.#whole = { revision, range: extentOf(grid) };
    if (window !== null) return window;
    return this.#whole?.revision === revision ? this.#whole.range : extentOf(grid);
  }

  /** Keep the canvas on Plotly's axes while they are zoomed and dragged, and ask for a finer surface after it. */
  #follow() {
    for (const event of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]) {
      listen(this.#plot, event, () => {
        this.#map();
        this.setStep(this.#step);
      });
    }
    listen(this.#plot, "plotly_relayout", () => this.#lookCloser());
  }

  /** A person has zoomed or dragged: a finer surface is asked for once that rests. */
  #lookCloser() {
    this.#isMoved = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      const mapped = axes(this.#plot);
      this.#isMoved = false;
      if (mapped !== null) this.#ctx.onView({ window: roundedWindow(mapped) });
    }, REST_MS);
  }

  #map() {
    const mapped = this.#axes();
    if (mapped === null || this.#data === null || this.#theme === null) return;
    const ratio = window.devicePixelRatio || 1;
    if (this.#drawnGrid !== null && this.#look !== null)
      this.#colors.draw(this.#drawnGrid, this.#look, mapped, ratio);
    this.#reset.hidden = this.#data.window === null && !this.#isMoved;
    const paths = pathsOf(this.#data);
    this.#scene = {
      paths: [...othersOf(this.#data), ...paths].map((path) => toPixels(path, mapped)),
      lossRange: lossRange(paths),
      axes: mapped,
      theme: this.#theme,
      selected: this.#data.selected,
      landmarks: landmarksOf(this.#data.problem, mapped),
      lowest: lowestOf(this.#data.problem),
    };
    this.#layer.setScene(this.#scene, ratio);
    this.#pointArrows(this.#scene, ratio);
    this.#hatching.hidden = (this.#drawnGrid?.masked ?? 0) === 0;
    coverAxes(this.#hatching, mapped);
    this.#key.hidden = !this.#layer.hasMarks;
    this.#placeKey(mapped);
    this.#layer.avoid(
      [this.#key, this.#reset, this.#arrows.key].flatMap((element) => boxIn(element, this.#layer.element)),
    );
    this.#handle.show(startOf(this.#data), mapped);
  }

  /**
   * @param {Scene} scene
   * @param {number} ratio
   */
  #pointArrows({ paths, axes: mapped, theme, selected }, ratio) {
    const surface = this.#data?.surface ?? null;
    if (surface === null) return;
    const isOn = this.#data?.arrows === true && !surface.stale;
    const path = paths.find(({ path }) => path.run.id === selected && path.other === undefined) ?? null;
    const basis = basisIn(surface.response);
    this.#arrows.setScene({ path: isOn ? path : null, basis, axes: mapped, theme }, ratio);
    const right = this.#stage.clientWidth - mapped.left - mapped.width;
    Object.assign(this.#arrows.key.style, { right: `${right + INSET}px`, top: `${mapped.top + INSET}px` });
  }

  #resetZoom() {
    clearTimeout(this.#rest);
    this.#isMoved = false;
    this.#ctx.onView({ window: null });
  }

  #onPointerDown = () => {
    this.#isHeld = true;
  };

  #onPointerUp = () => {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#draw();
    this.#map();
  };

  /** @param {PointerEvent} event */
  #onPointerMove = (event) => {
    const [scene, grid] = [this.#scene, this.#grid];
    if (scene === null || grid === null || event.buttons !== 0) return this.#tooltip.hide();
    const box = this.#stage.getBoundingClientRect();
    const { left, top, width, height, x, y } = scene.axes;
    const [px, py] = [event.clientX - box.left - left, event.clientY - box.top - top];
    if (px < 0 || py < 0 || px > width || py > height) return this.#tooltip.hide();
    const landmark = landmarkAt(scene.landmarks, px, py);
    if (landmark !== null) {
      const { title, rows } = describeLandmark(landmark, this.#ctx.t);
      return this.#tooltip.show(left + landmark.x, top + landmark.y, title, rows);
    }
    const hit = nearestPoint(scene.paths, px, py, this.#step, REACH);
    if (hit !== null) {
      const { title, rows } = describePoint(hit.path, hit.record, scene.lossRange, this.#ctx.t);
      return this.#tooltip.show(left + hit.x, top + hit.y, title, rows);
    }
    const at = [x[0] + (px / width) * (x[1] - x[0]), y[1] - (py / height) * (y[1] - y[0])];
    const { title, rows } = describePlace(grid, at, lossOnPlane(grid, at[0], at[1]), this.#ctx);
    return this.#tooltip.show(left + px, top + py, title, rows);
  };

  #onPointerLeave = () => this.#tooltip.hide();

  #onDoubleClick = () => this.#resetZoom();
}

/**
 * Where all paths over a test function start.
 *
 * @param {Data} data
 * @returns {[number, number] | null}  null for a network
 */
function startOf({ problem, runs }) {
  if (problem?.kind !== "function") return null;
  const given = runs[0]?.config.model?.start;
  const history = runs[0]?.history ?? null;
  if (given || history === null || !history.names.includes("xy")) return given ?? problem.start;
  const [x, y] = history.param("xy", 0);
  return [x, y];
}

/**
 * Where an element lies in another.
 *
 * @param {HTMLElement} element
 * @param {HTMLElement} outer
 * @returns {import("./tags.js").Box[]}  none if it is hidden
 */
function boxIn(element, outer) {
  if (element.hidden) return [];
  const [inner, frame] = [element.getBoundingClientRect(), outer.getBoundingClientRect()];
  const { width, height } = inner;
  return [{ left: inner.left - frame.left, top: inner.top - frame.top, width, height }];
}

/** @type {WeakMap<object, import("./vectors.js").Basis>} */
const bases = new WeakMap();

/** @param {import("../../wire.d.ts").LossSurface} response */
function basisIn(response) {
  const basis = bases.get(response) ?? basisOf(decodeArray(response.basis).data);
  bases.set(response, basis);
  return basis;
}

/** Digits of a window: its address is read by people, and a thousandth of its size cannot be seen. */
const WINDOW_DIGITS = 4;

/**
 * @param {Axes} mapped
 * @returns {Window}
 */
export function roundedWindow({ x, y }) {
  return [rounded(x), rounded(y)];
}

/**
 * @param {[number, number]} range
 * @returns {[number, number]}
 */
function rounded([low, high]) {
  const digits = Math.max(0, Math.min(100, WINDOW_DIGITS - 1 - Math.floor(Math.log10(high - low))));
  return [Number(low.toFixed(digits)), Number(high.toFixed(digits))];
}

/** A piece of a path with a crossbar. */
function crossbarGlyph() {
  const attributes = {
    width: 22,
    height: 12,
    viewBox: "-11 -6 22 12",
    "aria-hidden": "true",
    focusable: "false",
  };
  return svg("svg", attributes, svg("path", { d: "M-11 0H11M-4 -4.5V4.5M4 -4.5V4.5" }));
}
