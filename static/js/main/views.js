/**
 * The views in their places: mounts those of the registry, opens their tabs and hands on what they show.
 */

import { pathsHaveMoved } from "../timing.js";
import { create } from "../views/drawing/dom.js";
import { TABS, viewsOf } from "../views/registry.js";
import { find } from "./dom.js";

/**
 * @typedef {import("../views/types.js").Context} Context
 * @typedef {import("../views/types.js").Data} Data
 * @typedef {import("../views/types.js").Entry} Entry
 * @typedef {import("../views/types.js").Mount} Mount
 * @typedef {import("../views/types.js").View} View
 *
 * @typedef {object} Parts
 * @property {Context} context
 * @property {() => void} onComplete  what does not wait has been mounted
 * @property {() => void} onMoves  what may wait has its turn
 * @property {import("./board.js").Board} board
 */

/** What may wait does not wait longer for the surface. */
const LONGEST_WAIT_MS = 1500;

export class Views {
  #parts;
  /** @type {Promise<unknown>} the surface is there, and moves, or that takes long */
  #moves;
  #mayAllDraw = false;
  /** @type {Map<Entry, View>} */
  #mounted = new Map();
  /** @type {Map<Entry, HTMLElement>} */
  #elements;
  /** @type {Set<Entry>} tabs whose modules are on their way */
  #loading = new Set();
  /** @type {Entry | null} */
  #open = null;
  /** @type {Data | null} */
  #data = null;
  #isComplete = false;
  #surfaceIsThere = () => {};
  /** @type {Promise<void>} the first surface has been drawn */
  #surface = new Promise((resolve) => {
    this.#surfaceIsThere = resolve;
  });

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const views = viewsOf("compare");
    this.#elements = new Map(
      views.map((entry) => [entry, TABS.includes(entry) ? panelOf(entry) : find(entry.slot)]),
    );
    const always = views.filter((entry) => !TABS.includes(entry));
    const wait = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
    this.#moves = Promise.race([this.#complete(always.filter(({ mayWait }) => !mayWait)), wait]);
    void this.#moves.then(() => {
      this.#mayAllDraw = true;
      parts.onMoves();
      void this.#loadAll(always.filter(({ mayWait }) => mayWait));
    });
  }

  /** @param {Entry[]} entries  that do not wait */
  async #complete(entries) {
    await this.#loadAll(entries);
    this.#isComplete = true;
    this.#parts.onComplete();
    await this.#surface;
    await pathsHaveMoved(this.#parts.context.player);
  }

  /** Whether the surface has had its turn, so that all else may be drawn as well. */
  get mayAllDraw() {
    return this.#mayAllDraw;
  }

  /** Whether everything that does not wait can draw. */
  get isComplete() {
    return this.#isComplete;
  }

  /** @param {Entry} tab  to be seen in the place of the one before */
  open(tab) {
    if (tab === this.#open) return;
    this.#open = tab;
    for (const entry of TABS) this.#element(entry).hidden = entry !== tab;
    if (!this.#mounted.has(tab) && !this.#loading.has(tab)) void this.#loadTab(tab);
  }

  /**
   * @param {Data} data
   * @param {boolean} isDragging  what follows a drag has had its answer
   */
  update(data, isDragging) {
    this.#data = data;
    for (const [{ followsDrag }, view] of this.#mounted)
      if (!isDragging || followsDrag !== true) view.update(data);
    if (this.#isComplete && data.surface !== null) this.#surfaceIsThere();
  }

  /** @param {Data} data  under a hand that drags */
  answerDrag(data) {
    for (const [{ followsDrag }, view] of this.#mounted) if (followsDrag === true) view.update(data);
  }

  /** @param {number} step */
  setStep(step) {
    for (const view of this.#mounted.values()) view.setStep(step);
  }

  /** @param {Entry[]} entries */
  async #loadAll(entries) {
    await Promise.all(entries.map((entry) => this.#load(entry)));
  }

  /**
   * @param {Entry} entry
   * @param {Mount} mount
   */
  #mount(entry, mount) {
    const { context } = this.#parts;
    const view = mount(this.#element(entry), context);
    this.#mounted.set(entry, view);
    if (this.#data === null) return;
    view.update(this.#data);
    view.setStep(context.player.step);
  }

  /** @param {Entry} tab  whose module may take a moment, which is said */
  async #loadTab(tab) {
    const element = this.#element(tab);
    const waiting = create("p", { class: "view-loading" }, this.#parts.context.t("shell.loading"));
    this.#loading.add(tab);
    element.setAttribute("aria-busy", "true");
    await this.#moves;
    element.replaceChildren(waiting);
    await this.#load(tab, () => {
      this.#loading.delete(tab);
      waiting.remove();
      element.removeAttribute("aria-busy");
    });
  }

  /**
   * @param {Entry} entry
   * @param {() => void} [onLoaded]  its module is there, or cannot be had
   */
  async #load(entry, onLoaded = () => {}) {
    const { board } = this.#parts;
    const module = await entry.load().catch(() => null);
    onLoaded();
    if (module !== null) {
      board.dismiss("view");
      this.#mount(entry, module.mount);
    } else {
      const action = {
        key: "shell.notice.retry",
        run: () => void (TABS.includes(entry) ? this.#loadTab(entry) : this.#load(entry)),
      };
      board.say({ id: "view", kind: "trouble", key: "shell.notice.noView", action });
    }
  }

  /** @param {Entry} entry */
  #element(entry) {
    return /** @type {HTMLElement} */ (this.#elements.get(entry));
  }
}

/** @param {Entry} tab */
function panelOf({ id, slot }) {
  const panel = create("div", { id, role: "tabpanel", "aria-labelledby": `tab-${id}`, hidden: true });
  find(slot).append(panel);
  return panel;
}
