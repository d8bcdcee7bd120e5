/**
 * The paths of runs from where they start, trained by torch's own loop: drawn over what a sweep says of all starts.
 */

import { decodeArray } from "../jsonl.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {[number, number][]} Path
 */

/** How long a newer wish waits for what is under way: paths that follow a hand would else never come. */
const PATIENCE_MS = 500;

/** @typedef {{slot: number, config: RunConfig}[]} Wanted */

export class Trails {
  #api;
  #onChange;
  #key = "";
  /** @type {Map<number, Path>} by slot */
  #paths = new Map();
  /** @type {{abort: AbortController, since: number} | null} what is being trained */
  #busy = null;
  /** @type {Wanted | null} what is wanted after that */
  #next = null;

  /**
   * @param {Pick<import("../api/resources.js").Api, "compare">} api
   * @param {() => void} onChange
   */
  constructor(api, onChange) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** @param {number} slot @returns {Path | null}  the last that was trained, null without one */
  of(slot) {
    return this.#paths.get(slot) ?? null;
  }

  /**
   * Train these in the place of those before.
   *
   * @param {Wanted} runs  of a test function
   */
  want(runs) {
    const key = JSON.stringify(runs);
    if (key === this.#key) return;
    this.#key = key;
    this.#next = runs;
    if (this.#busy !== null && performance.now() - this.#busy.since < PATIENCE_MS) return;
    this.#busy?.abort.abort();
    void this.#follow();
  }

  /** Nobody looks any longer. */
  leave() {
    this.#key = "";
    this.#next = null;
    this.#busy?.abort.abort();
    this.#busy = null;
  }

  /** Train what is wanted, and what has come to be wanted by then. */
  async #follow() {
    const abort = new AbortController();
    while (this.#next !== null && !abort.signal.aborted) {
      const runs = this.#next;
      this.#next = null;
      this.#busy = { abort, since: performance.now() };
      if (runs.length > 0) await this.#train(runs, abort.signal);
    }
    if (this.#busy?.abort === abort) this.#busy = null;
  }

  /**
   * @param {Wanted} runs
   * @param {AbortSignal} signal
   */
  async #train(runs, signal) {
    /** @type {Map<number, Path>} */
    const paths = new Map();
    const configs = runs.map(({ config }) => config);
    try {
      for await (const events of this.#api.compare(configs, signal))
        for (const event of events)
          if (event.event === "block") addTo(paths, runs[event.run ?? 0].slot, event);
    } catch {
      return; // the basins are there without it, and the next change asks again
    }
    if (signal.aborted) return;
    this.#paths = paths;
    this.#onChange();
  }
}

/**
 * @param {Map<number, Path>} paths
 * @param {number} slot
 * @param {import("../wire.d.ts").BlockOfSteps} block
 */
function addTo(paths, slot, { params }) {
  const { data, shape } = decodeArray(/** @type {any} */ (params).xy);
  const path = paths.get(slot) ?? [];
  for (let i = 0; i < shape[0]; i += 1) path.push([data[2 * i], data[2 * i + 1]]);
  paths.set(slot, path);
}
