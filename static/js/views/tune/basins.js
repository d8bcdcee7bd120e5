/**
 * The basins of some runs side by side, with one key of colours for all.
 */

import { formatNumber, formatPercent } from "../drawing/numbers.js";
import { create } from "../drawing/dom.js";
import { StartHandle } from "../drawing/start-handle.js";
import { readTheme } from "../drawing/theme.js";
import { basinPixels, basinsOf, pointText, readStart, sharesOf } from "./basins-figure.js";
import { MapChart } from "./map-chart.js";

/**
 * @typedef {import("../../state/sweep/cells.js").Cells} Cells
 * @typedef {import("../../state/sweep/basins.js").Point} Point
 * @typedef {import("./map-chart.js").MapFigure} MapFigure
 * @typedef {import("../../languages/translator.js").Translator["t"]} Translate
 *
 * @typedef {import("./figures.js").Look & {slot: number, cells: Cells, steps: number, target: number | null, trail: Point[] | null}} Shown
 *
 * @typedef {object} Frame
 * @property {Translate} t
 * @property {string} theme
 * @property {boolean} isStale
 * @property {[Point, Point]} window
 * @property {number} radius
 * @property {readonly Point[]} places  the minima
 * @property {Point} start  of the runs
 *
 * @typedef {object} BasinActs
 * @property {(text: string) => void} onSay
 * @property {(slot: number, start: Point) => void} onOpen
 * @property {(start: Point, isDragging: boolean) => void} onStart  another one was chosen
 *
 * @typedef {{chart: MapChart, handle: StartHandle, cells: Cells}} There
 */

/** How many colours of minima there are. */
const COLORS = 6;

export class BasinCharts {
  #acts;
  #grid = create("div", { class: "maps-grid" });
  #key = create("div", { class: "map-keys basin-keys" });
  element = create("div", { class: "maps" }, this.#grid, this.#key);
  /** @type {Map<number, There>} by slot */
  #charts = new Map();
  /** @type {Frame | null} */
  #frame = null;

  /** @param {BasinActs} acts */
  constructor(acts) {
    this.#acts = acts;
  }

  /**
   * @param {Shown[]} shown
   * @param {Frame | {t: Translate, theme: string}} frame  of nothing, the words alone
   */
  update(shown, frame) {
    this.#grid.dataset.count = String(shown.length);
    for (const [slot, { chart, handle }] of this.#charts)
      if (!shown.some((one) => one.slot === slot)) {
        handle.destroy();
        chart.element.remove();
        this.#charts.delete(slot);
      }
    this.#frame = "places" in frame ? frame : null;
    if (!("places" in frame)) return this.#key.replaceChildren();
    const style = getComputedStyle(this.element);
    const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const palette = {
      minima: Array.from({ length: COLORS }, (_, i) => token(`--basin-${i}`)),
      elsewhere: token("--basin-none"),
      diverged: token("--map-diverged"),
      panel: readTheme(this.element).panel,
    };
    for (const one of shown) {
      const there = this.#chartOf(one);
      there.chart.update(figureOf(one, frame, palette));
      this.#place(there);
    }
    this.#drawKey(frame, palette, shown[0]?.target);
  }

  /** Where the runs start, over the cells. @param {There} there */
  #place({ chart, handle, cells }) {
    if (this.#frame === null) return;
    const { window, start } = this.#frame;
    const [x, y] = window.map((range, k) => wholeCells(range, cells.started.axes[k].values.length));
    handle.show(start, { x, y, ...chart.size });
  }

  /** @param {Shown} shown */
  #chartOf({ slot, cells }) {
    const known = this.#charts.get(slot);
    if (known !== undefined) {
      known.cells = cells;
      return known;
    }
    const chart = new MapChart({
      onSay: (text) => this.#acts.onSay(text),
      onOpen: ([{ column, row }]) => {
        const [x, y] = there.cells.started.axes;
        this.#acts.onOpen(slot, [Number(x.values[column]), Number(y.values[row])]);
      },
      onBrush: () => {},
      onSize: () => this.#place(there),
    });
    const handle = new StartHandle({
      t: (key, params) => this.#frame?.t(key, params) ?? "",
      player: { pause: () => {} },
      onStart: (start, isDragging) => {
        this.#acts.onStart(start, isDragging);
        if (!isDragging) this.#say(there, start);
      },
    });
    const there = { chart, handle, cells };
    chart.area.append(handle.element);
    this.#charts.set(slot, there);
    this.#grid.append(chart.element);
    return there;
  }

  /** Where a start leads to. @param {There} there @param {Point} start */
  #say({ chart, cells }, start) {
    const [column, row] = cells.started.axes.map(({ values }, k) => nearestOf(values, start[k]));
    const reading = chart.figure?.read({ column, row });
    if (reading === undefined) return;
    this.#acts.onSay(
      [reading.title, ...reading.rows.map(({ label, value }) => `${label} ${value}`)].join(", "),
    );
  }

  /**
   * @param {Frame} frame
   * @param {import("./basins-figure.js").BasinPalette} palette
   * @param {number | null | undefined} target  undefined where nothing is shown
   */
  #drawKey({ t, places, radius }, palette, target) {
    const key = (/** @type {string} */ color, /** @type {string} */ words) => {
      const swatch = create("i");
      swatch.style.background = color;
      return create("span", { class: "map-key" }, swatch, words);
    };
    const minima = places.map((place, i) => key(palette.minima[i % COLORS], pointText(place)));
    const near = { radius: formatNumber(radius, 3), target: formatNumber(target ?? null, 4) };
    const others = [
      key(palette.elsewhere, t("views.basins.none")),
      key(palette.diverged, t("views.tune.diverged")),
      create("span", { class: "map-key" }, t("views.basins.near", near)),
      ...(typeof target === "number"
        ? [create("span", { class: "map-key" }, t("views.basins.shade", near))]
        : []),
    ];
    this.#key.replaceChildren(...(target === undefined ? [] : [...minima, ...others]));
  }
}

/**
 * @param {Shown} shown
 * @param {Frame} frame
 * @param {import("./basins-figure.js").BasinPalette} palette
 * @returns {MapFigure}
 */
function figureOf({ label, color, path, cells, steps, target, trail }, frame, palette) {
  const { t, isStale, window, radius, places } = frame;
  const basins = basinsOf(cells, places, { radius, steps });
  const shares = sharesOf(basins, places.length);
  const parts = [
    ...places.map((place, i) =>
      t("views.basins.share", { share: formatPercent(shares.minima[i]), at: pointText(place) }),
    ),
    ...(shares.diverged > 0 ? [t("views.basins.lost", { share: formatPercent(shares.diverged) })] : []),
  ];
  const { columns, rows } = basins;
  const [x, y] = cells.started.axes.map(({ values }) => values);
  return {
    title: label,
    mark: { color, path },
    aside: t(cells.isWhole ? "views.basins.arrive" : "views.basins.arriveSoFar", {
      share: formatPercent(shares.minima.reduce((sum, part) => sum + part, 0)),
    }),
    label: t("views.basins.label", { run: label, columns, rows, shares: parts.join("; ") }),
    ...{ columns, rows, isStale, best: null, lines: [], theory: [] },
    pixels: basinPixels(basins, palette),
    x: { label: "x", values: x, scale: "linear" },
    y: { label: "y", values: y, scale: "linear" },
    trail: trail === null ? null : { color, points: inCells(trail, window, [columns, rows]) },
    read: (cell) => readStart(cells, cell, places, { radius, target, t }),
  };
}

/**
 * What cells reach over whose middles go from one end of a range to the other.
 *
 * @param {Point} range
 * @param {number} count
 * @returns {Point}
 */
export function wholeCells([low, high], count) {
  const half = (high - low) / (count - 1) / 2;
  return [low - half, high + half];
}

/**
 * @param {readonly unknown[]} values
 * @param {number} wanted
 */
function nearestOf(values, wanted) {
  const distances = values.map((value) => Math.abs(Number(value) - wanted));
  return distances.indexOf(Math.min(...distances));
}

/**
 * A path in cells, as far as it stays within the window.
 *
 * @param {Point[]} trail
 * @param {[Point, Point]} window
 * @param {[number, number]} counts
 * @returns {Point[]}
 */
export function inCells(trail, window, counts) {
  const placed = trail.map((point) => {
    const at = point.map((value, k) => {
      const [low, high] = window[k];
      return 0.5 + ((value - low) / (high - low)) * (counts[k] - 1);
    });
    return /** @type {Point} */ (at);
  });
  const out = placed.findIndex((at) => at.some((value, k) => !(value >= 0 && value <= counts[k])));
  return out < 0 ? placed : placed.slice(0, Math.max(1, out));
}
