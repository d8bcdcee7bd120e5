/**
 * What a file holds that plays without a server: what was recorded of its runs, and what the server said about them.
 */

import { recordedState } from "../state/address/recorded.js";
import { problemIn } from "../state/points/problem.js";
import { configsOf } from "../state/configs.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 *
 * @typedef {object} RecordedRun
 * @property {RunConfig} config  as it was asked for
 * @property {string} events  as they travel, a line each
 * @property {import("../wire.d.ts").RunCurvature} [curvature]  absent where the server gives none
 * @property {import("../wire.d.ts").RunHeldOutLoss} held_out
 * @property {Record<string, import("../wire.d.ts").StepAnatomy>} anatomies  by the step
 * @property {import("../wire.d.ts").Warned[]} warnings
 * @property {string} code  the script that trains it
 *
 * @typedef {object} Contents
 * @property {string} address  a query of the page: how it is looked at
 * @property {RecordedRun[]} runs
 * @property {import("../wire.d.ts").LossSurface} surface
 * @property {Record<string, unknown>} documents  by their address
 * @property {{call: import("../wire.d.ts").Problem, step: import("../wire.d.ts").Problem}} refused  what is said of all else,
 *   and of a step that is not taken apart
 */

export class Recording {
  /** @type {Map<string, RecordedRun>} by how the page asks for them */
  #named = new Map();

  /** @param {Contents} contents */
  constructor(contents) {
    this.contents = contents;
  }

  /**
   * How the page begins: with the recorded runs, which it will ask for as it has them here.
   *
   * @param {string} query  of the address that the file was opened at; without one the file says how it is looked at
   * @param {import("../state/types.js").Catalog} catalog
   * @param {import("../state/types.js").ViewKeys} views
   */
  begin(query, catalog, views) {
    const { address, runs } = this.contents;
    const configs = runs.map(({ config }) => config);
    const state = recordedState(configs, query || address, catalog, views);
    this.name(configsOf(state, problemIn(catalog, state)));
    return state;
  }

  /** @param {RunConfig[]} configs  as the page will ask for them, in the order of the runs */
  name(configs) {
    const { runs } = this.contents;
    this.#named = new Map(configs.map((config, i) => [JSON.stringify(config), runs[i]]));
  }

  /**
   * @param {RunConfig} config
   * @returns {RecordedRun | undefined}
   */
  run(config) {
    return this.#named.get(JSON.stringify(config));
  }

  /**
   * @param {RunConfig} config  with all defaults filled in, as its first event has it
   * @returns {RecordedRun | undefined}
   */
  completed(config) {
    const text = JSON.stringify(config);
    return this.contents.runs.find(({ events }) => {
      const [started] = events.split("\n", 1);
      return JSON.stringify(JSON.parse(started).config) === text;
    });
  }
}
