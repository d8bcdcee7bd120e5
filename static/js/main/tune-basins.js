/**
 * Basins in the place Tune: for each run all starts at once, and over them its own path from where it starts.
 */

import { PageProvider } from "../controls/parts/page.js";
import { OtherProblem } from "../controls/tune/other-problem.js";
import { Save, TuneState } from "../controls/tune/tune-state.js";
import { Trails } from "../session/trails.js";
import { Tuning } from "../session/tuning.js";
import { learnAlone } from "../state/sweep/alone.js";
import { STARTS, basinAsks, placesOf, radiusOf, windowOf } from "../state/sweep/basins.js";
import { recording } from "../outside.js";
import { paced } from "../timing.js";
import { BasinCharts } from "../views/tune/basins.js";
import { Before } from "../views/tune/before.js";
import { mappedIn } from "../views/tune/figures.js";
import { create } from "../views/drawing/dom.js";
import { html, render } from "../../vendor/preact/htm-preact.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../state/sweep/cells.js").Cells} Cells
 * @typedef {import("../state/sweep/basins.js").Point} Point
 * @typedef {(slot: number) => import("../views/tune/figures.js").Look} LookOf
 */

/** What has four minima to fall into. */
const FUNCTION = "himmelblau";

export class BasinsPlace {
  #told = create("div", { class: "tune-told" });
  #before;
  #charts;
  #tuning;
  #trails;
  #onPicture;
  #onCells;
  /** @type {{page: Page, theme: string, look: LookOf} | null} */
  #now = null;
  /** Where the start is under a hand. @type {Point | null} */
  #dragged = null;
  /** Optimizers that do not treat each number by itself. @type {Set<string>} */
  #alone = new Set();
  #draw = paced(() => this.#drawNow());

  /**
   * @param {Pick<import("./tune-windows.js").Acts, "sweeps" | "onSay" | "onPicture" | "onCells">} acts
   * @param {Page["api"]} api
   */
  constructor({ sweeps, onSay, onPicture, onCells }, api) {
    this.#onPicture = onPicture;
    this.#onCells = onCells;
    this.#tuning = new Tuning({ api: sweeps, onChange: () => this.#news() });
    this.#trails = new Trails(api, () => this.#draw());
    this.#charts = new BasinCharts({
      onSay,
      onOpen: (slot, start) => this.#open(slot, start),
      onStart: (start, isDragging) => this.#move(start, isDragging),
    });
    this.#before = new Before(this.#charts.element);
    this.element = create(
      "div",
      { class: "tune-basins" },
      this.#told,
      this.#before.element,
      this.#charts.element,
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
    this.#trails.leave();
  }

  #ask() {
    if (this.#now === null) return;
    const { state, catalog, problem } = this.#now.page;
    const isFunction = problem.kind === "function";
    const own = () => (isFunction ? basinAsks(state, catalog, problem, this.#alone) : []);
    this.#tuning.want(recording?.asks ?? own());
  }

  /** What members go one by one is asked for in fewer. */
  #news() {
    if (learnAlone(this.#alone, this.#tuning.picture?.sweeps ?? [])) this.#ask();
    this.#draw();
  }

  #drawNow() {
    if (this.#now === null) return;
    const { page, theme, look } = this.#now;
    const { t, state, problem } = page;
    const { picture, isStale } = this.#tuning;
    this.#drawTold();
    this.#before.update(isStale && problem.kind === "function", t);
    if (problem.kind !== "function") return this.#charts.update([], { t, theme });
    const mapped = picture === null ? [] : mappedIn(picture).filter(({ slot }) => isHere(state, slot));
    const isWhole = !isStale && mapped.length > 0 && mapped.every(({ cells }) => cells.isWhole);
    const start = this.#dragged ?? /** @type {Point} */ (state.start ?? problem.start);
    if (isWhole)
      this.#trails.want(mapped.map(({ slot, swept }) => ({ slot, config: runOf(swept.ask, start) })));
    const window = windowOf(state, problem);
    const radius = radiusOf(window);
    const known = problem.minima.map(({ at }) => /** @type {Point} */ (at));
    const found =
      known.length > 0
        ? known
        : placesOf(
            mapped.flatMap(({ cells }) => endsOf(cells)),
            radius,
          );
    this.#charts.update(
      mapped.map(({ slot, cells, swept }) => {
        const { run, target = null } = swept.ask.body;
        const steps = run.steps ?? state.steps;
        return { slot, cells, ...look(slot), steps, target, trail: this.#trails.of(slot) };
      }),
      { t, theme, window, radius, places: found, start },
    );
  }

  #drawTold() {
    const { page } = /** @type {{page: Page}} */ (this.#now);
    const inPage = (/** @type {unknown} */ content) =>
      render(html`<${PageProvider} value=${page}>${content}<//>`, this.#told);
    const { t, problem, state } = page;
    if (problem.kind !== "function") {
      const words = { why: t("views.basins.noFunction"), label: t("views.basins.function") };
      inPage(html`<${OtherProblem} ...${words} problem=${FUNCTION} />`);
      return;
    }
    const { progress, isCancelled, trouble, picture, isStale } = this.#tuning;
    const rough = state.runs.filter(({ optimizer }) => this.#alone.has(optimizer.name));
    const ways = (picture?.sweeps ?? []).flatMap(({ cells }) => cells?.started.ways ?? []);
    const told = {
      ...{ progress, isCancelled, trouble, lacking: [] },
      ways: ways.filter(({ way }) => way === "one by one").slice(0, 1),
      cancel: () => this.#tuning.cancel(),
      retry: () => this.#tuning.retry(),
    };
    const names = [...new Set(rough.map(({ optimizer }) => optimizer.name))];
    const note = names.length === 0 ? "" : t("views.basins.rough", { names, count: STARTS.rough });
    inPage(
      html`<${TuneState} ...${told} />${note !== "" && html`<p class="tune-note">${note}</p>`}
        <${Save}
          canSave=${picture !== null && !isStale}
          onPicture=${this.#onPicture}
          onCells=${() => this.#onCells(picture)}
        />`,
    );
  }

  /**
   * @param {Point} start  of all runs
   * @param {boolean} isDragging  whether a hand may still move it
   */
  #move(start, isDragging) {
    if (recording !== null) return recording.tellHow();
    this.#dragged = isDragging ? start : null;
    if (isDragging) this.#draw();
    else this.#now?.page.edit({ start });
  }

  /**
   * All runs from a start, in Compare.
   *
   * @param {number} slot
   * @param {Point} start
   */
  #open(slot, start) {
    if (recording !== null) return recording.tellHow();
    this.#now?.page.edit({ start, selected: slot, place: "compare" });
  }
}

/** @param {import("../state/types.js").State} state @param {number} slot */
function isHere({ runs }, slot) {
  return runs.some((run) => run.slot === slot);
}

/** @param {import("../state/sweep/request.js").Ask} ask @param {Point} start */
function runOf({ body }, start) {
  const optimizer = body.optimizers?.[0] ?? body.run.optimizer;
  return { ...body.run, optimizer, model: { ...body.run.model, start } };
}

/** @param {Cells | null} cells @returns {Point[]} */
function endsOf(cells) {
  if (cells === null) return [];
  return Array.from({ length: cells.members }, (_, member) => cells.end(member)).filter((end) =>
    end.every(Number.isFinite),
  );
}
