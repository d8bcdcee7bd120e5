/**
 * The runs of the comparison that the server keeps, and what is open over the page because of them.
 */

import { Follower } from "../api/follower.js";
import { History } from "../history.js";
import { optimizersNamedIn } from "../state/catalog.js";
import { addKept, isComparable, misfits, refreshKept, withoutRuns } from "../state/kept-runs.js";
import { Growth } from "./growth.js";
import { parentOfSelected } from "./shown.js";

/**
 * @typedef {import("../api/follower.js").Followed} Followed
 * @typedef {import("../api/kept-runs.js").KeptApi} KeptApi
 * @typedef {import("../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../state/types.js").State} State
 *
 * @typedef {import("../controls/parts/page.js").Overlay} Overlay
 *
 * @typedef {object} Parts
 * @property {KeptApi} api
 * @property {import("./details.js").Details} details  of the catalog
 * @property {import("../store.js").Store<State>} store
 * @property {{say: (notice: import("../controls/parts/page.js").Notice) => void}} board
 * @property {import("../player/player.js").Player} player
 * @property {() => void} onChange  there is something new to show
 */

export class Keeping {
  #parts;
  #follower;
  /** @type {Overlay | null} */
  #overlay = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#follower = new Follower({
      api: parts.api,
      onChange: (run) => this.#onRun(run),
      canShow: isComparable,
      make: (event, from) => new History(event, from),
    });
    this.growth = new Growth(this.#follower);
  }

  /** @param {boolean} isResting  whether nobody looks at the page */
  rest(isResting) {
    this.#follower.rest(isResting);
  }

  /** Follow the runs that the cards show, as far as they can be compared. */
  watch() {
    this.#watch();
    this.#dismissMisfits(this.#parts.store.get());
  }

  /**
   * @param {State} state
   * @param {State} previous  to go back to, if a kept run cannot be compared any more
   */
  follow(state, previous) {
    if (state.runs !== previous.runs || state.selected !== previous.selected) this.#watch();
    this.#dismissMisfits(previous);
  }

  /** Whether paths have grown that are to be drawn again. */
  hasGrown() {
    return this.growth.advance(this.#followed());
  }

  /**
   * What controls need.
   *
   * @returns {import("../controls/parts/page.js").Kept}
   */
  get controls() {
    const { api, board, details, player, store } = this.#parts;
    return {
      api: { ...api, list: async (...asked) => this.#understood(await api.list(...asked)) },
      overlay: this.#overlay,
      get: (id) => this.#follower.get(id),
      learn: (run) => this.#follower.learn(run),
      add: async (run) => {
        await this.#understood(run);
        store.set((state) => addKept(state, details.catalog, run));
        this.#follower.learn(run);
      },
      show: this.show,
      leave: (overlay) => {
        if (this.#overlay === overlay) this.show(null);
      },
      step: () => player.step,
      say: (notice) => board.say(notice),
    };
  }

  /** @param {Overlay | null} overlay */
  show = (overlay) => {
    this.#overlay = overlay;
    this.#parts.onChange();
  };

  /** Follow the runs of the cards, and the one that the selected run was forked from, to be seen beside it. */
  #watch() {
    this.#follower.watch(this.#followed());
  }

  #followed() {
    const parent = parentOfSelected(this.#parts.store.get(), this.#follower);
    return parent === null ? this.#ids() : [...this.#ids(), parent];
  }

  #ids() {
    return this.#parts.store.get().runs.flatMap(({ kept }) => (kept === undefined ? [] : [kept.id]));
  }

  /**
   * @template T
   * @param {T} told  of runs, whose optimizers are to be known
   */
  async #understood(told) {
    const { details } = this.#parts;
    const names = optimizersNamedIn(details.catalog, JSON.stringify(told));
    if (names.length > 0) await details.know("optimizers", names);
    return told;
  }

  /** @param {Followed} run */
  async #onRun({ document }) {
    const { details, store, onChange } = this.#parts;
    if (document !== null) {
      await this.#understood(document);
      store.set((state) => refreshKept(state, details.catalog, document), "page");
      this.#dismissMisfits(store.get());
      this.#watch();
    }
    onChange();
  }

  /** @param {State} previous */
  #dismissMisfits(previous) {
    const { details, store, board } = this.#parts;
    const leaving = misfits(store.get(), details.catalog, (id) => this.#follower.get(id)?.document ?? null);
    if (leaving.length === 0) return;
    store.set((state) => withoutRuns(state, leaving), "page");
    board.say({
      id: "misfits",
      kind: "news",
      key: "controls.kept.left",
      params: { count: leaving.length },
      ...(previous !== store.get() && {
        action: { key: "controls.kept.back", run: () => store.set(previous) },
      }),
    });
  }
}
