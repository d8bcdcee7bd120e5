/**
 * The place Tune: its controls, its maps, and the sweeps behind them. Its modules come when somebody first goes there.
 */

import { createSweepApi } from "../api/sweeps.js";
import { PageProvider } from "../controls/parts/page.js";
import { TuneBar } from "../controls/tune/tune-bar.js";
import { Brush, Brushed, Rates, TuneState } from "../controls/tune/tune-state.js";
import { OpenedCells } from "../controls/tune/opened-cells.js";
import { Opening } from "../session/opening.js";
import { Tuning } from "../session/tuning.js";
import { recipeOf, same } from "../state/kept-runs.js";
import { lossesOf } from "../state/sweep/race.js";
import { handOut } from "../saving/hand-out.js";
import { pngOf } from "../saving/picture.js";
import { csvOf } from "../state/sweep/csv.js";
import { isOfRefused } from "../state/sweep/cells.js";
import { openRuns, replaceRuns } from "../state/sweep/opened.js";
import { memberAt } from "../views/tune/field.js";
import { ask, recording } from "../outside.js";
import { asksOf, seedsOf, uprightOf } from "../state/sweep/request.js";
import { fieldName } from "../state/sweep/field-name.js";
import { afterPaint, paced } from "../timing.js";
import { Looks, lookOf } from "./tune-looks.js";
import { TuneRace } from "./tune-race.js";
import { TuneWindows } from "./tune-windows.js";
import { create } from "../views/drawing/dom.js";
import { readTheme } from "../views/drawing/theme.js";
import { Curves } from "../views/tune/curves.js";
import { Before } from "../views/tune/before.js";
import { Maps } from "../views/tune/maps.js";
import { html, render } from "../../vendor/preact/htm-preact.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../state/sweep/request.js").Lack} Lack
 * @typedef {import("../views/tune/grid.js").Cell} Cell
 * @typedef {import("../state/sweep/race.js").Judged} Judged
 * @typedef {import("../session/opening.js").Budget} Budget
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 */

/** Pixels of a picture for one of the page. */
const RATIO = 2;

/** What can be drawn. */
const KINDS = /** @type {const} */ (["map", "curve", "race", "basins", "edge"]);

export class TunePlace {
  #controls = create("div", { class: "tune-controls" });
  #state = create("div", { class: "tune-told" });
  #live = create("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #maps;
  #curves;
  #race;
  #windows;
  #view = create("div", { class: "tune-view" });
  #before = new Before(this.#view);
  #brushed = create("div", { class: "tune-brushed" });
  #tuning;
  #opening;
  #opened;
  /** What was said of cells as they were opened. @type {{key: string, params: {count: number, of: number}} | null} */
  #openedNote = null;
  #brushesByTouch = false;
  /** @type {Page | null} */
  #page = null;
  /** @type {Page | null} */
  #barOf = null;
  #looks = new Looks();
  #theme = "";
  /** @type {Lack[]} */
  #lacking = [];
  #draw = paced(() => this.#drawNow());
  /** Whether it is drawn anew as soon as what a person has just touched is painted. */
  #isDue = false;

  /**
   * @param {HTMLElement} element  that the place fills
   * @param {HTMLElement} opened  where Compare tells of cells that were opened
   */
  constructor(element, opened) {
    this.#opened = opened;
    const api = createSweepApi(ask);
    this.#tuning = new Tuning({ api, onChange: () => this.#draw() });
    this.#opening = new Opening(api, () => this.#drawOpened());
    this.#maps = new Maps({
      onSay: this.#say,
      onOpen: (mapped, cells) => this.#open(mapped, cells),
      onBrush: () => this.#draw(),
    });
    this.#curves = new Curves({
      onSay: this.#say,
      onOpen: (mapped, cells) => this.#open(mapped, cells),
    });
    this.#race = new TuneRace(api, () => this.#draw());
    this.#windows = new TuneWindows({
      sweeps: api,
      onSay: this.#say,
      onOpen: (mapped, cells) => this.#open(mapped, cells),
      onPicture: () => void this.#savePicture(),
      onCells: (picture) => this.#saveCells(picture),
    });
    element.replaceChildren(
      ...[this.#controls, this.#state, this.#before.element, this.#view],
      ...[this.#brushed, this.#live],
    );
  }

  /**
   * @param {Page} page
   * @param {string} theme
   */
  update(page, theme) {
    const isHere = page.state.place === "tune";
    this.#page = page;
    this.#theme = theme;
    this.#drawOpened();
    if (!isHere || page.state.tune.kind !== "race") this.#race.leave();
    const isWindow = isHere && this.#windows.has(page.state.tune.kind);
    if (!isWindow) this.#windows.leave();
    if (!isHere || isWindow) this.#tuning.leave();
    if (!isHere) return;
    if (isWindow) return this.#drawNow();
    this.#ask(page);
    this.#drawNext();
  }

  #drawNext() {
    if (this.#isDue) return;
    this.#isDue = true;
    afterPaint(() => {
      this.#isDue = false;
      this.#drawNow();
    });
  }

  /** The sweeps that are shown, where all of them are there; and those that judge a race. */
  get taken() {
    const page = this.#page;
    if (page === null) return { drawn: [], judging: [] };
    const { kind } = page.state.tune;
    const own = this.#tuning.isStale ? null : this.#tuning.picture;
    const picture = this.#windows.has(kind) ? this.#windows.picture(kind) : own;
    if (picture === null || !picture.sweeps.every(({ cells }) => cells?.isWhole))
      return { drawn: [], judging: [] };
    const judging = kind === "race" ? this.#race.judging(page, picture) : [];
    return { drawn: picture.sweeps.map(({ ask }) => ask), judging };
  }

  /** @param {readonly string[]} parts  to who does not see them */
  #say = (parts) => {
    if (this.#page !== null) this.#live.textContent = this.#page.t("shell.list", { parts });
  };

  /** @param {Page} page */
  #ask({ state, catalog, problem }) {
    const { kind } = state.tune;
    const upright = kind === "map" ? uprightOf(state, problem) : kind === "race" ? state.sweep.y : null;
    const axes = upright === null ? [state.sweep.x] : [state.sweep.x, upright];
    const { asks, lacking } =
      recording === null
        ? asksOf(state, catalog, axes, seedsOf(state, problem))
        : { asks: recording.asks, lacking: [] };
    this.#lacking = lacking;
    this.#tuning.want(asks);
  }

  #drawNow() {
    const page = this.#page;
    if (page === null || page.state.place !== "tune" || this.#isDue) return;
    const { kind } = page.state.tune;
    const isWindow = this.#windows.has(kind);
    this.#before.update(this.#tuning.isStale && !isWindow, page.t);
    if (isWindow) return this.#drawWindow(page);
    this.#drawControls(page);
    const shown = kind === "curve" ? this.#curves : kind === "race" ? this.#race : this.#maps;
    if (this.#view.firstChild !== shown.element) this.#view.replaceChildren(shown.element);
    if (kind === "race") this.#drawRace(page);
    else this.#drawPicture(page);
  }

  /** What asks for its sweeps by itself. @param {Page} page */
  #drawWindow(page) {
    this.#drawBar(page);
    render(null, this.#state);
    render(null, this.#brushed);
    if (this.#view.firstChild !== this.#windows.element) this.#view.replaceChildren(this.#windows.element);
    this.#windows.update(page, this.#theme, (slot) => this.#looks.of(page, slot));
  }

  /** What is chosen, drawn once for a page however many cells come. @param {Page} page */
  #drawBar(page) {
    if (page === this.#barOf) return;
    this.#barOf = page;
    render(html`<${PageProvider} value=${page}><${TuneBar} kinds=${KINDS} /><//>`, this.#controls);
  }

  /** @param {Page} page */
  #drawPicture(page) {
    const { picture } = this.#tuning;
    const { t, state } = page;
    const isCurve = state.tune.kind === "curve";
    const isOfCurve = picture?.sweeps.every(({ ask }) => ask.body.axes.length === 1) ?? false;
    const frame = { t, theme: this.#theme, quantity: state.tune.show };
    (isCurve ? this.#curves : this.#maps).update({
      ...frame,
      picture: isCurve && !isOfCurve ? null : picture,
      look: (slot) => this.#looks.of(page, slot),
      nameOf: (path) => fieldName(path, t),
    });
  }

  /** @param {Page} page */
  #drawRace(page) {
    const { picture, isStale } = this.#tuning;
    const look = (/** @type {number} */ slot) => this.#looks.of(page, slot);
    const onOpen = (/** @type {Judged[]} */ judged, /** @type {Map<number, Budget>} */ budgets) =>
      this.#openBest(judged, budgets);
    this.#race.update(page, picture, isStale, { look, onOpen });
  }

  /** @param {Page} page */
  #drawControls(page) {
    const tuning = this.#tuning;
    const { progress, isCancelled, picture } = tuning;
    const { kind } = page.state.tune;
    const trouble = tuning.trouble ?? (kind === "race" ? this.#race.trouble : null);
    const ways = (picture?.sweeps ?? []).flatMap(({ cells }) => cells?.started.ways ?? []);
    const lacking = this.#lacking.map(({ slot, path }) => ({
      path,
      label: this.#looks.of(page, slot).label,
    }));
    const inPage = (/** @type {unknown} */ content) => html`<${PageProvider} value=${page}>${content}<//>`;
    this.#drawBar(page);
    const told = { progress, isCancelled, trouble, ways, lacking, refused: this.#refused(page) };
    const acts = { cancel: () => tuning.cancel(), retry: () => tuning.retry() };
    const shown = {
      canBrush: kind === "map",
      isByTouch: this.#brushesByTouch,
      canSave: picture !== null && !tuning.isStale,
      onPicture: () => void this.#savePicture(),
      onCells: () => this.#saveCells(picture),
      onByTouch: () => {
        this.#brushesByTouch = !this.#brushesByTouch;
        this.#maps.brushByTouch(this.#brushesByTouch);
        this.#draw();
      },
    };
    const rates = kind === "curve" && !tuning.isStale ? this.#rates(page) : [];
    render(
      inPage(html`<${TuneState} ...${told} ...${acts} /><${Brush} ...${shown} /><${Rates} rates=${rates} />`),
      this.#state,
    );
    const count = kind === "map" ? (this.#maps.brushed?.cells.length ?? 0) : 0;
    const withThem = { onOpen: () => this.#openBrushed(), onDrop: () => this.#maps.drop() };
    render(inPage(html`<${Brushed} count=${count} ...${withThem} />`), this.#brushed);
  }

  /** Why runs of a map have no numbers. @param {Page} page */
  #refused(page) {
    const sweeps = this.#tuning.picture?.sweeps ?? [];
    return sweeps.flatMap(({ ask, cells }) =>
      (cells?.started.notes ?? []).filter(isOfRefused).map((said) => {
        const optimizer = Number(/^\/optimizers\/(\d+)$/.exec(said.pointer)?.[1] ?? 0);
        return { label: this.#looks.of(page, ask.slots[optimizer]).label, said };
      }),
    );
  }

  /** What is known of the rates of each run. @param {Page} page */
  #rates(page) {
    const sweeps = this.#tuning.picture?.sweeps ?? [];
    return sweeps.flatMap(({ ask, summary }) =>
      (summary ?? []).map((entry, i) => ({ label: this.#looks.of(page, ask.slots[i]).label, entry })),
    );
  }

  async #savePicture() {
    const { problem, state } = /** @type {Page} */ (this.#page);
    const { tune } = state;
    const shown = /** @type {HTMLElement} */ (
      this.#windows.has(tune.kind) ? this.#view.querySelector(".maps") : this.#view.firstElementChild
    );
    const caption = { title: problem.title, runs: [] };
    const theme = readTheme(document.documentElement);
    const picture = await pngOf({ element: shown, caption, theme, withControls: false }, RATIO);
    handOut(picture, `${state.problem}-${tune.kind}.png`);
  }

  /** @param {import("../state/sweep/cells.js").Picture | null} picture */
  #saveCells(picture) {
    const page = /** @type {Page} */ (this.#page);
    if (picture === null) return;
    const text = csvOf(picture, (slot) => this.#looks.of(page, slot).label);
    handOut(new Blob([text], { type: "text/csv" }), `${page.state.problem}-${page.state.tune.kind}.csv`);
  }

  /** What the map said of runs that are in Compare as they were opened. */
  #drawOpened() {
    const page = this.#page;
    if (page === null) return;
    const { cells } = this.#opening;
    const there = cells.filter(({ slot, config }) => isAsOpened(page, slot, config));
    const told = there.map((cell) => ({ ...cell, ...lookOf(page, cell.slot) }));
    const shown = page.state.place === "compare" ? told : [];
    const note = this.#openedNote === null ? null : page.t(this.#openedNote.key, this.#openedNote.params);
    render(
      html`<${PageProvider} value=${page}><${OpenedCells} cells=${shown} note=${note} /><//>`,
      this.#opened,
    );
  }

  /**
   * Each optimizer of a race in Compare, at its best cell and in its own colour.
   *
   * @param {Judged[]} judged
   * @param {Map<number, Budget>} budgets  by slot
   */
  #openBest(judged, budgets) {
    if (recording !== null) return recording.tellHow();
    const page = /** @type {Page} */ (this.#page);
    const there = judged.filter(({ run }) => run !== null);
    const configs = new Map(there.map(({ slot, run }) => [slot, /** @type {RunConfig} */ (run)]));
    page.edit({ ...replaceRuns(page.state, page.catalog, configs), place: "compare" });
    this.#openedNote = null;
    this.#opening.open(
      there.map(({ slot, run, map }) => ({
        ...{ slot, config: /** @type {RunConfig} */ (run), map },
        budget: budgets.get(slot) ?? null,
      })),
    );
    this.#drawOpened();
  }

  #openBrushed() {
    const brushed = this.#maps.brushed;
    if (brushed !== null) this.#open(brushed.mapped, brushed.cells);
  }

  /**
   * @param {import("./tune-edge.js").OpenableMap} mapped
   * @param {Cell[]} cells
   */
  #open(mapped, cells) {
    if (recording !== null) return recording.tellHow();
    const page = /** @type {Page} */ (this.#page);
    const { layout, optimizer, swept } = mapped;
    const members = cells
      .map(({ column, row }) => memberAt(layout, optimizer, column, row))
      .filter((member) => mapped.cells.isKnown(member) && !mapped.cells.refused(member));
    if (members.length === 0) return;
    const configs = members.map((member) => mapped.cells.config(member, swept.ask.body.seeds));
    const spare = this.#opening.cells.map(({ slot }) => slot);
    const { change, slots, isElsewhere } = openRuns(page.state, page.catalog, configs, spare);
    if (slots.length === 0) {
      const params = { count: page.catalog.limits.max_compared_runs };
      page.kept.say({ id: "opened", kind: "news", key: "controls.tune.full", params });
      return;
    }
    this.#maps.drop();
    page.edit({ ...change, place: "compare" });
    const key = isElsewhere ? "controls.tune.elsewhere" : "controls.tune.some";
    const isTold = isElsewhere || slots.length < cells.length;
    this.#openedNote = isTold ? { key, params: { count: slots.length, of: cells.length } } : null;
    this.#opening.open(
      slots.map((slot, i) => ({
        ...{ slot, config: configs[i], budget: null },
        map: lossesOf(mapped.cells, members[i]),
      })),
    );
    this.#drawOpened();
  }
}

/**
 * Whether a run is still what it was opened as.
 *
 * @param {Page} page
 * @param {number} slot
 * @param {import("../state/types.js").RunConfig} config
 */
function isAsOpened({ state, catalog }, slot, config) {
  const run = state.runs.find((one) => one.slot === slot);
  if (run === undefined) return false;
  const { slot: _, earlier: __, ...recipe } = run;
  return same(recipeOf(config, catalog), recipe);
}
