/**
 * The basins of some runs side by side, with one key of colours for all.
 */

import { formatNumber, formatPercent } from "../drawing/numbers.js";
import { arrange, create } from "../drawing/dom.js";
import { Drawn } from "../drawing/drawn.js";
import { StartHandle } from "../drawing/start-handle.js";
import { Themed, readTheme } from "../drawing/theme.js";
import { basinPalette, basinPixels, basinsOf, pointText, readStart, sharesOf } from "./basins-figure.js";
import { MapChart, partsOf } from "./map-chart.js";

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
 * @property {[Point, Point]} window
 * @property {number} radius
 * @property {readonly Point[]} places  the minima
 * @property {Point} start  of the runs
 *
 * @typedef {object} BasinActs
 * @property {(parts: readonly string[]) => void} onSay
 * @property {(slot: number, start: Point) => void} onOpen
 * @property {(start: Point, isDragging: boolean) => void} onStart  another one was chosen
 *
 * @typedef {{chart: MapChart, handle: StartHandle, cells: Cells, painted: Painted | null}} There
 *
 * @typedef {object} Painted  cells as they are drawn, and what they come to
 * @property {string} of  how many cells, and in what they were looked at
 * @property {Cells} cells
 * @property {Uint32Array<ArrayBuffer>} pixels
 * @property {ReturnType<typeof sharesOf>} shares
 */

/** How many colours of minima there are. */
const COLORS = 6;

export class BasinCharts {
  #acts;
  #grid = create("div", { class: "maps-grid" });
  #key = create("div", { class: "map-keys basin-keys" });
  element = create("div", { class: "maps" }, this.#grid, this.#key);
  #colors = new Themed(() => colorsIn(this.element));
  #drawn = new Drawn();
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
    if (!("places" in frame)) return this.#arrangeKey([]);
    const { colors, palette } = this.#colors.of(frame.theme);
    const charts = shown.map((one) => this.#chartOf(one));
    arrange(
      this.#grid,
      charts.map(({ chart }) => chart.element),
    );
    for (const [index, one] of shown.entries()) {
      const there = charts[index];
      there.chart.update(figureOf(one, frame, this.#paint(there, one, frame, palette)));
      this.#place(there);
    }
    this.#drawKey(frame, colors, shown[0]?.target);
  }

  /**
   * What there is of the cells, looked at once however often all else changes.
   *
   * @param {There} there
   * @param {Shown} shown
   * @param {Frame} frame
   * @param {import("./basins-figure.js").BasinPalette} palette
   */
  #paint(there, { cells, steps }, { theme, places, radius }, palette) {
    const of = JSON.stringify([cells.count, steps, theme, places, radius]);
    if (there.painted?.cells === cells && there.painted.of === of) return there.painted;
    const basins = basinsOf(cells, places, { radius, steps });
    const [pixels, shares] = [basinPixels(basins, palette), sharesOf(basins, places.length)];
    return (there.painted = { of, cells, pixels, shares });
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
      onSay: (parts) => this.#acts.onSay(parts),
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
    /** @type {There} */
    const there = { chart, handle, cells, painted: null };
    chart.area.append(handle.element);
    this.#charts.set(slot, there);
    return there;
  }

  /** Where a start leads to. @param {There} there @param {Point} start */
  #say({ chart, cells }, start) {
    const [column, row] = cells.started.axes.map(({ values }, k) => nearestOf(values, start[k]));
    const reading = chart.figure?.read({ column, row });
    if (reading === undefined) return;
    this.#acts.onSay(partsOf(reading));
  }

  /**
   * @param {Frame} frame
   * @param {import("./basins-figure.js").BasinColors} colors
   * @param {number | null | undefined} target  undefined where nothing is shown
   */
  #drawKey({ t, places, radius }, colors, target) {
    const near = { radius: formatNumber(radius, 3), target: formatNumber(target ?? null, 4) };
    const keys = [
      ...places.map((place, i) => ({ color: colors.minima[i % COLORS], words: pointText(place) })),
      { color: colors.elsewhere, words: t("views.basins.none") },
      { color: colors.diverged, words: t("views.tune.diverged") },
      { words: t("views.basins.near", near) },
      ...(typeof target === "number" ? [{ words: t("views.basins.shade", near) }] : []),
    ];
    this.#arrangeKey(target === undefined ? [] : keys);
  }

  /** @param {{color?: string, words: string}[]} keys */
  #arrangeKey(keys) {
    this.#drawn.draw(this.#key, keys, () => this.#key.replaceChildren(...keys.map(keyOf)));
  }
}

/** @param {{color?: string, words: string}} key */
function keyOf({ color, words }) {
  if (color === undefined) return create("span", { class: "map-key" }, words);
  const swatch = create("i");
  swatch.style.background = color;
  return create("span", { class: "map-key" }, swatch, words);
}

/** @param {Element} element  in the page */
function colorsIn(element) {
  const style = getComputedStyle(element);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const colors = {
    minima: Array.from({ length: COLORS }, (_, i) => token(`--basin-${i}`)),
    elsewhere: token("--basin-none"),
    diverged: token("--map-diverged"),
    panel: readTheme(element).panel,
  };
  return { colors, palette: basinPalette(colors) };
}

/**
 * @param {Shown} shown
 * @param {Frame} frame
 * @param {Painted} painted
 * @returns {MapFigure}
 */
function figureOf({ label, color, path, cells, target, trail }, frame, { pixels, shares }) {
  const { t, window, radius, places } = frame;
  const parts = [
    ...places.map((place, i) =>
      t("views.basins.share", { share: formatPercent(shares.minima[i]), at: pointText(place) }),
    ),
    ...(shares.diverged > 0 ? [t("views.basins.lost", { share: formatPercent(shares.diverged) })] : []),
  ];
  const [x, y] = cells.started.axes.map(({ values }) => values);
  const [columns, rows] = [x.length, y.length];
  return {
    title: label,
    mark: { color, path },
    aside: t(cells.isWhole ? "views.basins.arrive" : "views.basins.arriveSoFar", {
      share: formatPercent(shares.minima.reduce((sum, part) => sum + part, 0)),
    }),
    label: t("views.basins.label", { run: label, columns, rows, shares: parts }),
    ...{ columns, rows, best: null, lines: [], theory: [] },
    pixels,
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
