/**
 * The parts of Tune that ask for sweeps of their own. Their modules come when somebody first looks at them.
 */

import { create } from "../views/drawing/dom.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("./tune-basins.js").LookOf} LookOf
 * @typedef {Pick<import("./tune-basins.js").BasinsPlace, "element" | "update" | "leave" | "picture">} Part
 * @typedef {(acts: Acts, page: Page) => Promise<Part>} Bring
 *
 * @typedef {object} Acts
 * @property {import("../api/sweeps.js").SweepApi} sweeps
 * @property {(parts: readonly string[]) => void} onSay  to who does not see it
 * @property {(mapped: import("./tune-edge.js").OpenableMap, cells: import("../views/tune/grid.js").Cell[]) => void} onOpen
 * @property {() => void} onPicture  of what is shown, as a file
 * @property {(picture: import("../state/sweep/cells.js").Picture | null) => void} onCells  its numbers, as a file
 */

/** @type {Record<string, Bring>} */
const PARTS = {
  basins: async (acts, { api }) => new (await import("./tune-basins.js")).BasinsPlace(acts, api),
  edge: async (acts) => new (await import("./tune-edge.js")).EdgePlace(acts),
};

export class TuneWindows {
  element = create("div", { class: "tune-window" });
  #acts;
  /** @type {Map<string, Part | null>} null: on its way */
  #parts = new Map();
  /** @type {[Page, string, LookOf] | null} what was to be shown last */
  #now = null;

  /** @param {Acts} acts */
  constructor(acts) {
    this.#acts = acts;
  }

  /** @param {string} kind */
  has(kind) {
    return kind in PARTS;
  }

  /**
   * @param {Page} page
   * @param {string} theme
   * @param {LookOf} look
   */
  update(page, theme, look) {
    const { kind } = page.state.tune;
    this.#now = [page, theme, look];
    for (const [other, part] of this.#parts) if (other !== kind) part?.leave();
    const part = this.#parts.get(kind);
    if (part === undefined) void this.#bring(kind, page);
    if (part === undefined || part === null) return;
    if (this.element.firstChild !== part.element) this.element.replaceChildren(part.element);
    part.update(page, theme, look);
  }

  /** @param {string} kind @returns {import("../state/sweep/cells.js").Picture | null}  of what is wanted, as far as it is there */
  picture(kind) {
    return this.#parts.get(kind)?.picture ?? null;
  }

  leave() {
    this.#now = null;
    for (const part of this.#parts.values()) part?.leave();
  }

  /**
   * @param {string} kind
   * @param {Page} page
   */
  async #bring(kind, page) {
    this.#parts.set(kind, null);
    try {
      this.#parts.set(kind, await PARTS[kind](this.#acts, page));
    } catch {
      this.#parts.delete(kind);
      page.kept.say({ id: "view", kind: "trouble", key: "shell.notice.noView" });
    }
    if (this.#now !== null && this.#parts.get(kind)) this.update(...this.#now);
  }
}
