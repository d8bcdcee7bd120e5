/**
 * The paths of runs from where they start, trained by torch's own loop: drawn over what a sweep says of all starts.
 */

import { decodeArray } from "../jsonl.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {[number, number][]} Path
 */

export class Trails {
  #api;
  #onChange;
  #key = "";
  /** @type {Map<number, Path>} by slot */
  #paths = new Map();
  /** @type {AbortController | null} */
  #abort = null;

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
   * @param {{slot: number, config: RunConfig}[]} runs  of a test function
   */
  want(runs) {
    const key = JSON.stringify(runs);
    if (key === this.#key) return;
    this.leave();
    this.#key = key;
    if (runs.length > 0) void this.#train(runs, (this.#abort = new AbortController()));
  }

  /** Nobody looks any longer. */
  leave() {
    this.#key = "";
    this.#abort?.abort();
    this.#abort = null;
  }

  /**
   * @param {{slot: number, config: RunConfig}[]} runs
   * @param {AbortController} abort
   */
  async #train(runs, { signal }) {
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
