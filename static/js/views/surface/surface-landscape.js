/** The surface as a landscape in three dimensions, its paths drawn a few times a second. */

import { colorScaleOf } from "../drawing/color-scale.js";
import { create, setText } from "../drawing/dom.js";
import { othersOf, pathsOf } from "./paths.js";
import { paintedBy } from "../drawing/painted.js";
import { draw, loadWhole, purge, redrawLandscape, restyle } from "../drawing/plotly.js";
import { landscapeFigure, landscapePaths } from "./landscape-figure.js";
import { extentOf } from "./surface-grid.js";
import { endsOf, titlesOf } from "./surface-words.js";

/**
 * @typedef {import("./paths.js").Path} Path
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("../drawing/theme.js").Theme} Theme
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 */

/** The drawing may take this part of the time; where WebGL is slow, it is drawn less often. */
const SHARE = 0.25;

/** Milliseconds between two drawings at the least. */
const SHORTEST_PAUSE = 60;

/** A drawing that takes longer is felt: it comes so seldom that no more than one frame in twenty waits for it. */
const FELT = 25;
const SELDOM = 340;

export class SurfaceLandscape {
  #ctx;
  #stage;
  #plot = create("div", { class: "surface-plot", role: "img" });
  #waiting = create("p", { class: "surface-waiting", role: "status" });
  /** @type {"loading" | "ready" | "failed" | "destroyed"} */
  #state = "loading";
  /** @type {Theme | null} */
  #theme = null;
  /** @type {Data | null} */
  #data = null;
  /** @type {Grid | null} */
  #grid = null;
  /** @type {Path[]} */
  #paths = [];
  #step = 0;
  #drawn = "";
  /** @type {Grid | null} */
  #drawnGrid = null;
  /** @type {ReturnType<typeof setTimeout> | null} */
  #timer = null;
  #pause = SHORTEST_PAUSE;

  /**
   * @param {HTMLElement} stage
   * @param {Context} ctx
   */
  constructor(stage, ctx) {
    this.#stage = stage;
    this.#ctx = ctx;
    stage.append(this.#plot, this.#waiting);
    loadWhole().then(
      () => this.#enter("ready"),
      () => this.#enter("failed"),
    );
  }

  /** @param {"ready" | "failed"} state */
  #enter(state) {
    if (this.#state === "destroyed") return;
    this.#state = state;
    if (this.#data === null || this.#grid === null || this.#theme === null) return;
    this.update(this.#data, this.#grid, this.#theme);
    this.setStep(this.#step);
  }

  /**
   * @param {Data} data
   * @param {Grid} grid
   * @param {Theme} theme
   */
  update(data, grid, theme) {
    [this.#data, this.#grid, this.#paths, this.#theme] = [
      data,
      grid,
      [...pathsOf(data), ...othersOf(data)],
      theme,
    ];
    this.#plot.setAttribute("aria-label", this.#ctx.t("views.surface.label"));
    this.#waiting.hidden = this.#state === "ready";
    if (this.#state !== "ready") {
      const key = this.#state === "failed" ? "shell.notice.noPlotly" : "views.surface.loading";
      return setText(this.#waiting, this.#ctx.t(key));
    }
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const lossLabel = this.#ctx.t("views.surface.loss");
    const revision = data.surface?.frame ?? "";
    const look = {
      theme,
      scale: colorScaleOf(data),
      width,
      height,
      lossLabel,
      ends: endsOf(this.#ctx.t),
      axisTitles: titlesOf(grid, this.#ctx),
      range: extentOf(grid),
      revision,
    };
    const identity = this.#paths.map(({ run, other }) => `${run.id} ${run.color} ${run.marker} ${other}`);
    const drawn = [
      look.scale,
      data.theme,
      width,
      height,
      lossLabel,
      ...look.axisTitles,
      revision,
      ...identity,
    ].join("|");
    if (drawn === this.#drawn && grid === this.#drawnGrid) return;
    [this.#drawn, this.#drawnGrid] = [drawn, grid];
    draw(this.#plot, landscapeFigure(grid, this.#paths, look));
    this.#lend();
  }

  /** Its pixels are there only as long as it is being drawn. */
  #lend() {
    const canvas = this.#plot.querySelector("canvas");
    if (canvas === null) return;
    paintedBy(canvas, (context) => {
      redrawLandscape(this.#plot);
      context.drawImage(canvas, 0, 0, canvas.clientWidth, canvas.clientHeight);
    });
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    if (this.#ctx.isFilmed === true) this.#drawPaths();
    else this.#timer ??= setTimeout(() => this.#drawPaths(), this.#pause);
  }

  destroy() {
    this.#state = "destroyed";
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#drawnGrid !== null) purge(this.#plot);
    this.#stage.replaceChildren();
  }

  #drawPaths() {
    this.#timer = null;
    if (this.#drawnGrid === null || this.#grid === null || this.#data === null) return;
    const before = performance.now();
    const { update, traces } = landscapePaths(this.#grid, this.#paths, this.#step, colorScaleOf(this.#data));
    if (traces.length > 0) restyle(this.#plot, update, traces);
    this.#pause = pauseAfter(performance.now() - before);
  }
}

/**
 * How long to leave the paths as they are.
 *
 * @param {number} took  milliseconds that drawing them took
 */
export function pauseAfter(took) {
  return Math.max(took > FELT ? SELDOM : SHORTEST_PAUSE, took / SHARE);
}
