/**
 * The map of the edge of trainability, and what its colours say.
 */

import { formatPercent } from "../drawing/numbers.js";
import { create } from "../drawing/dom.js";
import { Drawn } from "../drawing/drawn.js";
import { Themed, readTheme } from "../drawing/theme.js";
import {
  bordersIn,
  edgePalette,
  edgePixels,
  lowestIn,
  moved,
  rateAxis,
  readRates,
  shareKept,
} from "./edge-figure.js";
import { MapChart } from "./map-chart.js";

/**
 * @typedef {import("../../state/types.js").Window} Window
 * @typedef {import("../../state/sweep/cells.js").Swept} Swept
 * @typedef {import("./map-chart.js").MapActs} MapActs
 *
 * @typedef {object} EdgeData
 * @property {import("../../languages/translator.js").Translator["t"]} t
 * @property {string} theme
 * @property {Swept | null} swept  of what is looked at, or, while that is on its way, of what was before
 * @property {boolean} isStale
 * @property {import("./figures.js").Look} look
 * @property {Window} window
 * @property {import("../../state/sweep/edge.js").Layers} layers
 * @property {number} count
 *
 * @typedef {object} Painted
 * @property {string} of  which cells
 * @property {import("./edge-figure.js").Pixels} pixels
 * @property {number} side  how many cells along each side
 * @property {Window} from  the window that they fill
 * @property {number} share  of the runs that ended better than they began
 */

export class EdgeChart {
  #chart;
  #key = create("div", { class: "map-keys" });
  #grid = create("div", { class: "maps-grid", "data-count": "1" });
  element = create("div", { class: "maps" }, this.#grid, this.#key);
  #palette = new Themed(() => paletteIn(this.element));
  #drawn = new Drawn();
  /** What was painted last. @type {Painted | null} */
  #painted = null;

  /** @param {MapActs} acts */
  constructor(acts) {
    this.#chart = new MapChart(acts);
    this.#grid.append(this.#chart.element);
  }

  /** Nothing is brushed any longer. */
  drop() {
    this.#chart.drop();
  }

  /** @param {EdgeData} data */
  update(data) {
    const { t, swept, isStale, look, window, layers, count } = data;
    const cells = swept?.cells ?? null;
    const painted = this.#paint(data);
    const told = { run: look.label, share: formatPercent(painted?.share ?? 0), done: cells?.count ?? 0 };
    const of = cells === null || cells.isWhole ? "" : "SoFar";
    this.#chart.update({
      title: t(`views.edge.title${of}`, told),
      mark: { color: look.color, path: look.path },
      aside: "",
      label: t(`views.edge.label${of}`, { ...told, ...layers, count }),
      ...{ columns: count, rows: count, best: null, lines: [], theory: [] },
      pixels: this.#pixels(data, painted),
      x: rateAxis(layers.across, window[0], count, t),
      y: rateAxis(layers.up, window[1], count, t),
      borders: { there: t("views.tune.border"), none: t("views.tune.noBorder") },
      seek:
        cells === null || isStale
          ? undefined
          : { best: () => lowestIn(cells), borders: (row) => bordersIn(cells, row) },
      read: (cell) =>
        cells === null || isStale
          ? { title: t("views.tune.notYet"), rows: [] }
          : readRates(cells, cell, { layers, window, t }),
    });
    this.#drawKey(data);
  }

  /**
   * @param {EdgeData} data
   * @param {Painted | null} painted
   */
  #pixels({ isStale, window, count }, painted) {
    if (painted === null) return new Uint32Array(count * count);
    const { pixels, side, from } = painted;
    return isStale ? moved(pixels, side, from, window, count) : pixels;
  }

  /**
   * What there is of the cells, counted and painted once however often the window moves.
   *
   * @param {EdgeData} data
   */
  #paint({ swept, theme }) {
    if (swept === null || swept.cells === null) return null;
    const { cells, ask } = swept;
    const of = JSON.stringify([ask, cells.count, theme]);
    if (this.#painted?.of === of) return this.#painted;
    const pixels = edgePixels(cells, ask.body.run.steps ?? 1, this.#palette.of(theme));
    const side = cells.started.axes[0].values.length;
    const from = /** @type {Window} */ (
      ask.body.axes.map((axis) => ("values" in axis ? [0, 1] : [axis.from, axis.to]))
    );
    return (this.#painted = { of, pixels, side, from, share: shareKept(cells) });
  }

  /** @param {EdgeData} data */
  #drawKey({ t }) {
    const kinds = ["kept", "lost"].map((kind) => ({ kind, words: t(`views.edge.keys.${kind}`) }));
    const source = t("views.edge.source");
    this.#drawn.draw(this.#key, [kinds, source], () => {
      const keys = kinds.map(({ kind, words }) =>
        create("span", { class: "map-key" }, create("i", { class: `edge-key-${kind}` }), words),
      );
      this.#key.replaceChildren(...keys, create("span", {}, source));
    });
  }
}

/** @param {Element} element  in the page */
function paletteIn(element) {
  const { surface, panel } = readTheme(element);
  const diverged = getComputedStyle(element).getPropertyValue("--map-diverged").trim();
  return edgePalette({ surface, panel, diverged });
}
