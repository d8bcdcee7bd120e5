/**
 * The maps of a picture side by side, with the bar of colours that they share.
 */

import { drawBarTicks } from "../drawing/bar-ticks.js";
import { arrange, create, setText } from "../drawing/dom.js";
import { Drawn } from "../drawing/drawn.js";
import { Themed, readTheme } from "../drawing/theme.js";
import { Fields, colorsOf, figureOf, mappedIn } from "./figures.js";
import { MapChart } from "./map-chart.js";
import { colorAt, paletteOf } from "../drawing/palette.js";

/**
 * @typedef {import("../../state/sweep/cells.js").Picture} Picture
 * @typedef {import("./figures.js").Mapped} Mapped
 * @typedef {import("./grid.js").Cell} Cell
 *
 * @typedef {Omit<import("./figures.js").Frame, "palette"> & {picture: Picture | null, theme: string}} MapsData
 *
 * @typedef {object} MapsActs
 * @property {(parts: readonly string[]) => void} onSay
 * @property {(mapped: Mapped, cells: Cell[]) => void} onOpen
 * @property {() => void} onBrush  other cells are brushed, or none any longer
 */

export class Maps {
  #acts;
  #grid = create("div", { class: "maps-grid" });
  #bar = new ColorBar();
  element = create("div", { class: "maps" }, this.#bar.element, this.#grid);
  #colors = new Themed(() => colorsIn(this.element));
  #fields = new Fields();
  /** @type {Map<number, {chart: MapChart, mapped: Mapped}>} by slot */
  #charts = new Map();
  /** What is drawn, and what was told of it. @type {Picture | null} */
  #picture = null;
  #told = "";

  /** @param {MapsActs} acts */
  constructor(acts) {
    this.#acts = acts;
  }

  /** @param {MapsData} data */
  update({ picture, ...frame }) {
    const told = toldOf(picture, frame);
    if (picture === this.#picture && told === this.#told) return;
    [this.#picture, this.#told] = [picture, told];
    const mapped = picture === null ? [] : this.#fields.in(picture, frame.quantity);
    const colors = colorsOf(mapped, frame.quantity);
    const { surface, palette } = this.#colors.of(frame.theme);
    this.#keep(mapped);
    this.#grid.dataset.count = String(mapped.length);
    for (const one of mapped)
      this.#charts.get(one.slot)?.chart.update(figureOf(one, colors, { ...frame, palette }));
    const hasTheory = this.charts.some(({ chart }) => (chart.figure?.theory.length ?? 0) > 0);
    const isWhole = mapped.every((one) => one.isWhole);
    const hasRefused = mapped.some((one) => one.hasRefused);
    this.#bar.update(colors, surface, { ...frame, hasTheory, hasRefused, isWhole });
  }

  /** @param {Mapped[]} mapped */
  #keep(mapped) {
    for (const [slot, { chart }] of this.#charts)
      if (!mapped.some((one) => one.slot === slot)) {
        chart.drop();
        this.#charts.delete(slot);
      }
    const elements = mapped.map((one) => {
      const there = this.#charts.get(one.slot);
      if (there !== undefined) there.mapped = one;
      return (there?.chart ?? this.#begin(one)).element;
    });
    arrange(this.#grid, elements);
  }

  /** @param {Mapped} mapped */
  #begin(mapped) {
    const { slot } = mapped;
    const now = () => /** @type {{mapped: Mapped}} */ (this.#charts.get(slot)).mapped;
    const chart = new MapChart({
      onSay: (parts) => this.#acts.onSay(parts),
      onOpen: (cells) => this.#acts.onOpen(now(), cells),
      onBrush: (box) => {
        if (box !== null) this.#charts.forEach((other, key) => key !== slot && other.chart.drop());
        this.#acts.onBrush();
      },
    });
    this.#charts.set(slot, { chart, mapped });
    return chart;
  }

  /** @param {boolean} is  whether a finger brushes cells, and does not move the page */
  brushByTouch(is) {
    for (const { chart } of this.#charts.values()) chart.element.toggleAttribute("data-brush", is);
  }

  /** What is brushed, of the map that is there now. @type {{mapped: Mapped, cells: Cell[]} | null} */
  get brushed() {
    const there = this.charts.find(({ chart }) => chart.brushed.length > 0);
    return there === undefined ? null : { mapped: there.mapped, cells: there.chart.brushed };
  }

  /** Nothing is brushed any longer. */
  drop() {
    this.#charts.forEach(({ chart }) => chart.drop());
  }

  /** Those that there are, from left to right. */
  get charts() {
    return [...this.#charts.values()];
  }
}

/**
 * All that maps of a picture follow from beside it: a control that is dragged has them drawn again before there is another
 * one.
 *
 * @param {Picture | null} picture
 * @param {Omit<MapsData, "picture">} frame
 */
function toldOf(picture, { t, theme, quantity, look }) {
  const runs = picture === null ? [] : mappedIn(picture);
  const language = t("views.tune.keys.best");
  return JSON.stringify([
    language,
    theme,
    quantity,
    picture?.earlier?.length,
    runs.map(({ slot, cells }) => [look(slot), cells.count]),
  ]);
}

/** @param {Element} element  in the page */
function colorsIn(element) {
  const { surface } = readTheme(element);
  const style = getComputedStyle(element);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const own = { surface, diverged: token("--map-diverged"), none: token("--map-none") };
  return { surface, palette: paletteOf(own) };
}

const SHADES = 128;

/** The colours from the lowest number to the highest, and those that stand for no number. */
class ColorBar {
  #name = create("span", { class: "map-bar-name" });
  #canvas = create("canvas", { class: "map-bar-colors", width: SHADES, height: 1, "aria-hidden": "true" });
  #ticks = create("div", { class: "bar-ticks" });
  #keys = create("div", { class: "map-keys" });
  element = create(
    "div",
    { class: "map-bar" },
    this.#name,
    create("div", { class: "map-bar-scale" }, this.#canvas, this.#ticks),
    this.#keys,
  );
  #drawn = new Drawn();

  /**
   * @param {import("../drawing/color-scale.js").ColorMap | null} colors
   * @param {[number, string][]} surface
   * @param {Pick<MapsData, "t" | "quantity"> & {hasTheory: boolean, hasRefused: boolean, isWhole: boolean}} words
   */
  update(colors, surface, words) {
    setText(this.#name, words.t(`views.tune.quantity.${words.quantity}`));
    this.#drawn.draw(this.#canvas, surface, () => this.#drawSurface(surface));
    this.#drawn.draw(this.#ticks, [colors?.ticks, colors?.domain], () => drawBarTicks(this.#ticks, colors));
    const keys = keysOf(words);
    this.#drawn.draw(this.#keys, keys, () => this.#keys.replaceChildren(...keys.map(drawnKey)));
    this.#keys.classList.toggle("is-whole", words.isWhole);
  }

  /** @param {[number, string][]} surface */
  #drawSurface(surface) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    for (let i = 0; i < SHADES; i += 1) {
      context.fillStyle = colorAt(surface, i / (SHADES - 1));
      context.fillRect(i, 0, 1, 1);
    }
  }
}

/**
 * What is to be said of colours and lines beside the scale.
 *
 * @param {Pick<MapsData, "t" | "quantity"> & {hasTheory: boolean, hasRefused: boolean}} words
 * @returns {{kind: string, words: string}[]}
 */
function keysOf({ t, quantity, hasTheory, hasRefused }) {
  const kinds = [
    quantity === "diverged" ? null : "diverged",
    quantity === "target" ? "never" : quantity === "diverged" ? "ended" : null,
    "border",
    hasTheory ? "theory" : null,
    "best",
    hasRefused ? "refused" : null,
    "nothing",
  ];
  return kinds.flatMap((kind) => (kind === null ? [] : [{ kind, words: t(`views.tune.keys.${kind}`) }]));
}

/** @param {{kind: string, words: string}} key */
function drawnKey({ kind, words }) {
  return create("span", { class: `map-key is-${kind}` }, create("i", { class: `map-key-${kind}` }), words);
}
