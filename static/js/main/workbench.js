/**
 * The workbench: reads the address, makes the session and draws what it has, in the controls and the views.
 */

import { describeTrouble } from "../api/trouble.js";
import { mountControls } from "../controls/shell/mount.js";
import { localised } from "../languages/translator.js";
import { bindKeyboard } from "../player/keyboard.js";
import { createPlayer } from "../player/player.js";
import { REST_OF_PAGE } from "../session/drag.js";
import { Session } from "../session/session.js";
import { problemOf } from "../session/shown.js";
import { slotOf } from "../state/look.js";
import { debounced, paced } from "../timing.js";
import { openTab } from "../views/registry.js";
import { Address, readAddress } from "./address.js";
import { find } from "./dom.js";
import { Theme } from "./theme.js";
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

export class Workbench {
  #catalog;
  #api;
  #words;
  #board;
  #session;
  #address;
  #controls;
  #views;
  #theme = new Theme(() => this.#draw());
  /** @type {Data["runs"]} what a drag has been answered with */
  #answered = [];
  #draw = paced(() => this.#drawNow());
  #drawSoon = debounced(() => this.#drawAll(), REST_OF_PAGE);

  /** @param {Parts} parts */
  constructor({ catalog, api, keptApi, words, board, plotlyLoaded }) {
    const { state, unread } = readAddress(catalog, words.offered);
    const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const onChange = () => this.#draw();
    this.#catalog = catalog;
    this.#api = api;
    this.#words = words;
    this.#board = board;
    this.#session = new Session({
      catalog,
      api,
      keptApi,
      state,
      player: createPlayer(),
      reducedMotion,
      board,
      onChange,
      onTrouble: (error, retry) => this.#onTrouble(error, retry),
    });
    const { store, player } = this.#session;
    this.#address = new Address(catalog, store.get, () => player.playing);
    this.#controls = mountControls(find, { onShare: () => this.#share() });
    this.#appear(state);
    if (unread.length > 0) this.#sayUnread(unread);
    this.#views = new Views({
      context: this.#context(reducedMotion),
      plotlyLoaded,
      onComplete: onChange,
      board,
    });
    this.#listen();
    this.#session.begin();
    this.#drawNow();
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
      limits: this.#catalog.limits,
      onToggleFreeze: (layer) => session.toggleFreeze(layer),
      onSelect: (id) => store.set({ selected: slotOf(id) }),
      onFork: () => session.fork(),
      onScales: (scales) => store.set((state) => ({ scales: { ...state.scales, ...scales } })),
      onView: (patch) => store.set(patch),
      api: this.#api,
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
    document.addEventListener("visibilitychange", () => keeping.rest(document.hidden));
    addEventListener("pagehide", () => this.#address.now());
  }

  /**
   * @param {State} state
   * @param {State} previous
   */
  #onState(state, previous) {
    const { isDragging } = this.#session;
    if (!isDragging) this.#address.soon(); // a new address costs a navigation, and the icon of the page anew
    if (onlyStep(state, previous)) return;
    if (state.theme !== previous.theme || state.language !== previous.language) this.#appear(state);
    this.#session.follow(state, previous);
    if (!isDragging) this.#drawControls();
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

  /**
   * @param {[number, number]} start
   * @param {boolean} isDragging
   */
  #onStart(start, isDragging) {
    this.#session.drag(start, isDragging);
    if (!isDragging) this.#address.soon(); // though the start may be where it was under the hand
  }

  #runs() {
    const theme = this.#theme;
    const runs = this.#session.runs((token) => theme.color(token));
    return runs.map((run) => ({ ...run, errors: localised(run.errors, this.#words.say) }));
  }

  /** @param {ReturnType<Session["runs"]>} runs */
  #dataOf(runs) {
    const appearance = { theme: this.#theme.name, language: this.#words.language };
    return this.#session.data(runs, this.#words.catalogIn(this.#catalog), appearance);
  }

  /** What a person has just touched answers at once. */
  #drawControls() {
    const { store, keeping } = this.#session;
    const state = store.get();
    const words = this.#words;
    const catalog = words.catalogIn(this.#catalog);
    const { t, say } = words;
    const runs = this.#runs();
    const problem = problemOf(catalog, state.problem);
    document.title = t("shell.title", { problem: problem.title });
    const [api, edit, kept] = [this.#api, store.set, keeping.controls];
    this.#controls.update({ t, say, words, state, catalog, problem, runs, api, edit, kept });
    this.#views.open(openTab(state));
    return this.#dataOf(runs);
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

  #drawAll() {
    const data = this.#drawControls();
    this.#views.update(data, this.#session.isDragging);
    this.#session.drawn(data, this.#views.isComplete);
  }

  /** @param {string[]} keys  of the address */
  #sayUnread(keys) {
    const params = { keys: keys.join(", ") };
    this.#board.say({ id: "unread", kind: "trouble", key: "shell.notice.unread", params });
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
