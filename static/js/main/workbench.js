/**
 * The workbench: one state, which the controls change, the trainer follows and the views show.
 */

import { describeTrouble } from "../api/trouble.js";
import { mountControls } from "../controls/shell/mount.js";
import { localised } from "../languages/translator.js";
import { bindKeyboard } from "../player/keyboard.js";
import { createPlayer } from "../player/player.js";
import { editRun, runAt, toggleFreeze } from "../state/edits.js";
import { slotOf } from "../state/look.js";
import { followsStep } from "../state/plane.js";
import { REST_OF_PAGE } from "../session/drag.js";
import { Keeping } from "../session/keeping.js";
import { Playback } from "../session/playback.js";
import { dataOf, jobsOf, problemOf, runsOf, viewOf } from "../session/shown.js";
import { Trainer } from "../session/trainer.js";
import { frameOf } from "../session/wish.js";
import { createStore } from "../store.js";
import { openTab } from "../views/registry.js";
import { Address, readAddress } from "./address.js";
import { find } from "./dom.js";
import { Theme } from "./theme.js";
import { debounced, paced } from "./timing.js";
import { Views } from "./views.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../views/types.js").Context} Context
 * @typedef {import("../views/types.js").Data} Data
 *
 * @typedef {object} Parts
 * @property {Catalog} catalog
 * @property {import("../api/resources.js").Api} api
 * @property {import("../api/kept-runs.js").KeptApi} keptApi
 * @property {import("../languages/words.js").Words} words
 * @property {import("./board.js").Board} board
 * @property {Promise<void>} plotlyLoaded
 */

/** When a slice follows the clock: as soon as that rests, and now and then while it does not. */
const SLICE = { rest: 120, longest: 500 };

export class Workbench {
  #catalog;
  #api;
  #words;
  #board;
  #store;
  #keeping;
  #trainer;
  #playback;
  #address;
  #controls;
  #player = createPlayer();
  #theme = new Theme(() => this.#draw());
  #views;
  /** @type {Data["runs"]} what a drag has been answered with */
  #answered = [];
  #asked = { wish: "", jobs: "" };
  #frame = "";
  #isDragging = false;
  #sliceStep = 0;
  #sliceSoon = debounced(() => this.#slice(), SLICE);
  #draw = paced(() => this.#drawNow());
  #drawSoon = debounced(() => this.#drawAll(), REST_OF_PAGE);

  /** @param {Parts} parts */
  constructor({ catalog, api, keptApi, words, board, plotlyLoaded }) {
    const { state, unread } = readAddress(catalog, words.offered);
    const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#catalog = catalog;
    this.#api = api;
    this.#words = words;
    this.#board = board;
    this.#store = createStore(state);
    this.#keeping = new Keeping({
      api: keptApi,
      catalog,
      store: this.#store,
      board,
      player: this.#player,
      onChange: () => this.#draw(),
    });
    this.#trainer = new Trainer({
      api,
      kept: this.#keeping.growth.get,
      onChange: () => this.#draw(),
      onTrouble: (error, retry) => this.#onTrouble(error, retry),
      onDone: () => board.dismiss("trouble"),
    });
    this.#playback = new Playback(this.#player, { reducedMotion });
    this.#address = new Address(catalog, this.#store.get, () => this.#player.playing);
    this.#controls = mountControls(find, { onShare: () => this.#share() });

    this.#appear(state);
    this.#player.setSpeed(state.speed);
    if (state.step === null) this.#playback.begin();
    else this.#playback.standAt(state.step);
    if (unread.length > 0) {
      board.say({
        id: "unread",
        kind: "trouble",
        key: "shell.notice.unread",
        params: { keys: unread.join(", ") },
      });
    }
    this.#views = new Views({
      context: this.#context(reducedMotion),
      plotlyLoaded,
      onComplete: () => this.#draw(),
      board,
    });
    this.#listen();
    this.#keeping.watch();
    this.#train();
    this.#drawNow();
  }

  /**
   * @param {boolean} reducedMotion
   * @returns {Context}
   */
  #context(reducedMotion) {
    const store = this.#store;
    return {
      t: this.#words.t,
      local: this.#words.local,
      player: this.#player,
      reducedMotion,
      limits: this.#catalog.limits,
      onToggleFreeze: (layer) => this.#toggleFreeze(layer),
      onSelect: (id) => store.set({ selected: slotOf(id) }),
      onFork: () => this.#fork(),
      onScales: (scales) => store.set((state) => ({ scales: { ...state.scales, ...scales } })),
      onView: (patch) => store.set(patch),
      api: this.#api,
      onStart: (start, isDragging) => this.#onStart(start, isDragging),
    };
  }

  #listen() {
    this.#store.subscribe((state, previous) => this.#onState(state, previous));
    this.#player.subscribe(({ step, speed }) => {
      this.#views.setStep(step);
      this.#controls.setStep(step);
      if (step !== this.#sliceStep && followsStep(this.#store.get().plane)) this.#sliceSoon();
      const reached = this.#playback.step;
      this.#store.set(reached === undefined ? { speed } : { speed, step: reached });
    });
    bindKeyboard(document, this.#player);
    addEventListener("pagehide", () => this.#address.now());
  }

  /**
   * @param {State} state
   * @param {State} previous
   */
  #onState(state, previous) {
    if (!this.#isDragging) this.#address.soon(); // a new address costs a navigation, and the icon of the page anew
    if (onlyStep(state, previous)) return;
    if (state.theme !== previous.theme || state.language !== previous.language) this.#appear(state);
    if (state.problem !== previous.problem) this.#playback.begin();
    if (state.plane !== previous.plane) this.#sliceStep = this.#player.step;
    this.#keeping.follow(state, previous);
    this.#train();
    if (!this.#isDragging) this.#drawControls();
    this.#draw();
  }

  /** @param {State} state */
  #appear({ theme, language }) {
    this.#theme.use(theme);
    void this.#speak(language);
  }

  /** @param {State["language"]} language */
  async #speak(language) {
    try {
      await this.#words.use(language);
      this.#board.draw();
      this.#draw();
    } catch (error) {
      this.#onTrouble(error, () => this.#speak(language));
    }
  }

  /** Ask for what the state says, unless that is what was asked for last. */
  #train() {
    const state = this.#store.get();
    const jobs = jobsOf(state, this.#catalog, this.#keeping.growth);
    const view = viewOf(state, this.#catalog, this.#sliceStep);
    if (this.#leaveWindow(jobs, view)) return;
    const wish = { jobs, view: this.#isDragging ? null : view };
    const [text, trained] = [JSON.stringify(wish), JSON.stringify(jobs)];
    if (text === this.#asked.wish) return;
    if (trained !== this.#asked.jobs) this.#playback.hold();
    this.#asked = { wish: text, jobs: trained };
    this.#board.dismiss("trouble");
    this.#trainer.train(wish);
  }

  /**
   * A window into a surface means nothing in the coordinates of another.
   *
   * @param {import("../session/wish.js").Job[]} jobs
   * @param {import("../api/resources.js").SurfaceView} view
   * @returns {boolean}  whether it was left, which asks for the whole surface
   */
  #leaveWindow(jobs, view) {
    const before = this.#frame;
    this.#frame = frameOf(jobs, view);
    const leaves = before !== "" && before !== this.#frame && view.window !== null;
    if (leaves) this.#store.set({ window: null });
    return leaves;
  }

  /** The slice that follows the clock has come to a step. */
  #slice() {
    this.#sliceStep = this.#player.step;
    this.#train();
  }

  /**
   * The start of a test function under a hand: the paths follow at once, the surface once it is let go.
   *
   * @param {[number, number]} start
   * @param {boolean} isDragging
   */
  #onStart(start, isDragging) {
    this.#isDragging = isDragging;
    this.#store.set({ start });
    if (!isDragging) this.#address.soon(); // though the start may be where it was under the hand
    this.#train();
  }

  /** @returns {import("../session/shown.js").ShownRun[]} */
  #runs() {
    const theme = this.#theme;
    const color = (/** @type {string} */ token) => theme.color(token);
    const runs = runsOf(this.#store.get(), this.#catalog, this.#trainer, this.#keeping.growth, color);
    return runs.map((run) => ({ ...run, errors: localised(run.errors, this.#words.local) }));
  }

  /** @param {import("../session/shown.js").ShownRun[]} runs */
  #dataOf(runs) {
    const appearance = { theme: this.#theme.name, language: this.#words.language };
    const catalog = this.#words.catalogIn(this.#catalog);
    return dataOf(this.#store.get(), catalog, runs, this.#trainer, appearance);
  }

  /** What a person has just touched answers at once. */
  #drawControls() {
    const state = this.#store.get();
    const words = this.#words;
    const catalog = words.catalogIn(this.#catalog);
    const { t, local } = words;
    const runs = this.#runs();
    const problem = problemOf(catalog, state.problem);
    document.title = t("shell.title", { problem: problem.title });
    const [api, edit, kept] = [this.#api, this.#store.set, this.#keeping.controls];
    this.#controls.update({ t, local, words, state, catalog, problem, runs, api, edit, kept });
    this.#views.open(openTab(state));
    return this.#dataOf(runs);
  }

  #drawNow() {
    if (this.#isDragging) this.#answerDrag();
    else this.#drawAll();
  }

  /** Under a hand that drags, the paths answer first, and all else as soon as there is time. */
  #answerDrag() {
    const data = this.#dataOf(this.#runs());
    if (showsSame(data.runs, this.#answered)) return;
    this.#answered = data.runs;
    this.#views.answerDrag(data);
    this.#drawSoon();
  }

  #drawAll() {
    const data = this.#drawControls();
    const trainer = this.#trainer;
    this.#views.update(data, this.#isDragging);
    this.#playback.follow({
      records: Math.max(0, ...data.runs.map((run) => run.history?.length ?? 0)),
      trained: trainer.trained,
      drawn: this.#views.isComplete && trainer.settled && data.surface !== null,
    });
    if (trainer.settled && this.#keeping.hasGrown()) this.#train();
  }

  /**
   * @param {unknown} error
   * @param {() => void} retry
   */
  #onTrouble(error, retry) {
    const { retryAfter, ...trouble } = describeTrouble(error);
    this.#board.say({ ...trouble, action: { key: "shell.notice.retry", run: retry } });
    if (retryAfter !== null) setTimeout(retry, 1000 * retryAfter);
  }

  /** @param {string} layer  of the selected run */
  #toggleFreeze(layer) {
    const { runs, selected } = this.#store.get();
    const run = runs.find(({ slot }) => slot === selected);
    if (run?.kept !== undefined) this.#board.say({ id: "fixed", kind: "news", key: "controls.kept.fixed" });
    else this.#store.set((state) => toggleFreezeOfSelected(state, layer));
  }

  /** Fork the selected run where the clock stands. */
  #fork() {
    this.#player.pause();
    this.#keeping.show({ kind: "fork", slot: this.#store.get().selected, step: this.#player.step });
  }

  async #share() {
    this.#address.now();
    const copied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    this.#board.say({ id: "share", kind: "news", key: copied ? "shell.shared" : "shell.shareFailed" });
  }
}

/**
 * @param {State} state
 * @param {string} layer
 * @returns {Partial<State>}
 */
function toggleFreezeOfSelected(state, layer) {
  const run = runAt(state, state.selected);
  return run === undefined ? {} : editRun(state, run.slot, { freeze: toggleFreeze(run, layer) });
}

/**
 * Whether runs are drawn with the same records in the same way.
 *
 * @param {Data["runs"]} runs
 * @param {Data["runs"]} others
 */
function showsSame(runs, others) {
  return runs.every(({ history, stale }, i) => history === others[i]?.history && stale === others[i].stale);
}

/**
 * Whether the clock alone has moved.
 *
 * @param {State} state
 * @param {State} previous
 */
function onlyStep(state, previous) {
  const fields = /** @type {(keyof State)[]} */ (Object.keys(state));
  return fields.every((field) => field === "step" || Object.is(state[field], previous[field]));
}
