/** What the selected run freezes and when: a track for each layer under the timeline; opened, one for each parameter. */

import {
  isParted,
  isSameWindow,
  layerOf,
  windowsFrom,
  windowsOf,
  withChange,
  withWindow,
} from "../../state/freezing.js";
import { create, setAttributes } from "../drawing/dom.js";
import { driftsWithin } from "../drawing/frozen.js";
import { FreezeTools } from "./freeze-tools.js";
import { FreezeTrack } from "./freeze-track.js";
import { layersOf } from "./layers.js";

/**
 * @typedef {import("../../state/freezing.js").FreezeWindow} FreezeWindow
 * @typedef {import("../../state/freezing.js").Span} Span
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {HTMLElement} element
 * @property {HTMLElement} head  its name: of a layer, a button that opens it
 * @property {FreezeTrack} track
 */

export class FreezePanel {
  #ctx;
  /** @type {Row[]} */
  #rows = [];
  /** @type {Set<string>} the layers that are opened */
  #opened = new Set();
  /** @type {FreezeWindow | null} */
  #selected = null;
  /** @type {Data | null} */
  #data = null;
  #tools;
  #cursor = create("div", { class: "freeze-cursor" });

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.#tools = new FreezeTools(ctx, this.#change);
    this.element = create(
      "div",
      { class: "freeze", role: "group" },
      create("div", { class: "freeze-over" }, this.#cursor),
      this.#tools.element,
    );
  }

  /** The run whose windows are shown. */
  get #run() {
    const { runs = [], selected = null } = this.#data ?? {};
    return runs.find(({ id }) => id === selected) ?? runs[0] ?? null;
  }

  /** @param {Data} data */
  update(data) {
    const { t } = this.#ctx;
    this.#data = data;
    const run = this.#run;
    const layers = run === null ? [] : layersOf(run, data);
    this.element.dataset.rows = String(layers.length);
    if (run === null || layers.length === 0) return;
    this.element.setAttribute("aria-label", t("views.freeze.title", { run: run.label }));
    const names = layers.flatMap(({ name, parameters }) =>
      this.#opened.has(name) ? [name, ...parameters] : [name],
    );
    if (names.join() !== this.#rows.map(({ name }) => name).join()) this.#arrange(names);
    const windows = windowsFrom(windowsOf(run.config.freeze ?? []), run.history?.first ?? 0);
    if (!windows.some((window) => isSameWindow(window, this.#selected))) this.#selected = null;
    for (const row of this.#rows) this.#showRow(row, run, windows, data);
    this.#tools.update(this.#selected, run, data);
  }

  /** @param {number} step */
  setStep(step) {
    const span = this.#data === null ? 1 : spanOf(this.#data);
    this.#cursor.style.transform = `translateX(${(100 * Math.min(1, step / span)).toFixed(3)}%)`;
  }

  /** @param {string[]} names */
  #arrange(names) {
    const known = new Map(this.#rows.map((row) => [row.name, row]));
    this.#rows = names.map((name) => known.get(name) ?? this.#makeRow(name));
    for (const { element } of known.values()) element.remove();
    this.element.prepend(...this.#rows.map(({ element }) => element));
    this.#rows.forEach(({ element }, i) => (element.style.gridRow = String(i + 1)));
  }

  /**
   * @param {string} name
   * @returns {Row}
   */
  #makeRow(name) {
    const isLayer = name === layerOf(name);
    const track = new FreezeTrack(name, this.#ctx, {
      change: (window, span) => this.#change(window, span),
      add: (window) => this.#add(window),
      select: (window) => this.#select(window),
    });
    const head = isLayer
      ? create("button", { class: "freeze-name", type: "button" }, name)
      : create("span", { class: "freeze-name is-parameter" }, name);
    if (isLayer) head.addEventListener("click", () => this.#toggle(name));
    return { name, head, track, element: create("div", { class: "freeze-row" }, head, track.element) };
  }

  /**
   * @param {Row} row
   * @param {Run} run
   * @param {FreezeWindow[]} windows
   * @param {Data} data
   */
  #showRow({ name, element, head, track }, run, windows, data) {
    const isOpen = this.#opened.has(name);
    element.classList.toggle("is-parted", !isOpen && isParted(run.config.freeze ?? [], name));
    if (name === layerOf(name)) {
      const title = this.#ctx.t(`views.freeze.${isOpen ? "close" : "open"}`, { layer: name });
      setAttributes(head, { "aria-expanded": String(isOpen), "data-hint": title });
    }
    const { steps = data.steps } = run.config;
    track.update({
      windows: windows.filter((window) => window.name === name || (!isOpen && layerOf(window.name) === name)),
      span: spanOf(data),
      steps,
      fixed: "id" in run.request,
      isSelected: (window) => isSameWindow(window, this.#selected),
      drifts: (window) => run.history !== null && !run.stale && driftsWithin(run.history, window),
    });
  }

  /** @param {string} layer */
  #toggle(layer) {
    if (!this.#opened.delete(layer)) this.#opened.add(layer);
    this.#redraw();
  }

  /** @param {FreezeWindow | null} window */
  #select(window) {
    this.#selected = isSameWindow(window, this.#selected) ? null : window;
    this.#redraw();
  }

  /** @param {FreezeWindow} window */
  #add(window) {
    this.#selected = window;
    this.#ctx.onFreeze((freeze) => withWindow(freeze, window));
  }

  /**
   * @param {FreezeWindow} window
   * @param {Partial<Omit<FreezeWindow, "name">> | null} change
   */
  #change = (window, change) => {
    this.#selected = change === null ? null : { ...window, ...change };
    this.#ctx.onFreeze((freeze) => withChange(freeze, window, change));
  };

  #redraw() {
    if (this.#data !== null) this.update(this.#data);
  }
}

/**
 * The steps that the timeline is as wide as: those of the run, unless all runs ended before.
 *
 * @param {Data} data
 */
function spanOf({ runs, steps }) {
  const isOver = runs.every(({ history, stale }) => !stale && (history?.ended ?? null) !== null);
  const last = Math.max(0, ...runs.map(({ history }) => history?.last ?? 0));
  return isOver && last > 0 ? last : steps;
}
