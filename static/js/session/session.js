/**
 * What goes on while the page is open: one state, the runs that it asks for, the clock, and the hand that drags.
 */

import { editRun, runAt } from "../state/edits.js";
import { toggleLock } from "../state/freezing.js";
import { decodeArray } from "../jsonl.js";
import { writeNumbers } from "../state/held-plane.js";
import { coversViews } from "../state/place.js";
import { followsStep } from "../state/plane.js";
import { isWatchedCard } from "../state/watched.js";
import { createStore } from "../store.js";
import { debounced } from "../timing.js";
import { Advice } from "./advice.js";
import { Details } from "./details.js";
import { Keeping } from "./keeping.js";
import { Learning } from "./learning.js";
import { Playback } from "./playback.js";
import { dataOf, ghostOf, jobsOf, runsOf, viewOf } from "./shown.js";
import { asDrawn } from "./surfaces.js";
import { Trainer } from "./trainer.js";
import { Undo } from "./undo.js";
import { drawable, frameOf } from "./wish.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../controls/shell/notices.js").Notice} Notice
 * @typedef {import("./shown.js").ShownRun} ShownRun
 *
 * @typedef {object} Parts
 * @property {Catalog} catalog  in brief
 * @property {import("../api/resources.js").Api} api
 * @property {import("../api/kept-runs.js").KeptApi} keptApi
 * @property {State} state  to begin with
 * @property {import("./learning.js").Told} [told]  the lessons, where the address has already asked for them
 * @property {import("../player/player.js").Player} player
 * @property {boolean} reducedMotion
 * @property {{say: (notice: Notice) => void, dismiss: (id: string) => void}} board
 * @property {() => void} onChange  there is something new to show
 * @property {(error: unknown, retry: () => void) => void} onTrouble  a request came to nothing
 */

/** When a slice follows the clock: as soon as that rests, and now and then while it does not. */
const SLICE = { rest: 120, longest: 500 };

export class Session {
  #advice;
  #board;
  #trainer;
  #playback;
  #asked = { wish: "", jobs: "" };
  #frame = "";
  #isDragging = false;
  #sliceStep = 0;
  #sliceSoon = debounced(() => this.#slice(), SLICE);

  /** @param {Parts} parts */
  constructor({ catalog, api, keptApi, state, told, player, reducedMotion, board, onChange, onTrouble }) {
    this.#advice = new Advice(api, onChange);
    this.#board = board;
    this.store = createStore(state);
    this.undo = new Undo(this.store);
    this.player = player;
    const { store } = this;
    this.details = new Details({ catalog, api, onKnown: onChange, onTrouble });
    const { details } = this;
    this.keeping = new Keeping({ api: keptApi, details, store, board, player, onChange });
    this.learning = new Learning({ api, told, session: this, onChange, onTrouble });
    const onDone = () => board.dismiss("trouble");
    this.#trainer = new Trainer({ api, kept: this.keeping.growth.get, onChange, onTrouble, onDone });
    this.#playback = new Playback(player, { reducedMotion });
    player.setSpeed(state.speed);
    this.#stand(state);
  }

  /** Where an address or an undone edit left the clock; played from the beginning where they left it nowhere. @param {State} state */
  #stand({ step }) {
    if (step === null) this.#playback.begin();
    else this.#playback.standAt(step);
  }

  /** Whether a hand drags the start of a test function. */
  get isDragging() {
    return this.#isDragging;
  }

  /** Nobody waits any longer for what was asked for. */
  cancel() {
    this.#trainer.cancel();
  }

  /** Somebody listens: ask for what the state says. */
  begin() {
    this.keeping.watch();
    this.#ask();
  }

  /**
   * The state has changed, and not by the clock alone.
   *
   * @param {State} state
   * @param {State} previous
   */
  follow(state, previous) {
    if (state.problem !== previous.problem) this.#stand(state);
    if (state.plane !== previous.plane) this.#sliceStep = this.player.step;
    if (state.place !== previous.place) this.learning.leave(previous);
    if (coversViews(state.place)) this.player.pause();
    this.keeping.follow(state, previous);
    this.#ask();
  }

  /**
   * Show another state in the place of this one, at its step.
   *
   * @param {State} state
   */
  show(state) {
    const { theme, language, projector } = this.store.get();
    this.player.pause();
    this.player.setSpeed(state.speed);
    this.store.set({ ...state, theme, language, projector }, "page");
    this.#stand(state);
  }

  /** Play what is to come from its beginning. */
  replay() {
    this.#playback.begin();
  }

  /** The clock has moved, or goes at another speed. */
  tick() {
    const { step, speed } = this.player;
    if (step !== this.#sliceStep && followsStep(this.store.get().plane)) this.#sliceSoon();
    const reached = this.#playback.step;
    this.store.set(reached === undefined ? { speed } : { speed, step: reached }, "page");
    this.learning.tick();
  }

  /**
   * The start of a test function under a hand: the paths follow at once, the surface once it is let go.
   *
   * @param {[number, number]} start
   * @param {boolean} isDragging
   */
  drag(start, isDragging) {
    this.#isDragging = isDragging;
    this.store.set({ start });
    this.#ask();
  }

  /** Ask for what the state says, unless that is what was asked for last. */
  #ask() {
    const state = this.store.get();
    if (coversViews(state.place)) return;
    const jobs = jobsOf(state, this.details.catalog, this.keeping.growth);
    const isDrawn = drawable(jobs).length > 0;
    const view = viewOf(state, this.details.catalog, this.#sliceStep);
    if (isDrawn && this.#leaveWindow(jobs, view)) return;
    const wish = {
      jobs,
      view: this.#isDragging || !isDrawn ? null : view,
      ghost: ghostOf(state, jobs, this.keeping.growth),
    };
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
   * @param {import("./wish.js").Job[]} jobs
   * @param {import("./wish.js").SurfaceView} view
   * @returns {boolean}  whether it was left, which asks for the whole surface
   */
  #leaveWindow(jobs, view) {
    const before = this.#frame;
    this.#frame = frameOf(jobs, view);
    const leaves = before !== "" && before !== this.#frame && view.window !== null;
    if (leaves) this.store.set({ window: null }, "page");
    return leaves;
  }

  /** The slice that follows the clock has come to a step. */
  #slice() {
    this.#sliceStep = this.player.step;
    this.#ask();
  }

  /**
   * @param {import("./shown.js").Appearance} appearance
   * @returns {ShownRun[]}  in the order of the cards
   */
  runs(appearance) {
    return runsOf(this.store.get(), this.details.catalog, this.#trainer, this.keeping.growth, appearance);
  }

  /**
   * What the views show.
   *
   * @param {ShownRun[]} runs
   * @param {Catalog} catalog  in the words of the moment
   * @param {import("./shown.js").Look} look
   */
  data(runs, catalog, look) {
    const { pointsAt } = this.learning;
    const { growth } = this.keeping;
    return { ...dataOf(this.store.get(), catalog, runs, this.#trainer, growth, look), pointsAt };
  }

  /**
   * All that there is has been drawn: the clock may go on, and paths that have grown are asked for again.
   *
   * @param {import("../views/types.js").Data} data
   * @param {{canDraw: boolean, mayAsk: boolean}} page  whether it is ready to draw a surface, and whether what may wait has
   *   its turn
   */
  drawn({ runs, surface, nothing }, { canDraw, mayAsk }) {
    const { trained, settled } = this.#trainer;
    if (settled) this.#keepAxes();
    const drawn = canDraw && settled && (surface !== null || nothing === "watched");
    const histories = runs.flatMap(({ history }) => (history === null ? [] : [history]));
    const records = Math.max(0, ...histories.map(({ length }) => length));
    if (!coversViews(this.store.get().place)) this.#playback.follow({ records, trained, drawn });
    if (drawn && mayAsk && !this.#isDragging)
      this.#advice.seek(histories.filter(({ ended, isWatched }) => ended !== null && !isWatched));
    if (settled && this.keeping.hasGrown()) this.#ask();
  }

  /** The axes of a plane are drawn as they were before it changed: that belongs to what a link shows. */
  #keepAxes() {
    const { plane } = this.store.get();
    const drawn = this.#trainer.surface?.response.plane;
    if (drawn?.kind === plane.kind) this.store.set({ plane: asDrawn(plane, drawn) }, "page");
  }

  /** The plane on the screen as a text to hold it by; null where there is none, or one of a large network. */
  planeNumbers() {
    const { surface } = this.#trainer;
    if (surface === null) return null;
    const { origin, basis } = surface.response;
    return writeNumbers(decodeArray(origin).data, decodeArray(basis).data);
  }

  /** @param {string} layer  of the selected run, to be frozen through the whole of it, or never */
  toggleFreeze(layer) {
    this.freeze((freeze, steps) => toggleLock(freeze, layer, steps));
  }

  /** @param {import("../views/types.js").FreezeChange} change  of what the selected run freezes, and when */
  freeze(change) {
    const { runs, selected } = this.store.get();
    const run = runs.find(({ slot }) => slot === selected);
    if (run?.kept !== undefined) this.#board.say({ id: "fixed", kind: "news", key: "controls.kept.fixed" });
    else this.store.set((state) => freezeSelected(state, change));
  }

  /** Fork the selected run where the clock stands. */
  fork() {
    const { runs, selected } = this.store.get();
    if (runs.some((run) => run.slot === selected && isWatchedCard(run))) return;
    this.player.pause();
    this.keeping.show({ kind: "fork", slot: this.store.get().selected, step: this.player.step });
  }
}

/**
 * @param {State} state
 * @param {import("../views/types.js").FreezeChange} change
 * @returns {Partial<State>}
 */
function freezeSelected(state, change) {
  const run = runAt(state, state.selected);
  return run === undefined ? {} : editRun(state, run.slot, { freeze: change(run.freeze, state.steps) });
}
