/** What there is to see of a watched run: its charts, the map of its layers, and the curve of one of them. */

import { axisOf } from "../../state/loops/axis.js";
import { chartsOf } from "../../state/loops/charts.js";
import { spacingOf } from "../../state/loops/spacing.js";
import { arrange, create, setText } from "../drawing/dom.js";
import { paletteOf } from "../drawing/palette.js";
import { readTheme } from "../drawing/theme.js";
import { ColorBar } from "./color-bar.js";
import { CurveChart } from "./curve-chart.js";
import { layersWith, layerValues } from "./layer-figure.js";
import { LayerMap } from "./layer-map.js";
import { Surfaces } from "./surfaces.js";
import { domainOf, drawnOver, linesOf } from "./lines.js";
import { layerName, ordered, scaleOf } from "./quantities.js";

/**
 * @typedef {import("../../state/loops/record.js").Record} Record
 * @typedef {import("./lines.js").Drawn} Drawn
 *
 * @typedef {object} Acts
 * @property {(step: number | null) => void} onMark  a step is to be marked
 * @property {(layer: number, step: number) => void} onChoose  the curve of a layer is to be shown
 * @property {(text: string) => void} onSay
 *
 * @typedef {object} Frame
 * @property {{record: Record, label: string}[]} runs  the one that is open, and one beside it
 * @property {import("../../state/types.js").Loops} look
 * @property {string} words  that the names of the layers hold
 * @property {number[]} found  the layers of which something is said
 * @property {import("../../languages/translator.js").Translator["t"]} t
 */

/** How many charts stand above the map of layers. */
const FIRST = 3;

export class LoopsView {
  #acts;
  #first = create("div", { class: "loop-charts" });
  #rest = create("div", { class: "loop-charts" });
  #title = create("h3", { class: "loop-chart-title" });
  #aside = create("span", { class: "loop-chart-aside" });
  #none = create("p", { class: "loop-none", hidden: true });
  #bar = new ColorBar();
  #map;
  #curve;
  #layers;
  #surfaces;
  /** @type {Map<string, CurveChart>} */
  #byKey = new Map();
  /** @type {Frame | null} */
  #frame = null;

  /** @param {Acts} acts */
  constructor(acts) {
    this.#acts = acts;
    this.#map = new LayerMap(acts);
    this.#curve = new CurveChart(acts.onMark);
    this.#surfaces = new Surfaces(acts.onMark);
    this.picker = create("div", { class: "layer-picker" });
    this.#layers = create(
      "section",
      { class: "loop-layers" },
      create("header", { class: "loop-chart-head" }, this.#title, this.#aside),
      ...[this.picker, this.#map.element, this.#none, this.#bar.element, this.#curve.element],
    );
    this.element = create(
      "div",
      { class: "loop-view" },
      this.#first,
      this.#layers,
      this.#surfaces.element,
      this.#rest,
    );
    new ResizeObserver(() => this.redraw()).observe(this.element);
  }

  /** @param {Frame} frame */
  update(frame) {
    this.#frame = frame;
    const { runs, look, t } = frame;
    const theme = readTheme(this.element);
    const style = getComputedStyle(this.element);
    const axis = axisOf(
      runs.map(({ record }) => record),
      look.x,
    );
    const drawn = drawnOver(runs, axis);
    const shared = { domain: domainOf(drawn), axis, at: look.at, theme, t };
    const colorOf = (/** @type {number} */ slot) => style.getPropertyValue(`--run-${slot}`).trim();
    this.#drawCharts(drawn, shared, colorOf);
    const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const colors = { surface: theme.surface, diverged: token("--map-diverged"), none: token("--map-none") };
    const palette = paletteOf(colors);
    this.#drawLayers(frame, drawn, { ...shared, palette }, colorOf);
    const { surfaces, source } = runs[0].record;
    this.#surfaces.update(surfaces, /** @type {any} */ (source.surfaces)?.plane, palette, t);
  }

  redraw() {
    if (this.#frame !== null && this.element.isConnected) this.update(this.#frame);
  }

  /**
   * @param {Drawn[]} drawn
   * @param {Pick<import("./curve-chart.js").Shown, "domain" | "axis" | "at" | "theme" | "t">} shared
   * @param {(slot: number) => string} colorOf
   */
  #drawCharts(drawn, shared, colorOf) {
    const { t } = shared;
    const charts = chartsOf(drawn.map(({ record }) => record)).map((chart) => ({
      ...chart,
      id: chart.logged === null ? chart.key : `logged ${chart.logged}`,
    }));
    for (const id of this.#byKey.keys()) if (!charts.some((one) => one.id === id)) this.#byKey.delete(id);
    for (const { id } of charts)
      if (!this.#byKey.has(id)) this.#byKey.set(id, new CurveChart(this.#acts.onMark));
    const shown = charts.map(({ id }) => /** @type {CurveChart} */ (this.#byKey.get(id)));
    const elements = shown.map(({ element }) => element);
    arrange(this.#first, elements.slice(0, FIRST));
    arrange(this.#rest, elements.slice(FIRST));
    charts.forEach(({ key, logged, scale, series }, i) => {
      const title = logged ?? t(`views.loops.chart.${key}`);
      const aside = logged === null ? t(`views.loops.chartOf.${key}`) : t("views.loops.chartOf.logged");
      shown[i].update({ ...shared, title, aside, scale, lines: linesOf(series, drawn, colorOf, t) });
    });
  }

  /**
   * @param {Frame} frame
   * @param {Drawn[]} drawn
   * @param {Pick<import("./curve-chart.js").Shown, "domain" | "axis" | "at" | "theme" | "t"> & {palette: import("../drawing/palette.js").Palette}} shared
   * @param {(slot: number) => string} colorOf
   */
  #drawLayers({ look, words, found, t }, drawn, shared, colorOf) {
    const [{ record, places }] = drawn;
    const quantity = shownQuantity(record, look.show);
    this.#layers.hidden = quantity === null;
    if (quantity === null) return;
    const layers = layersWith(record.layers, words);
    setText(this.#title, t("views.loops.layers", { count: record.layers.length }));
    setText(this.#aside, distancesOf(record, t));
    this.#none.hidden = layers.length > 0;
    setText(this.#none, t("views.loops.noLayer"));
    const { domain, at, palette } = shared;
    const layer = look.layer !== null && look.layer < record.layers.length ? look.layer : null;
    this.#map.update({ record, quantity, layers, found, places, domain, layer, at, palette, t });
    this.#bar.update(this.#map.figure?.colors ?? null, this.#map.figure?.isBroken ?? false, t);
    this.#drawCurve(layer ?? layers[0] ?? 0, quantity, drawn, shared, colorOf);
  }

  /**
   * The curve of one layer, and of the one with its name in the run beside it.
   *
   * @param {number} layer
   * @param {string} quantity
   * @param {Drawn[]} drawn
   * @param {Pick<import("./curve-chart.js").Shown, "domain" | "axis" | "at" | "theme" | "t">} shared
   * @param {(slot: number) => string} colorOf
   */
  #drawCurve(layer, quantity, drawn, shared, colorOf) {
    const chosen = drawn[0].record.layers[layer];
    const series = drawn.flatMap(({ record }, run) => {
      const index = run === 0 ? layer : record.layers.findIndex(({ name }) => name === chosen.name);
      const values = layerValues(record, quantity, index);
      return index < 0 || values.length === 0 ? [] : [{ run, name: quantity, values }];
    });
    const lines = linesOf(series, drawn, colorOf, shared.t);
    this.#curve.update({
      ...shared,
      title: layerName(chosen),
      aside: quantity,
      scale: scaleOf(quantity),
      lines,
    });
  }
}

/**
 * The quantity that is shown: the one that was chosen, if it is known, else the first.
 *
 * @param {Record} record
 * @param {string | null} chosen
 */
export function shownQuantity(record, chosen) {
  const known = ordered(record.quantities);
  return known.find((name) => name === chosen) ?? known[0] ?? null;
}

/**
 * How far records are apart.
 *
 * @param {Record} record
 * @param {import("../../languages/translator.js").Translator["t"]} t
 */
function distancesOf(record, t) {
  const spacing = spacingOf(record, record.source.every);
  if (spacing.kind === "between")
    return t("views.loops.between", { least: spacing.least, most: spacing.most });
  const { every } = spacing;
  if (spacing.kind === "thinned") return t("views.loops.thinned", { count: every, most: spacing.most });
  if (spacing.kind === "closer") return t("views.loops.closer", { every });
  return every === 1 ? t("views.loops.everyStep") : t("views.loops.everyNth", { every });
}
