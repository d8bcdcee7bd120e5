/**
 * The workbench: draws what the session has, in the controls and the views.
 */

import { Hints } from "../hints.js";
import { AnatomySource } from "../api/anatomies.js";
import { mountControls } from "../controls/shell/mount.js";
import { localised } from "../languages/translator.js";
import { bindKeyboard } from "../player/keyboard.js";
import { recording } from "../outside.js";
import { copyText } from "../saving/hand-out.js";
import { REST_OF_PAGE } from "../session/drag.js";
import { problemIn } from "../state/points/problem.js";
import { freezeAllLike } from "../state/freezing.js";
import { slotOf } from "../state/look.js";
import { coversViews, isElsewhere } from "../state/place.js";
import { debounced, paced } from "../timing.js";
import { openTab } from "../views/registry.js";
import { Address } from "./address.js";
import { find } from "./dom.js";
import { bindDrop } from "./drop.js";
import { LaterPlace } from "./later-place.js";
import { bindPageKeys } from "./page-keys.js";
import { showPlace, subjectOf } from "./place.js";
import { onlyStep, showsSame } from "./same.js";
import { takenOf } from "./taken.js";
import { trainablePage } from "./trainable-page.js";
import { unfitIn } from "./unfit.js";
import { Theme } from "./theme.js";
import { bindUndo } from "./undo-keys.js";
import { Views } from "./views.js";

/**
 * @typedef {import("../controls/shell/notices.js").Notice} Notice
 * @typedef {import("../session/session.js").Session} Session
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../views/types.js").Context} Context
 * @typedef {import("../views/types.js").Data} Data
 *
 * @typedef {object} Parts
 * @property {Session} session  that has begun with what the address says
 * @property {string[]} unread  keys of the address that could not be read
 * @property {import("../controls/shell/notices.js").Notice[]} notices  what it names that there is not
 * @property {boolean} reducedMotion
 * @property {import("../api/resources.js").Api} api
 * @property {import("../languages/words.js").Words} words
 * @property {import("./board.js").Board} board
 */

/** @type {(keyof State)[]} */
const APPEARANCE = ["theme", "language", "projector"];

const NO_MAPS = { drawn: [], judging: [] };

/** What is looked at of a run before somebody chooses. */
const INITIAL = { parameter: null, element: 0, quantity: null };

export class Workbench {
  #api;
  #words;
  #board;
  #session;
  #address;
  #controls;
  #views;
  /** What all views are given. */
  #shared;
  #theme = new Theme(() => this.draw());
  /** @type {Data["runs"]} what a drag has been answered with */
  #answered = [];
  /** There is something new to show. */
  draw = paced(() => this.#drawNow());
  #drawSoon = debounced(() => this.#drawAll(), REST_OF_PAGE);

  #tune = this.#later(async () => {
    const { TunePlace } = await import("./tune.js");
    return new TunePlace(find("tune"), find("opened"));
  });
  #loops = this.#later(async () => {
    const { LoopsPlace } = await import("./loops.js");
    return new LoopsPlace(
      find("loops"),
      this.#session.keeping.controls.api,
      (file) => void this.#open(file, { takesTables: false }),
    );
  });

  #flows = this.#later(async () => {
    const { Flows } = await import("./flows.js");
    return new Flows(this.#shared, this.draw);
  });

  /** @type {string[] | null} keys of the address that could not be read; null once all of it has been tried */
  #unread;

  /** @param {Parts} parts */
  constructor({ session, unread, notices, reducedMotion, api, words, board }) {
    this.#session = session;
    this.#api = api;
    this.#words = words;
    this.#board = board;
    const { store, player, details } = session;
    this.#address = new Address(details.catalog, store.get, () => player.playing);
    new Hints(document);
    this.#controls = mountControls(find, { onShare: () => this.#share() });
    this.#appear(store.get());
    this.#unread = unread;
    if (unread.length > 0) this.#sayUnread(unread);
    notices.forEach((notice) => board.say(notice));
    this.#shared = this.#context(reducedMotion);
    this.#views = new Views({
      context: this.#shared,
      onComplete: () => this.#drawViews(this.#dataOf(this.#runs())),
      onMoves: this.draw,
      board,
    });
    this.#listen();
    this.#drawViews(this.#dataOf(this.#drawControls()));
    this.#address.soon(); // it may say more now than what led here, as the rates that a problem suggests
  }

  /**
   * @param {boolean} reducedMotion
   * @returns {Context}
   */
  #context(reducedMotion) {
    const session = this.#session;
    const { store, player } = session;
    return {
      t: this.#words.t,
      say: this.#words.say,
      player,
      reducedMotion,
      limits: session.details.catalog.limits,
      onToggleFreeze: (layer) => session.toggleFreeze(layer),
      onFreeze: (change) => session.freeze(change),
      onFreezeAll: () => store.set((state) => freezeAllLike(state, state.selected)),
      onSelect: (id) => store.set({ selected: slotOf(id) }),
      onSave: (of) => session.keeping.show({ kind: "save", of }),
      onFork: () => session.fork(),
      onScales: (scales) => store.set((state) => ({ scales: { ...state.scales, ...scales } })),
      onView: (patch) => store.set(patch),
      api: this.#api,
      anatomies: new AnatomySource(this.#api.anatomy),
      onStart: (start, isDragging) => this.#onStart(start, isDragging),
    };
  }

  #listen() {
    const { store, player, keeping } = this.#session;
    store.subscribe((state, previous) => this.#onState(state, previous));
    player.subscribe(({ step }) => {
      this.#views.setStep(step);
      this.#controls.setStep(step);
      this.#session.tick();
    });
    bindKeyboard(document, player);
    bindUndo(document, this.#session.undo);
    if (recording === null) bindDrop(document, (file) => void this.#open(file, { takesTables: true }));
    bindPageKeys(document, {
      keys: () => keeping.show({ kind: "keys" }),
      save: () => keeping.show({ kind: "save" }),
      projector: () => store.set(({ projector }) => ({ projector: !projector })),
      leave: () => store.set({ projector: false }),
    });
    document.addEventListener("visibilitychange", () => keeping.rest(document.hidden));
    addEventListener("pagehide", () => this.#address.now());
    this.#address.onReturn((state) => this.#session.show(state));
  }

  /**
   * @param {State} state
   * @param {State} previous
   */
  #onState(state, previous) {
    const { isDragging } = this.#session;
    if (!isDragging) this.#address.soon(); // a new address costs a navigation, and the icon of the page anew
    if (onlyStep(state, previous)) return;
    if (isElsewhere(state, previous)) this.#address.turn(previous);
    if (APPEARANCE.some((field) => state[field] !== previous[field])) this.#appear(state);
    this.#session.follow(state, previous);
    if (!isDragging) this.#drawControls();
    const isCovered = coversViews(state.place) && coversViews(previous.place); // no view is seen, and no run asked for
    if (isDragging || !isCovered) this.draw();
  }

  /** @param {State} state */
  #appear({ theme, language, projector }) {
    this.#theme.use(theme);
    document.documentElement.dataset.projector = projector ? "on" : "off";
    void this.#speak(language);
  }

  /** @param {State["language"]} language */
  async #speak(language) {
    try {
      await this.#words.use(language);
      this.#board.draw();
      this.draw();
    } catch (error) {
      this.#board.trouble(error, () => this.#speak(language));
    }
  }

  /**
   * @param {[number, number]} start
   * @param {boolean} isDragging
   */
  #onStart(start, isDragging) {
    this.#session.drag(start, isDragging);
    if (!isDragging) this.#address.soon(); // though the start may be where it was under the hand
  }

  /** The catalog in the language of the page. */
  #catalog() {
    return this.#words.catalogIn(this.#session.details.catalog);
  }

  /**
   * The same with all that there is about some entries.
   *
   * @param {import("../state/catalog.js").Section} section
   * @param {...string} names
   */
  #know = async (section, ...names) => {
    await this.#session.details.know(section, names);
    this.#drawControls();
    return this.#catalog();
  };

  #runs() {
    const [theme, { t, say }] = [this.#theme, this.#words];
    const runs = this.#session.runs({ color: (token) => theme.color(token), t });
    return runs.map((run) => ({ ...run, errors: localised(run.errors, say) }));
  }

  /** @param {ReturnType<Session["runs"]>} runs */
  #dataOf(runs) {
    const [{ t, language }, theme] = [this.#words, this.#theme.name];
    const ghost = { own: t("views.freeze.ghost"), parent: t("views.freeze.ghostOfFork") };
    const data = this.#session.data(runs, this.#catalog(), { theme, language, ghost });
    return { ...data, flow: this.#flowOf(data) };
  }

  /** @param {Data} data @returns {Data["flow"]}  null while nobody looks, or its module is on its way */
  #flowOf(data) {
    const isSeen = data.scales.central_flow === "on" && !coversViews(this.#session.store.get().place);
    if (!isSeen) this.#flows.place?.rest();
    else if (this.#flows.isToCome) void this.#flows.bring().then(() => this.draw());
    return isSeen ? (this.#flows.place?.of(data) ?? null) : null;
  }

  /** What a person has just touched answers at once. @returns {ReturnType<Session["runs"]>}  the runs as they are shown */
  #drawControls() {
    const { store, keeping } = this.#session;
    const state = store.get();
    const words = this.#words;
    const catalog = this.#catalog();
    const { t, say } = words;
    const runs = this.#runs();
    const problem = problemIn(catalog, state);
    const [api, edit, kept, know] = [this.#api, store.set, keeping.controls, this.#know];
    const cancel = () => this.#session.cancel();
    const { undo, learning } = this.#session;
    const replay = () => this.#session.replay();
    const shown = () => ({ context: this.#shared, data: this.#dataOf(this.#runs()) });
    const link = () => this.#link();
    const hasMoved = this.#views.mayAllDraw;
    document.title = t("shell.title", { what: subjectOf(state, problem, learning, t) });
    if (state.place === "learn") void learning.tell(words.language);
    showPlace(document, state, learning);
    const planeNumbers = () => this.#session.planeNumbers();
    const page = {
      ...{ t, say, words, state, catalog, problem, runs, api, edit, undo, planeNumbers, cancel, kept, know },
      ...{ learning, replay, hasMoved, shown, link },
      taken: () => takenOf({ ...page, step: this.#session.player.step }, this.#tune.place?.taken ?? NO_MAPS),
    };
    this.#tune.place?.update(trainablePage(page), this.#theme.name); // first: it asks for maps, which learn meanwhile
    this.#controls.update(page);
    if (state.place === "tune") this.#show(this.#tune);
    if (state.place === "loops") this.#show(this.#loops);
    this.#loops.place?.update(page);
    this.#views.open(openTab(state));
    return runs;
  }

  /**
   * @template {object} T
   * @param {() => Promise<T>} load
   */
  #later(load) {
    /** @type {LaterPlace<T>} */
    const later = new LaterPlace(load, () => {
      const action = { key: "shell.notice.retry", run: () => this.#show(later) };
      this.#board.say({ id: "view", kind: "trouble", key: "shell.notice.noView", action });
    });
    return later;
  }

  /** @param {LaterPlace<object>} later  a place that somebody has come to */
  #show(later) {
    if (later.isToCome) void later.bring().then((place) => place !== null && this.#drawControls());
  }

  /**
   * What somebody has dropped onto the page, or chosen among their loops, is shown where it belongs.
   *
   * @param {File} file
   * @param {{takesTables: boolean}} options
   */
  async #open(file, { takesTables }) {
    const { takeFile } = await import("./dropped.js");
    const say = (/** @type {Notice} */ notice) => this.#board.say(notice);
    if (await takeFile(file, { session: this.#session, catalog: this.#catalog(), say, takesTables })) return;
    this.#session.learning.goTo("loops");
    await this.#loops.bring();
    this.#drawControls();
    await this.#loops.place?.open(file);
  }

  #drawNow() {
    if (this.#session.isDragging) this.#answerDrag();
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

  /** Records that arrive before the first surface are no news for the controls: refusals and queues are. */
  #drawAll() {
    const runs = this.#runs();
    const isNews =
      this.#views.mayAllDraw || runs.some(({ errors, queue }) => errors.length > 0 || queue !== null);
    this.#drawViews(this.#dataOf(isNews ? this.#drawControls() : runs));
  }

  /** @param {Data} data */
  #drawViews(data) {
    this.#views.update(data, this.#session.isDragging);
    const { isComplete: canDraw, mayAllDraw: mayAsk } = this.#views;
    this.#session.drawn(data, { canDraw, mayAsk });
    if (this.#unread !== null && data.runs.every(hasStepped)) this.#tryAddress(data, this.#unread);
  }

  /**
   * Whether there is what the address asks to look at is known with the records.
   *
   * @param {Data} data
   * @param {string[]} unread
   */
  #tryAddress({ runs }, unread) {
    this.#unread = null;
    const { store } = this.#session;
    const histories = runs.flatMap(({ history }) => (history === null ? [] : [history]));
    const unfit = unfitIn(store.get(), histories);
    if (unfit.length === 0) return;
    const { parameter, element, quantity } = {
      ...store.get(),
      ...Object.fromEntries(unfit.map((key) => [key, INITIAL[key]])),
    };
    store.set({ parameter, element, quantity });
    this.#sayUnread([...unread, ...unfit]);
  }

  /** @param {string[]} keys  of the address */
  #sayUnread(keys) {
    const params = { keys };
    this.#board.say({ id: "unread", kind: "trouble", key: "shell.notice.unread", params });
  }

  /** The address of what is shown. */
  #link() {
    this.#address.now();
    return location.href;
  }

  async #share() {
    const copied = await copyText(this.#link());
    this.#board.say({ id: "share", kind: "news", key: copied ? "shell.shared" : "shell.shareFailed" });
  }
}

/** @param {Data["runs"][number]} run */
function hasStepped({ history }) {
  return history !== null && (history.last > 0 || history.ended !== null);
}
