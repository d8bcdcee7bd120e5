/**
 * The place Tune: its controls, its maps, and the sweeps behind them. Its modules come when somebody first goes there.
 */

import { createSweepApi } from "../api/sweeps.js";
import { PageProvider } from "../controls/parts/page.js";
import { TuneBar } from "../controls/tune/tune-bar.js";
import { TuneState } from "../controls/tune/tune-state.js";
import { Tuning } from "../session/tuning.js";
import { idOf } from "../state/look.js";
import { asksOf, seedsOf, uprightOf } from "../state/sweep/request.js";
import { fieldName } from "../state/sweep/fields.js";
import { paced } from "../timing.js";
import { create } from "../views/drawing/dom.js";
import { markerPath } from "../views/drawing/markers.js";
import { Maps } from "../views/tune/maps.js";
import { html, render } from "../../vendor/preact/htm-preact.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../state/sweep/request.js").Lack} Lack
 * @typedef {import("../views/tune/figures.js").Mapped} Mapped
 * @typedef {import("../views/tune/map-chart.js").Cell} Cell
 */

export class TunePlace {
  #controls = create("div", { class: "tune-controls" });
  #state = create("div", { class: "tune-told" });
  #live = create("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #maps;
  #tuning;
  /** @type {Page | null} */
  #page = null;
  #theme = "";
  /** @type {Lack[]} */
  #lacking = [];
  #draw = paced(() => this.#drawNow());

  /** @param {HTMLElement} element  that the place fills */
  constructor(element) {
    /** @type {typeof fetch} */
    const ask = (...request) => fetch(...request);
    this.#tuning = new Tuning({ api: createSweepApi(ask), onChange: () => this.#draw() });
    this.#maps = new Maps({
      onSay: (text) => (this.#live.textContent = text),
      onOpen: (mapped, cells) => this.#open(mapped, cells),
      onBrush: () => {},
    });
    element.replaceChildren(this.#controls, this.#state, this.#maps.element, this.#live);
  }

  /**
   * @param {Page} page
   * @param {string} theme
   */
  update(page, theme) {
    const isHere = page.state.place === "tune";
    this.#page = page;
    this.#theme = theme;
    if (!isHere) return this.#tuning.leave();
    this.#ask(page);
    this.#drawNow();
  }

  /** @param {Page} page */
  #ask({ state, catalog, problem }) {
    const upright = state.tune.kind === "map" ? uprightOf(state, problem) : null;
    const axes = upright === null ? [state.sweep.x] : [state.sweep.x, upright];
    const { asks, lacking } = asksOf(state, catalog, axes, seedsOf(state, problem));
    this.#lacking = lacking;
    this.#tuning.want(asks);
  }

  #drawNow() {
    const page = this.#page;
    if (page === null || page.state.place !== "tune") return;
    const { picture, isStale } = this.#tuning;
    const { t, state } = page;
    this.#drawControls(page);
    this.#maps.update({
      ...{ t, picture, isStale, theme: this.#theme, quantity: state.tune.show },
      look: (slot) => this.#look(page, slot),
      nameOf: (path) => nameOf(path, t),
    });
  }

  /** @param {Page} page */
  #drawControls(page) {
    const tuning = this.#tuning;
    const { progress, isCancelled, trouble, picture } = tuning;
    const ways = (picture?.sweeps ?? []).flatMap(({ cells }) => cells?.started.ways ?? []);
    const lacking = this.#lacking.map(({ slot, path }) => ({ path, label: this.#look(page, slot).label }));
    const inPage = (/** @type {unknown} */ content) => html`<${PageProvider} value=${page}>${content}<//>`;
    render(inPage(html`<${TuneBar} kinds=${["map"]} />`), this.#controls);
    const told = { progress, isCancelled, trouble, ways, lacking };
    const acts = { cancel: () => tuning.cancel(), retry: () => tuning.retry() };
    render(inPage(html`<${TuneState} ...${told} ...${acts} />`), this.#state);
  }

  /**
   * @param {Page} page
   * @param {number} slot
   */
  #look({ runs }, slot) {
    const run = runs.find(({ id }) => id === idOf(slot));
    if (run === undefined) return { label: "", color: "transparent", path: "" };
    return { label: run.label, color: run.color, path: markerPath(run.marker, 4.5) };
  }

  /**
   * @param {Mapped} mapped
   * @param {Cell[]} cells
   */
  #open(mapped, cells) {
    void [mapped, cells];
  }
}

/**
 * @param {string} path
 * @param {Page["t"]} t
 */
function nameOf(path, t) {
  return path === "/model/seed" ? t("views.tune.seed") : fieldName(path);
}
