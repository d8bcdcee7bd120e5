/**
 * The cells that were opened in Compare: what the map said of each, and what torch's own loop says.
 */

import { lossesOf } from "../state/sweep/race.js";
import { wholeSweep } from "./whole-sweep.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {{end_loss?: number, test_loss?: number}} Numbers  what is held side by side
 *
 * @typedef {object} OpenedCell
 * @property {number} slot
 * @property {RunConfig} config
 * @property {Numbers} map
 * @property {Numbers | null} exact  null while it is on its way, or where it came to nothing
 * @property {Budget | null} budget  of a race that it is the best cell of
 *
 * @typedef {{runs: number, steps: number, seeds: number, median: number}} Budget  what it was tuned with, and how it was judged
 *
 * @typedef {Omit<OpenedCell, "exact">} CellToOpen
 */

export class Opening {
  #api;
  #onChange;
  /** @type {OpenedCell[]} */
  #cells = [];

  /**
   * @param {import("../api/sweeps.js").SweepApi} api
   * @param {() => void} onChange
   */
  constructor(api, onChange) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** Those that were opened, the earlier first. */
  get cells() {
    return this.#cells;
  }

  /** @param {CellToOpen[]} cells  that are cards of Compare now */
  open(cells) {
    const slots = cells.map(({ slot }) => slot);
    const opened = cells.map((cell) => ({ ...cell, exact: null }));
    this.#cells = [...this.#cells.filter(({ slot }) => !slots.includes(slot)), ...opened];
    for (const cell of opened) void this.#measure(cell);
  }

  /** @param {OpenedCell} cell */
  async #measure(cell) {
    const { config } = cell;
    const body = { run: config, axes: [{ path: "/steps", values: [config.steps ?? 0] }], exact: true };
    try {
      const exact = lossesOf(await wholeSweep(this.#api, body, new AbortController().signal), 0);
      this.#cells = this.#cells.map((one) => (one === cell ? { ...cell, exact } : one));
      this.#onChange();
    } catch {
      // The map's number stands alone; the run itself says what came to nothing.
    }
  }
}
