/**
 * The edge of trainability in the place Tune: the selected run by the rates of two of its layers, zoomed while one looks.
 */

import { PageProvider } from "../controls/parts/page.js";
import { EdgeBar } from "../controls/tune/edge-bar.js";
import { OtherProblem } from "../controls/tune/other-problem.js";
import { Save, TuneState } from "../controls/tune/tune-state.js";
import { Tuning } from "../session/tuning.js";
import { selectedRun } from "../state/edits.js";
import { NETWORK } from "../state/offers.js";
import { ROUGH, learnAlone } from "../state/sweep/alone.js";
import {
  boxed,
  edgeAsk,
  edgeWindow,
  isDeepest,
  needsDouble,
  panned,
  ratedLayers,
  spacing,
  zoomed,
} from "../state/sweep/edge.js";
import { recording } from "../outside.js";
import { paced } from "../timing.js";
import { Before } from "../views/tune/before.js";
import { create } from "../views/drawing/dom.js";
import { exactNumber } from "../views/drawing/numbers.js";
import { EdgeChart } from "../views/tune/edge.js";
import { html, render } from "../../vendor/preact/htm-preact.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../state/types.js").Window} Window
 * @typedef {import("../state/sweep/cells.js").Swept} Swept
 * @typedef {import("./tune-basins.js").LookOf} LookOf
 * @typedef {Pick<import("../views/tune/figures.js").Mapped, "layout" | "optimizer" | "swept" | "cells">} OpenableMap
 */

export class EdgePlace {
  #bar = create("div", { class: "tune-controls" });
  #told = create("div", { class: "tune-told" });
  #before;
  #chart;
  #tuning;
  #onOpen;
  #onSay;
  #onPicture;
  #onCells;
  /** @type {{page: Page, theme: string, look: LookOf} | null} */
  #now = null;
  /** @type {Page | null} */
  #barOf = null;
  /** Optimizers that do not treat each number by itself. @type {Set<string>} */
  #alone = new Set();
  #draw = paced(() => this.#drawNow());

  /** @param {import("./tune-windows.js").Acts} acts */
  constructor({ sweeps, onSay, onOpen, onPicture, onCells }) {
    this.#onCells = onCells;
    this.#onOpen = onOpen;
    this.#onSay = onSay;
    this.#onPicture = onPicture;
    this.#tuning = new Tuning({ api: sweeps, onChange: () => this.#news() });
    this.#chart = new EdgeChart({
      onSay,
      onOpen: (cells) => this.#open(cells),
      onBrush: (box) => {
        if (box === null) return;
        this.#chart.drop();
        this.#look((window, count) => boxed(window, box, count));
      },
      onZoom: (factor, { x, y }) =>
        this.#look((window, count) => zoomed(window, factor, { across: x / count, up: y / count }, count)),
      onPan: (across, up) => this.#look((window) => panned(window, across / 2, up / 2)),
    });
    this.#before = new Before(this.#chart.element);
    this.element = create(
      "div",
      { class: "tune-edge" },
      this.#bar,
      this.#told,
      this.#before.element,
      this.#chart.element,
    );
  }

  /**
   * @param {Page} page
   * @param {string} theme
   * @param {LookOf} look
   */
  update(page, theme, look) {
    this.#now = { page, theme, look };
    this.#ask();
    this.#drawNow();
  }

  /** What is wanted, as far as it is there. */
  get picture() {
    return this.#tuning.isStale ? null : this.#tuning.picture;
  }

  leave() {
    this.#now = null;
    this.#tuning.leave();
  }

  /** Cells along each side. @param {Page} page */
  #count({ state }) {
    const run = selectedRun(state);
    return this.#alone.has(run.optimizer.name) ? Math.min(ROUGH, state.edge.cells) : state.edge.cells;
  }

  #ask() {
    if (this.#now === null) return;
    const { page } = this.#now;
    const { state, problem } = page;
    const isNetwork = problem.kind === "dataset";
    const own = () => (isNetwork ? [edgeAsk(state, problem, this.#count(page))] : []);
    this.#tuning.want(recording?.asks ?? own());
  }

  /** What goes one by one is asked for in fewer. */
  #news() {
    if (learnAlone(this.#alone, this.#tuning.picture?.sweeps ?? [])) this.#ask();
    this.#draw();
  }

  /** @returns {Swept | null} */
  get #swept() {
    return this.#tuning.picture?.sweeps[0] ?? null;
  }

  #drawNow() {
    if (this.#now === null) return;
    const { page, theme, look } = this.#now;
    const { t, state, problem } = page;
    const isNetwork = problem.kind === "dataset";
    this.#chart.element.hidden = !isNetwork;
    this.#before.update(this.#tuning.isStale && isNetwork, t);
    if (!isNetwork) return this.#drawNone(page);
    this.#drawControls(page);
    const swept = this.#swept;
    this.#chart.update({
      ...{ t, theme, swept, isStale: this.#tuning.isStale, look: look(selectedRun(state).slot) },
      ...{ window: edgeWindow(state), layers: ratedLayers(state), count: this.#count(page) },
    });
  }

  /** @param {Page} page  whose problem has no layers */
  #drawNone(page) {
    const words = { why: page.t("views.edge.noLayers"), label: page.t("views.edge.network") };
    const none = html`<${OtherProblem} ...${words} problem=${NETWORK} />`;
    this.#barOf = null;
    render(null, this.#bar);
    render(html`<${PageProvider} value=${page}>${none}<//>`, this.#told);
  }

  /** What is chosen, drawn once for a page however many cells come. @param {Page} page */
  #drawBar(page) {
    if (page === this.#barOf) return;
    this.#barOf = page;
    const zoom = (/** @type {number} */ factor) =>
      this.#look((now, count) => zoomed(now, factor, { across: 0.5, up: 0.5 }, count));
    render(html`<${PageProvider} value=${page}><${EdgeBar} onZoom=${zoom} /><//>`, this.#bar);
  }

  /** @param {Page} page */
  #drawControls(page) {
    const { t, state } = page;
    const { progress, isCancelled, trouble } = this.#tuning;
    const [window, count] = [edgeWindow(state), this.#count(page)];
    const { name } = selectedRun(state).optimizer;
    const part = Math.min(...window.map((side) => spacing(side, count))).toExponential(1);
    const notes = [
      this.#alone.has(name) ? t("views.edge.rough", { name, count }) : "",
      isDeepest(window, count) ? t("views.edge.deepest") : "",
      state.dtype !== "float64" && needsDouble(window, count) ? t("views.edge.double", { part }) : "",
    ];
    const told = {
      progress,
      isCancelled,
      trouble,
      lacking: [],
      ways: this.#swept?.cells?.started.ways ?? [],
    };
    const acts = { cancel: () => this.#tuning.cancel(), retry: () => this.#tuning.retry() };
    const inPage = (/** @type {unknown} */ content) => html`<${PageProvider} value=${page}>${content}<//>`;
    this.#drawBar(page);
    render(
      inPage(
        html`<${TuneState} ...${told} ...${acts} />${notes.map(
            (note) => note !== "" && html`<p key=${note} class="tune-note">${note}</p>`,
          )}<${Save}
            canSave=${this.#swept !== null && !this.#tuning.isStale}
            onPicture=${this.#onPicture}
            onCells=${() => this.#onCells(this.#tuning.picture)}
          />`,
      ),
      this.#told,
    );
  }

  /** @param {(window: Window, count: number) => Window} change */
  #look(change) {
    if (recording !== null) return recording.tellHow();
    const page = this.#now?.page;
    if (page === undefined) return;
    page.edit((now) => ({ edge: { ...now.edge, window: change(edgeWindow(now), this.#count(page)) } }));
    this.#sayWindow();
  }

  /** To who does not see what is looked at now. */
  #sayWindow() {
    if (this.#now === null) return;
    const { t, state } = this.#now.page;
    const [[left, right], [bottom, top]] = edgeWindow(state).map(toldSide);
    this.#onSay([t("views.edge.window", { ...ratedLayers(state), left, right, bottom, top })]);
  }

  /** @param {import("../views/tune/grid.js").Cell[]} at */
  #open(at) {
    const swept = this.#swept;
    if (swept === null || swept.cells === null || this.#tuning.isStale) return;
    const { cells } = swept;
    const [columns, rows] = cells.started.axes.map(({ values }) => values.length);
    this.#onOpen({ layout: { columns, rows, seeds: 1 }, optimizer: 0, swept, cells }, at);
  }
}

/**
 * The ends of a side as they are said: with as many digits as tell them apart well.
 *
 * @param {readonly [number, number]} side
 */
function toldSide([low, high]) {
  const digits = Math.ceil(3 + Math.log10(high / (high - low)));
  const told = (/** @type {number} */ rate) => Number(rate.toPrecision(Math.max(6, Math.min(17, digits))));
  return [low, high].map((rate) => exactNumber(told(rate), false));
}
