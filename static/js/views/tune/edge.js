/**
 * The map of the edge of trainability, and what its colours say.
 */

import { formatPercent } from "../drawing/numbers.js";
import { create } from "../drawing/dom.js";
import { readTheme } from "../drawing/theme.js";
import { edgePixels, moved, rateAxis, readRates, shareKept } from "./edge-figure.js";
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
 */

export class EdgeChart {
  #chart;
  #key = create("div", { class: "map-keys" });
  #grid = create("div", { class: "maps-grid", "data-count": "1" });
  element = create("div", { class: "maps" }, this.#grid, this.#key);
  /** What was painted last. @type {{of: string, pixels: import("./edge-figure.js").Pixels} | null} */
  #painted = null;
  #observer = new ResizeObserver(() => this.#chart.redraw());

  /** @param {MapActs} acts */
  constructor(acts) {
    this.#chart = new MapChart(acts);
    this.#grid.append(this.#chart.element);
    this.#observer.observe(this.#grid);
  }

  /** Nothing is brushed any longer. */
  drop() {
    this.#chart.drop();
  }

  /** @param {EdgeData} data */
  update(data) {
    const { t, swept, isStale, look, window, layers, count } = data;
    const cells = swept?.cells ?? null;
    const share = formatPercent(cells === null ? 0 : shareKept(cells));
    const told = { run: look.label, share };
    this.#chart.update({
      title: t("views.edge.title", told),
      mark: { color: look.color, path: look.path },
      aside: "",
      label: t("views.edge.label", { ...told, ...layers, count }),
      ...{ columns: count, rows: count, isStale: false, best: null, lines: [], theory: [] },
      pixels: this.#pixels(data),
      x: rateAxis(layers.across, window[0], count, t),
      y: rateAxis(layers.up, window[1], count, t),
      read: (cell) =>
        cells === null || isStale
          ? { title: t("views.tune.notYet"), rows: [] }
          : readRates(cells, cell, { layers, window, t }),
    });
    this.#drawKey(data);
  }

  /** @param {EdgeData} data */
  #pixels({ swept, isStale, window, count, theme }) {
    if (swept === null || swept.cells === null) return new Uint32Array(count * count);
    const { cells, ask } = swept;
    const of = JSON.stringify([ask, cells.count, theme]);
    if (this.#painted?.of !== of) {
      const { surface, panel } = readTheme(this.element);
      const diverged = getComputedStyle(this.element).getPropertyValue("--map-diverged").trim();
      const pixels = edgePixels(cells, ask.body.run.steps ?? 1, { surface, panel, diverged });
      this.#painted = { of, pixels };
    }
    if (!isStale) return this.#painted.pixels;
    const from = /** @type {Window} */ (
      ask.body.axes.map((axis) => ("values" in axis ? [0, 1] : [axis.from, axis.to]))
    );
    return moved(this.#painted.pixels, cells.started.axes[0].values.length, from, window, count);
  }

  /** @param {EdgeData} data */
  #drawKey({ t }) {
    const key = (/** @type {string} */ kind) =>
      create(
        "span",
        { class: "map-key" },
        create("i", { class: `edge-key-${kind}` }),
        t(`views.edge.keys.${kind}`),
      );
    this.#key.replaceChildren(key("kept"), key("lost"), create("span", {}, t("views.edge.source")));
  }
}
