/**
 * A map: cells on a canvas, a pixel each, between axes; read by pointer and by keyboard, and brushed.
 */

import { actOf } from "../../keys.js";
import { create, setText } from "../drawing/dom.js";
import { Drawn } from "../drawing/drawn.js";
import { Tooltip } from "../drawing/tooltip.js";
import { WAYS, bordersOf, cellsIn, moved, same, within } from "./grid.js";
import { MARGIN, MapOver, insideOf, markOf } from "./map-over.js";
import { followPinch } from "./pinch.js";

/**
 * @typedef {import("./map-axes.js").MapAxis} MapAxis
 * @typedef {import("./grid.js").Cell} Cell
 * @typedef {import("./grid.js").Box} Box
 * @typedef {{title: string, rows: import("../drawing/tooltip.js").Row[]}} Reading
 *
 * @typedef {object} MapFigure
 * @property {string} title
 * @property {{color: string, path: string} | null} mark  of the run that it is of
 * @property {string} aside
 * @property {string} label  for who does not see it
 * @property {number} columns
 * @property {number} rows
 * @property {Uint32Array<ArrayBuffer>} pixels  [rows, columns] from the top, 0 where nothing is known
 * @property {MapAxis} x
 * @property {MapAxis} y
 * @property {Cell & {isFinal: boolean} | null} best  isFinal: whether no cell is missing that could be better
 * @property {{best: () => Cell | null, borders: (row: number) => number[]}} [seek]  where keys lead to what is not drawn
 * @property {{there: string, none: string}} [borders]  what keys say that lead to the next border, and where there is none
 * @property {[number, number][][]} lines  to be drawn over the cells, in cells from the left and the bottom
 * @property {[number, number][][]} theory  the same, of what is known without a run
 * @property {import("./map-over.js").Trail | null} [trail]  of a run over the cells
 * @property {(cell: Cell) => Reading} read
 *
 * @typedef {object} MapActs
 * @property {(parts: readonly string[]) => void} onSay  to who does not see it
 * @property {(cells: Cell[]) => void} onOpen
 * @property {(box: Box | null) => void} onBrush  cells that a brush went over; null: none any longer
 * @property {(factor: number, at: {x: number, y: number}) => void} [onZoom]  by wheel, fingers or keys; at: in cells
 * @property {() => void} [onSize]  the cells have another size on the page
 * @property {(across: number, up: number) => void} [onPan]  by keys, beyond the cells that there are
 */

/** How much more each key shows. @type {Record<string, number>} */
const ZOOMS = { zoomIn: 0.5, zoomOut: 2, whole: Infinity };
/** What a wheel has to turn for half or twice as much. */
const WHEEL_PX = 300;
/** A pointer that moves less has pressed a cell. */
const BRUSH_PX = 6;

export class MapChart {
  #acts;
  #title = create("h3", { class: "map-title" });
  #aside = create("span", { class: "map-aside" });
  #canvas = create("canvas", { class: "map-cells", "aria-hidden": "true" });
  #over = new MapOver();
  #cursor = create("div", { class: "map-cursor", hidden: true });
  #area = create("div", { class: "map-area", tabindex: 0, role: "application" });
  #plot = create("div", { class: "map-plot" });
  #tooltip;
  /** @type {MapFigure | null} */
  #figure = null;
  /** @type {Cell | null} where the keys have led */
  #at = null;
  /** @type {Cell | null} whose numbers are shown */
  #read = null;
  /** @type {{from: Cell, x: number, y: number, isBrush: boolean} | null} */
  #pressed = null;
  /** @type {Box | null} what is brushed */
  #box = null;
  /** What is on the canvas. @type {MapFigure["pixels"] | null} */
  #pixels = null;
  #drawn = new Drawn();
  /** Of the plot; asked for while a frame is drawn, the browser would lay the page out for each map anew. */
  #size = { width: 0, height: 0 };
  #observer = new ResizeObserver(([{ contentRect }]) => this.#resize(contentRect));

  /** @param {MapActs} acts */
  constructor(acts) {
    this.#acts = acts;
    this.#area.append(this.#canvas, this.#cursor);
    this.#plot.append(this.#area, this.#over.element);
    this.element = create(
      "section",
      { class: "map-chart" },
      create("header", { class: "map-head" }, this.#title, this.#aside),
      this.#plot,
    );
    this.#tooltip = new Tooltip(this.#plot);
    this.#observer.observe(this.#plot);
    this.#listen();
  }

  #listen() {
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
      this.#area.addEventListener(type, listener);
    on("pointermove", (event) => this.#onMove(event));
    on("pointerdown", (event) => this.#onDown(event));
    on("pointerup", (event) => this.#onUp(event));
    on("pointercancel", () => this.#rest());
    on("pointerleave", (event) => this.#onLeave(event));
    on("keydown", (event) => this.#onKey(event));
    on(
      "focus",
      () => this.#area.matches(":focus-visible") && this.#go(this.#at ?? this.#figure?.best ?? null),
    );
    on("blur", () => this.#rest());
    this.#area.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    if (this.#acts.onZoom !== undefined) followPinch(this.#area, (factor, at) => this.#zoom(factor, at));
  }

  /** @param {MapFigure} figure */
  update(figure) {
    const before = this.#figure;
    this.#figure = figure;
    if (before !== null && (before.columns !== figure.columns || before.rows !== figure.rows)) this.#regrid();
    const { title, aside, label, mark } = figure;
    this.#drawn.draw(this.#title, [title, mark], () =>
      this.#title.replaceChildren(...(mark === null ? [] : [markOf(mark)]), document.createTextNode(title)),
    );
    setText(this.#aside, aside);
    if (this.#area.ariaLabel !== label) this.#area.ariaLabel = label;
    if (!this.#shows(figure)) this.#put(figure);
    this.#drawOver();
    if (this.#read !== null) this.#show(this.#read);
  }

  /** There are other cells: keys go on from one that is there, and what was brushed or shown of them is no more. */
  #regrid() {
    if (this.#at !== null) this.#at = within(this.#at, /** @type {MapFigure} */ (this.#figure));
    this.drop();
    this.#rest();
  }

  /** Whether the cells of a figure are on the canvas. @param {MapFigure} figure */
  #shows({ columns, rows, pixels }) {
    if (this.#canvas.width !== columns || this.#canvas.height !== rows) return false;
    const shown = this.#pixels;
    return shown !== null && (pixels === shown || pixels.every((pixel, at) => pixel === shown[at]));
  }

  /** @param {MapFigure} figure  whose cells are others */
  #put({ columns, rows, pixels }) {
    this.#pixels = pixels;
    if (this.#canvas.width !== columns) this.#canvas.width = columns;
    if (this.#canvas.height !== rows) this.#canvas.height = rows;
    const picture = new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows);
    /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d")).putImageData(picture, 0, 0);
  }

  /** @param {{width: number, height: number}} size */
  #resize({ width, height }) {
    this.#size = { width, height };
    this.#drawOver();
    this.#acts.onSize?.();
  }

  /** Draw what stands around the cells. */
  #drawOver() {
    if (this.#figure !== null && this.#size.width > 0) this.#over.update(this.#figure, this.#size);
  }

  /** How much of the page the cells fill. */
  get size() {
    return insideOf(this.#size);
  }

  get figure() {
    return this.#figure;
  }

  /** What is laid over the cells is a child of this. */
  get area() {
    return this.#area;
  }

  /** @param {{clientX: number, clientY: number}} event @returns {Cell | null} */
  #cellAt({ clientX, clientY }) {
    if (this.#figure === null) return null;
    const { columns, rows } = this.#figure;
    const { left, bottom, width, height } = this.#area.getBoundingClientRect();
    const [across, up] = [(clientX - left) / width, (bottom - clientY) / height];
    return within({ column: Math.floor(across * columns), row: Math.floor(up * rows) }, this.#figure);
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    const cell = this.#cellAt(event);
    if (cell === null) return;
    const pressed = this.#pressed;
    if (pressed !== null && this.#brushes(event)) {
      pressed.isBrush ||= Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > BRUSH_PX;
      if (pressed.isBrush) return this.#mark({ from: pressed.from, to: cell });
    }
    this.#show(cell);
  }

  /** @param {PointerEvent} event */
  #onDown(event) {
    const from = this.#cellAt(event);
    if (event.button !== 0 || from === null) return;
    this.#pressed = { from, x: event.clientX, y: event.clientY, isBrush: false };
    if (this.#brushes(event)) this.#area.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event  a finger moves the page, unless it was said to brush */
  #brushes({ pointerType }) {
    return pointerType !== "touch" || this.element.hasAttribute("data-brush");
  }

  /** @param {PointerEvent} event  a finger reads a cell first, and opens it when it touches it again */
  #onUp(event) {
    const [pressed, cell] = [this.#pressed, this.#cellAt(event)];
    this.#pressed = null;
    if (pressed === null || cell === null) return;
    if (pressed.isBrush) return this.#brush({ from: pressed.from, to: cell });
    this.drop();
    const isRead = this.#at !== null && same(this.#at, cell);
    this.#at = cell;
    this.#show(cell);
    if (event.pointerType !== "touch" || isRead) this.#acts.onOpen([cell]);
  }

  /** @param {PointerEvent} event  a finger is lifted, too, from what it reads */
  #onLeave({ pointerType }) {
    if (this.#pressed === null && pointerType !== "touch") this.#rest();
  }

  /** @param {WheelEvent} event */
  #onWheel(event) {
    if (this.#acts.onZoom === undefined) return;
    event.preventDefault();
    this.#zoom(2 ** (event.deltaY / WHEEL_PX), event);
  }

  /** @param {number} factor  below 1 to see less, and that larger @param {{clientX: number, clientY: number}} at */
  #zoom(factor, { clientX, clientY }) {
    if (this.#figure === null) return;
    const { left, bottom, width, height } = this.#area.getBoundingClientRect();
    const x = ((clientX - left) / width) * this.#figure.columns;
    const y = ((bottom - clientY) / height) * this.#figure.rows;
    this.#acts.onZoom?.(factor, { x, y });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.target !== this.#area) return;
    const act = actOf("map", event);
    const figure = this.#figure;
    const zoom = act === null ? undefined : ZOOMS[act];
    if (act === null || figure === null || (zoom !== undefined && this.#acts.onZoom === undefined)) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.#at ?? figure.best ?? { column: figure.columns >> 1, row: figure.rows >> 1 };
    if (zoom !== undefined) return this.#acts.onZoom?.(zoom, { x: at.column + 0.5, y: at.row + 0.5 });
    if (act === "open") this.#acts.onOpen(this.#box === null ? [at] : this.brushed);
    else if (act.startsWith("brush")) this.#widen(moved(act.slice(5).toLowerCase(), at, figure), at);
    else {
      this.drop();
      if (act === "best") this.#go(figure.seek?.best() ?? figure.best);
      else if (act !== "drop") this.#step(act, at, figure);
    }
  }

  /** @param {string} act @param {Cell} at @param {MapFigure} figure */
  #step(act, at, figure) {
    const to = moved(act, at, figure);
    const [across, up] = WAYS[act] ?? [0, 0];
    const isBeyond = (across !== 0 || up !== 0) && same(to, at);
    if (isBeyond && this.#acts.onPan !== undefined) return this.#acts.onPan(across, up);
    const { borders } = figure;
    const isThere = act === "border" && bordersOf(at.row, figure).length > 0;
    this.#go(to, act !== "border" || borders === undefined ? [] : [isThere ? borders.there : borders.none]);
  }

  /** @param {Cell} to @param {Cell} at  where the brush begins, unless it has begun */
  #widen(to, at) {
    const from = this.#box?.from ?? at;
    this.#go(to);
    this.#brush({ from, to });
  }

  /** @param {Box} box */
  #brush(box) {
    this.#box = box;
    this.#mark(box);
    this.#acts.onBrush(box);
  }

  /** The cells that a brush went over. */
  get brushed() {
    return this.#box === null ? [] : cellsIn(this.#box);
  }

  /** Nothing is brushed any longer. */
  drop() {
    if (this.#box === null) return;
    this.#box = null;
    this.#acts.onBrush(null);
  }

  /** @param {Cell | null} cell  that the keys lead to @param {string[]} said  before what there is to read of it */
  #go(cell, said = []) {
    if (cell === null || this.#figure === null) return;
    this.#at = cell;
    this.#show(cell);
    this.#acts.onSay([...said, ...partsOf(this.#figure.read(cell))]);
  }

  /** @param {Cell} cell */
  #show(cell) {
    const figure = /** @type {MapFigure} */ (this.#figure);
    this.#read = cell;
    if (this.#box === null) this.#mark({ from: cell, to: cell });
    const { title, rows } = figure.read(cell);
    const { width, height } = this.size;
    const x = MARGIN.left + ((cell.column + 0.5) / figure.columns) * width;
    const y = MARGIN.top + (1 - (cell.row + 0.5) / figure.rows) * height;
    this.#tooltip.show(x, y, title, rows);
  }

  /** @param {Box} box */
  #mark({ from, to }) {
    const { columns, rows } = /** @type {MapFigure} */ (this.#figure);
    const [left, right] = [Math.min(from.column, to.column), Math.max(from.column, to.column) + 1];
    const [bottom, top] = [Math.min(from.row, to.row), Math.max(from.row, to.row) + 1];
    Object.assign(this.#cursor.style, {
      left: `${(100 * left) / columns}%`,
      width: `${(100 * (right - left)) / columns}%`,
      top: `${100 - (100 * top) / rows}%`,
      height: `${(100 * (top - bottom)) / rows}%`,
    });
    this.#cursor.hidden = false;
  }

  #rest() {
    this.#pressed = this.#read = null;
    this.#tooltip.hide();
    if (this.#box === null) this.#cursor.hidden = true;
    else this.#mark(this.#box);
  }
}

/**
 * What is read, as it is said.
 *
 * @param {Reading} reading
 * @returns {string[]}
 */
export function partsOf({ title, rows }) {
  return [title, ...rows.map(({ label, value }) => `${label} ${value}`)];
}
