/** The runs side by side over two features of their data, following the clock. */

import { filmOf, filmSteps, frameAt } from "./data-frames.js";
import { DataPanel } from "./data-panel.js";
import { FeatureChoice } from "./feature-choice.js";
import { create, setText } from "../../drawing/dom.js";

/**
 * @typedef {import("./data-frames.js").Film} Film
 * @typedef {import("./data-frames.js").Frame} Frame
 * @typedef {import("./data-panel.js").Palette} Palette
 * @typedef {import("../../types.js").Context} Context
 * @typedef {import("../../types.js").Data} Data
 * @typedef {import("../../types.js").Run} Run
 */

/** Features of a sample that can be drawn over a plane. */
const DRAWN = 2;

/** Points along each side: of what plays, and of what rests. */
const COARSE = 61;
const FINE = 121;

/** How long runs or the clock must rest before frames are asked for. */
const REST_MS = 150;

export class DataView {
  #ctx;
  #stage;
  #grid = create("div", { class: "data-grid" });
  #words = create("p", { class: "data-words" });
  #choice;
  #element;
  /** @type {DataPanel[]} */
  #panels = [];
  /** @type {Data | null} */
  #data = null;
  /** @type {Palette | null} */
  #palette = null;
  #identity = "";
  #asked = "";
  #step = 0;
  /** @type {{film: Film, runs: string[]} | null} */
  #film = null;
  /** @type {{film: Film, step: number} | null} the exact frames of one step */
  #still = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  #abort = new AbortController();

  /**
   * @param {HTMLElement} stage
   * @param {Context} ctx
   */
  constructor(stage, ctx) {
    this.#stage = stage;
    this.#ctx = ctx;
    this.#choice = new FeatureChoice(ctx, () => this.#data !== null && this.#ask(this.#data));
    this.#element = create("div", { class: "data-view" }, this.#choice.element, this.#grid, this.#words);
    stage.append(this.#element);
  }

  /** @param {Data} data */
  update(data) {
    this.#data = data;
    const { inputs = DRAWN } = data.problem;
    this.#choice.update(inputs);
    this.#grid.hidden = inputs < DRAWN;
    if (inputs < DRAWN) {
      this.#film = null;
      return setText(this.#words, this.#ctx.t("views.data.features"));
    }
    const { clientWidth, clientHeight } = this.#stage;
    const identity = JSON.stringify([
      data.runs.map(({ id, label, color, marker }) => [id, label, color, marker]),
      data.theme,
      inputs > DRAWN,
      this.#ctx.t("views.data.legend"),
      clientWidth,
      clientHeight,
    ]);
    if (identity !== this.#identity) {
      this.#identity = identity;
      this.#makePanels(data);
    }
    this.#ask(data);
    this.#show();
    return undefined;
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    this.#show();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#sharpen(), REST_MS);
  }

  destroy() {
    clearTimeout(this.#timer);
    clearTimeout(this.#rest);
    this.#abort.abort();
    this.#stage.replaceChildren();
  }

  /** @param {Data} data */
  #makePanels(data) {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const room = height - WORDS - this.#choice.height;
    const { columns, side, head } = arrange(data.runs.length, width, room);
    this.#element.style.setProperty("--columns", String(columns));
    this.#element.style.setProperty("--side", `${side}px`);
    this.#element.style.setProperty("--head", `${head}px`);
    this.#element.classList.toggle("is-stacked", head > HEADS[0].head);
    this.#panels = data.runs.map((run) => new DataPanel(run, this.#ctx));
    this.#grid.replaceChildren(...this.#panels.map(({ element }) => element));
    this.#palette = null;
  }

  /**
   * Ask for the film of these runs, once all of them have ended.
   *
   * @param {Data} data
   */
  #ask({ runs }) {
    const asked = JSON.stringify([
      this.#choice.features,
      ...runs.map(({ request, history }) => [request, history?.last]),
    ]);
    if (asked === this.#asked || !runs.every(({ history }) => history?.ended)) return;
    this.#asked = asked;
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(runs), this.#film === null ? 0 : REST_MS);
  }

  /** @param {Run[]} runs */
  async #load(runs) {
    this.#abort = new AbortController();
    const last = Math.max(...runs.map(({ history }) => history?.last ?? 0));
    const film = await this.#fetch(runs, filmSteps(last), COARSE);
    if (film === null) return;
    this.#film = { film, runs: runs.map(({ id }) => id) };
    this.#choice.tell(film.held);
    this.#still = null;
    this.#palette = null;
    this.#show();
    this.#sharpen();
  }

  /** The step that the clock rests at, exactly. */
  async #sharpen() {
    const runs = this.#data?.runs ?? [];
    const step = this.#step;
    if (this.#film === null || this.#still?.step === step || this.#ctx.player.playing) return;
    const film = await this.#fetch(runs, [step], FINE);
    if (film === null || step !== this.#step) return;
    this.#still = { film, step };
    this.#show();
  }

  /**
   * @param {Run[]} runs
   * @param {number[]} steps
   * @param {number} resolution
   * @returns {Promise<Film | null>}  null if it is no longer wanted, or the server refuses
   */
  async #fetch(runs, steps, resolution) {
    const { signal } = this.#abort;
    const asked = this.#asked;
    const { features } = this.#choice;
    const given = runs.map(({ request }) => request);
    try {
      const response = await this.#ctx.api.decisionBoundary(given, { steps, resolution, features }, signal);
      return asked === this.#asked ? filmOf(response) : null;
    } catch (error) {
      if (!signal.aborted) setText(this.#words, error instanceof Error ? error.message : "");
      return null;
    }
  }

  #show() {
    if (this.#film === null || this.#data === null) return;
    const { film, runs } = this.#film;
    const anew = this.#palette === null;
    const palette = (this.#palette ??= paletteOf(this.#element, film));
    let shown = this.#step;
    this.#data.runs.forEach(({ id }, i) => {
      const index = runs.indexOf(id);
      if (index === -1) return;
      const isExact = this.#still?.step === this.#step && index < this.#still.film.runs.length;
      const frame = frameAt(isExact && this.#still !== null ? this.#still.film : film, index, this.#step);
      this.#panels[i].show(frame, palette, anew);
      if (!isExact && i === 0) shown = frame.step;
    });
    const { t } = this.#ctx;
    const legend = [t(film.task === "classification" ? "views.data.legend" : "views.data.legendValues")];
    if (film.runs.some(({ hinges }) => hinges !== null)) legend.push(t("views.data.hinges"));
    setText(this.#words, shown === this.#step ? legend.join(" ") : t("views.data.nearest", { step: shown }));
  }
}

/** Room for the words beneath, in pixels. */
const WORDS = 34;

/** What stands over a panel, in pixels: a line where both fit beside each other, else two, or three in a narrow one. */
const HEADS = [
  { from: 360, head: 26 },
  { from: 215, head: 42 },
  { from: 0, head: 58 },
];
const GAP = 12;

/**
 * The arrangement in which the panels are largest.
 *
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @returns {{columns: number, side: number, head: number}}
 */
export function arrange(count, width, height) {
  let best = { columns: 1, side: 0, head: HEADS[0].head };
  for (let columns = 1; columns <= count; columns += 1) {
    const lines = Math.ceil(count / columns);
    const across = (width - GAP * (columns + 1)) / columns;
    const sideWith = (/** @type {number} */ head) =>
      Math.floor(Math.min(across, (height - (GAP + head) * lines - GAP) / lines));
    const { head } = HEADS.find((one) => sideWith(one.head) >= one.from) ?? HEADS[HEADS.length - 1];
    if (sideWith(head) > best.side) best = { columns, side: sideWith(head), head };
  }
  return best;
}

/**
 * The colours of outputs and samples, from the tokens: a class each at the ends, or from the lowest target to the highest.
 *
 * @param {Element} element
 * @param {Film} film
 * @returns {Palette}
 */
function paletteOf(element, film) {
  const style = getComputedStyle(element);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const [negative, positive, panel] = ["--weight-negative", "--weight-positive", "--color-panel"].map(token);
  const colors = { text: token("--color-text"), muted: token("--color-text-muted"), panel };
  const [low, high] = film.task === "classification" ? [0, 1] : rangeOf([...film.train.y, ...film.test.y]);
  const ends = [negative, panel, positive].map(parseHex);
  const color = (/** @type {number} */ value) => {
    const part = Math.max(0, Math.min(1, (value - low) / (high - low)));
    const [a, b] = part < 0.5 ? [ends[1], ends[0]] : [ends[1], ends[2]];
    return mix(a, b, STRONGEST * Math.abs(2 * part - 1));
  };
  const sample = (/** @type {number} */ value) => {
    if (film.task === "classification") return value < 0.5 ? negative : positive;
    return `rgb(${color(value).join(" ")})`;
  };
  return { ...colors, color, sample };
}

/** How far the strongest output goes towards the colour of its class, so that the samples stand out. */
const STRONGEST = 0.5;

/** @param {number[]} values */
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high > low ? [low, high] : [low - 1, high + 1];
}

/**
 * @param {string} hex  "#rrggbb"
 * @returns {[number, number, number]}
 */
function parseHex(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue];
}

/**
 * @param {[number, number, number]} a
 * @param {[number, number, number]} b
 * @param {number} part
 * @returns {[number, number, number]}
 */
function mix(a, b, part) {
  const [red, green, blue] = a.map((value, i) => value + part * (b[i] - value));
  return [red, green, blue];
}
