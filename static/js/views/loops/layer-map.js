/** A quantity of all layers over the records: a canvas, read by pointer, finger and keys; hundreds of rows scroll. */

import { FAR, actOf, reachOf } from "../../keys.js";
import { create } from "../drawing/dom.js";
import { formatNumber, formatTick } from "../drawing/numbers.js";
import { ticks } from "../drawing/scales.js";
import { Tooltip } from "../drawing/tooltip.js";
import { layerFigure } from "./layer-figure.js";
import { layerName } from "./quantities.js";

/**
 * @typedef {import("../../state/loops/record.js").Record} Record
 * @typedef {import("./layer-figure.js").LayerFigure} LayerFigure
 *
 * @typedef {object} ShownMap
 * @property {Record} record
 * @property {string} quantity
 * @property {number[]} layers  those that are shown, by their indices
 * @property {number[]} found  the layers of which something is said
 * @property {ArrayLike<number>} places  of the records on the axis
 * @property {[number, number]} domain
 * @property {number | null} layer  the one whose curve is shown
 * @property {number | null} at  the step that is marked
 * @property {import("../drawing/palette.js").Palette} palette
 * @property {import("../../languages/translator.js").Translator["t"]} t
 *
 * @typedef {{row: number, record: number}} Cell
 */

/** Heights of a row, in pixels: as high as there is room for all of them, and no lower than can be hit. */
const ROW = { least: 3, most: 20 };

/** What rows may take before they are made lower. */
const ROOM = 420;

/** From name to name. */
const NAME = 15;

/** Rows and records that a key moves over. @type {{[act: string]: [number, number]}} */
const WAYS = {
  back: [0, -1],
  forward: [0, 1],
  up: [-1, 0],
  down: [1, 0],
  farUp: [-FAR, 0],
  farDown: [FAR, 0],
  first: [0, -Infinity],
  last: [0, Infinity],
};

export class LayerMap {
  #names = create("div", { class: "layer-map-names", "aria-hidden": "true" });
  #canvas = create("canvas", { class: "layer-map-cells", "aria-hidden": "true" });
  #area = create("div", { class: "layer-map-area", tabindex: "0", role: "application" });
  #row = create("div", { class: "layer-map-row", hidden: true });
  #chosen = create("div", { class: "layer-map-chosen", hidden: true });
  #step = create("div", { class: "layer-map-step", hidden: true });
  #found = create("div", { class: "layer-map-found" });
  #ticks = create("div", { class: "layer-map-ticks", "aria-hidden": "true" });
  #scroll;
  #plot;
  #tooltip;
  #acts;
  /** @type {ShownMap | null} */
  #shown = null;
  /** @type {LayerFigure | null} */
  #figure = null;
  /** @type {Cell | null} where the keys are */
  #at = null;
  #height = ROW.most;

  /** @param {{onChoose: (layer: number, step: number) => void, onSay: (text: string) => void}} acts */
  constructor(acts) {
    this.#acts = acts;
    this.#area.append(this.#canvas, this.#found, this.#chosen, this.#row, this.#step);
    this.#plot = create("div", { class: "layer-map-plot" }, this.#names, this.#area);
    this.#scroll = create("div", { class: "layer-map-scroll" }, this.#plot);
    this.element = create("div", { class: "layer-map" }, this.#scroll, this.#ticks);
    this.#tooltip = new Tooltip(this.element);
    this.#area.addEventListener("pointermove", (event) => this.#show(this.#cellAt(event)));
    this.#area.addEventListener("pointerleave", () => this.#rest());
    this.#area.addEventListener("click", (event) => this.#choose(this.#cellAt(event)));
    this.#area.addEventListener("keydown", (event) => this.#onKey(event));
    this.#area.addEventListener(
      "focus",
      () => this.#area.matches(":focus-visible") && this.#go(this.#at ?? this.#start()),
    );
    this.#area.addEventListener("blur", () => this.#rest());
  }

  /** @param {ShownMap} shown */
  update(shown) {
    this.#shown = shown;
    const { quantity, layers, t } = shown;
    this.#area.setAttribute("aria-label", t("views.loops.map", { quantity, count: layers.length }));
    this.redraw();
  }

  get figure() {
    return this.#figure;
  }

  redraw() {
    const shown = this.#shown;
    const width = this.#area.clientWidth;
    if (shown === null || width <= 0) return;
    const { record, quantity, layers, places, domain, palette } = shown;
    const rows = Math.max(1, layers.length);
    this.#height = Math.max(ROW.least, Math.min(ROW.most, Math.floor(ROOM / rows)));
    this.#plot.style.height = `${rows * this.#height}px`;
    const figure = layerFigure(
      record,
      quantity,
      { layers, places, domain, columns: Math.round(width) },
      palette,
    );
    this.#figure = figure;
    this.#canvas.width = figure.columns;
    this.#canvas.height = rows;
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    if (layers.length > 0)
      context.putImageData(
        new ImageData(new Uint8ClampedArray(figure.pixels.buffer), figure.columns, rows),
        0,
        0,
      );
    this.#drawNames(shown);
    this.#drawTicks(domain, width);
    this.#markFound(shown);
    this.#mark(shown);
  }

  /** @param {ShownMap} shown */
  #drawNames({ record, layers, layer }) {
    const every = Math.max(1, Math.ceil(NAME / this.#height));
    const rows = layers.flatMap((index, row) => (row % every === 0 || index === layer ? [row] : []));
    const clash = (/** @type {number} */ row) =>
      layer !== null &&
      layers[row] !== layer &&
      Math.abs(row - layers.indexOf(layer)) * this.#height < NAME &&
      layers.includes(layer);
    this.#names.replaceChildren(
      ...rows
        .filter((row) => !clash(row))
        .map((row) => {
          const name = create(
            "span",
            { class: layers[row] === layer ? "is-chosen" : "" },
            layerName(record.layers[layers[row]]),
          );
          name.style.top = `${(row + 0.5) * this.#height}px`;
          return name;
        }),
    );
  }

  /**
   * @param {[number, number]} domain
   * @param {number} width
   */
  #drawTicks([from, to], width) {
    this.#ticks.style.width = `${width}px`;
    this.#ticks.replaceChildren(
      ...ticks([from, to], "linear", Math.max(2, Math.floor(width / 80))).map((tick) => {
        const text = create("span", {}, formatTick(tick));
        text.style.left = `${(100 * (tick - from)) / (to - from)}%`;
        return text;
      }),
    );
  }

  /** @param {ShownMap} shown */
  #markFound({ layers, found }) {
    const rows = layers.flatMap((layer, row) => (found.includes(layer) ? [row] : []));
    this.#found.replaceChildren(
      ...rows.map((row) => {
        const mark = create("i");
        Object.assign(mark.style, { top: `${row * this.#height}px`, height: `${this.#height}px` });
        return mark;
      }),
    );
  }

  /** @param {ShownMap} shown */
  #mark({ record, layers, layer, at, places, domain: [from, to] }) {
    this.#lay(this.#chosen, layer === null ? -1 : layers.indexOf(layer));
    const index = at === null ? -1 : record.indexOf(at);
    this.#step.hidden = index < 0;
    if (index >= 0) this.#step.style.left = `${(100 * (places[index] - from)) / (to - from)}%`;
  }

  /**
   * @param {HTMLElement} bar
   * @param {number} row
   */
  #lay(bar, row) {
    bar.hidden = row < 0;
    Object.assign(bar.style, { top: `${row * this.#height}px`, height: `${this.#height}px` });
  }

  /** @param {{clientX: number, clientY: number}} event @returns {Cell | null} */
  #cellAt({ clientX, clientY }) {
    const [shown, figure] = [this.#shown, this.#figure];
    if (shown === null || figure === null || shown.layers.length === 0) return null;
    const { left, top, width, height } = this.#area.getBoundingClientRect();
    const row = Math.max(0, Math.min(figure.rows - 1, Math.floor(((clientY - top) / height) * figure.rows)));
    const column = Math.max(
      0,
      Math.min(figure.columns - 1, Math.floor(((clientX - left) / width) * figure.columns)),
    );
    const record = figure.records[column];
    return { row, record: record < 0 ? shown.record.count - 1 : record };
  }

  /** Where the keys begin: at the layer whose curve is shown, and the step that is marked. @returns {Cell | null} */
  #start() {
    const shown = this.#shown;
    if (shown === null || shown.layers.length === 0 || shown.record.count === 0) return null;
    const { layers, layer, at, record } = shown;
    return {
      row: Math.max(0, layer === null ? 0 : layers.indexOf(layer)),
      record: at === null ? record.count - 1 : Math.max(0, record.indexOf(at)),
    };
  }

  /** @param {Cell | null} cell */
  #show(cell) {
    const [shown, figure] = [this.#shown, this.#figure];
    if (cell === null || shown === null || figure === null || cell.record < 0) return;
    this.#lay(this.#row, cell.row);
    const { title, value } = this.#told(shown, cell);
    const [from, to] = shown.domain;
    const x = ((shown.places[cell.record] - from) / (to - from)) * figure.columns;
    const y = (cell.row + 0.5) * this.#height - this.#scroll.scrollTop;
    const rows = [{ label: shown.quantity, value }];
    this.#tooltip.show(this.#area.offsetLeft + x, y, title, rows);
  }

  /**
   * @param {ShownMap} shown
   * @param {Cell} cell
   */
  #told({ record, quantity, layers, t }, { row, record: index }) {
    const layer = layers[row];
    const column = record.column(`layers.${quantity}`);
    const number = column === null ? NaN : (column.data[index * column.width + layer] ?? NaN);
    const title = `${layerName(record.layers[layer])} · ${t("views.loops.step", { step: record.steps[index] })}`;
    const value = Number.isNaN(number) ? t("views.loops.unknown") : formatNumber(number, 6);
    return { title, value, text: `${title}: ${quantity} ${value}` };
  }

  /** @param {Cell | null} cell */
  #choose(cell) {
    const shown = this.#shown;
    if (cell === null || shown === null || cell.record < 0) return;
    this.#at = cell;
    this.#acts.onChoose(shown.layers[cell.row], shown.record.steps[cell.record]);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const shown = this.#shown;
    const at = this.#at ?? this.#start();
    const act = actOf("layers", event);
    if (shown === null || at === null || act === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (act === "mark") return this.#choose(at);
    if (act === "drop") return this.#rest();
    const reach = reachOf(event);
    const [rows, records] = WAYS[act];
    const within = (/** @type {number} */ value, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, value));
    this.#go({
      row: within(at.row + reach * rows, shown.layers.length),
      record: within(at.record + reach * records, shown.record.count),
    });
  }

  /** @param {Cell | null} cell */
  #go(cell) {
    const shown = this.#shown;
    if (cell === null || shown === null) return;
    this.#at = {
      row: Math.min(cell.row, shown.layers.length - 1),
      record: Math.min(cell.record, shown.record.count - 1),
    };
    const top = this.#at.row * this.#height;
    const { scrollTop, clientHeight } = this.#scroll;
    if (top < scrollTop) this.#scroll.scrollTop = top;
    else if (top + this.#height > scrollTop + clientHeight)
      this.#scroll.scrollTop = top + this.#height - clientHeight;
    this.#show(this.#at);
    this.#acts.onSay(this.#told(shown, this.#at).text);
  }

  #rest() {
    this.#tooltip.hide();
    this.#row.hidden = true;
  }
}
