/**
 * What a file holds that plays without a server: what was recorded of its runs, and what the server said about them.
 */

import { recordedLesson, recordedLoops, recordedMaps, recordedState } from "../state/address/recorded.js";
import { problemIn } from "../state/points/problem.js";
import { configsOf } from "../state/configs.js";
import { briefly } from "../state/kept-runs.js";
import { decodeState } from "../state/address/address.js";
import { canonical } from "./canonical.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").ViewKeys} ViewKeys
 * @typedef {import("../state/sweep/request.js").Ask} Ask
 *
 * @typedef {object} RecordedRun
 * @property {RunConfig} config  as it was asked for
 * @property {string} events  as they travel, a line each; none of a run that is only on a map
 * @property {string} [ghost]  those of the same run without what it freezes, where it freezes something
 * @property {import("../wire.d.ts").RunCurvature} [curvature]  absent where the server gives none
 * @property {import("../wire.d.ts").RunHeldOutLoss} [held_out]  absent of a run that is only on a map
 * @property {import("../wire.d.ts").CentralFlowAnswer} [flow]  absent where nobody looks at it
 * @property {Record<string, import("../wire.d.ts").StepAnatomy>} anatomies  by the step
 * @property {import("../wire.d.ts").Warned[]} warnings
 * @property {string} code  the script that trains it
 *
 * @typedef {object} Scene  what is compared at once
 * @property {string} address  of the page of a lesson
 * @property {number[]} runs  which of the runs
 * @property {import("../wire.d.ts").LossSurface} surface
 *
 * @typedef {object} RecordedSweep
 * @property {Ask["body"]} body
 * @property {number[]} runs  of which its optimizers are; none where it is asked for after the others
 * @property {string} events  as they travel, a line each
 *
 * @typedef {object} Contents
 * @property {State["place"]} place  where the page is
 * @property {string} address  a query of the page: how it is looked at
 * @property {RecordedRun[]} runs
 * @property {Scene[]} scenes
 * @property {RecordedSweep[]} [sweeps]
 * @property {Record<string, unknown>} documents  by their address; a text is a stream
 * @property {{call: import("../wire.d.ts").Problem, step: import("../wire.d.ts").Problem}} refused  what is said of all else,
 *   and of a step that is not taken apart
 */

export class Recording {
  /** @type {Map<string, RecordedRun>} by how the page asks for them */
  #named = new Map();
  /** @type {Map<string, Scene>} by how the page asks for their runs */
  #scenes = new Map();
  /** @type {Ask[]} */
  #asks = [];

  /** @param {Contents} contents */
  constructor(contents) {
    this.contents = contents;
  }

  /**
   * How the page begins: with what is recorded, which it will ask for as it has it here.
   *
   * @param {string} query  of the address that the file was opened at; without one the file says how it is looked at
   * @param {Catalog} catalog
   * @param {ViewKeys} views
   * @returns {State}
   */
  begin(query, catalog, views) {
    const { place, address, runs, scenes, documents } = this.contents;
    const asked = query || address;
    const configs = runs.map(({ config }) => config);
    if (place === "loops") return recordedLoops(idsIn(documents), asked, catalog, views);
    if (place === "learn") {
      for (const scene of scenes)
        this.#name(decodeState(scene.address, catalog, views).state, catalog, scene);
      return recordedLesson(lessonIn(documents), asked, catalog, views);
    }
    const state = recordedState(configs, asked, catalog, views);
    if (place !== "compare") return this.#beginMaps(state, asked, catalog, views);
    const brief = { ...state, runs: state.runs.map((run) => briefly(run, catalog)) };
    this.#name(brief, catalog, scenes[0]);
    return brief;
  }

  /**
   * @param {State} state
   * @param {string} asked
   * @param {Catalog} catalog
   * @param {ViewKeys} views
   */
  #beginMaps(state, asked, catalog, views) {
    const drawn = (this.contents.sweeps ?? []).filter(({ runs }) => runs.length > 0);
    this.#asks = drawn.map(({ body, runs }) => ({ body, slots: runs.map((run) => state.runs[run].slot) }));
    const start = state.start ?? problemIn(catalog, state).start;
    for (const { body, runs } of drawn)
      runs.forEach((run, i) => {
        const optimizer = body.optimizers?.[i] ?? body.run.optimizer;
        const path = { ...body.run, optimizer, model: { ...body.run.model, start } };
        this.#named.set(canonical(path), this.contents.runs[run]);
      });
    return recordedMaps(state, drawn[0].body, asked, catalog, views);
  }

  /**
   * @param {State} state  in which the page will ask for the runs of a scene, in their order
   * @param {Catalog} catalog
   * @param {Scene} scene
   */
  #name(state, catalog, scene) {
    this.name(configsOf(state, problemIn(catalog, state)), scene);
  }

  /**
   * @param {RunConfig[]} configs  as the page will ask for the runs of a scene, in their order
   * @param {Scene} scene
   */
  name(configs, scene) {
    configs.forEach((config, i) => {
      const run = this.contents.runs[scene.runs[i]];
      this.#named.set(canonical(config), run);
      const { freeze: _, ...unfrozen } = config;
      if (run.ghost !== undefined) this.#ghost(unfrozen, { ...run, events: run.ghost });
    });
    this.#scenes.set(canonical(configs), scene);
  }

  /**
   * @param {RunConfig} config
   * @param {RecordedRun} run
   */
  #ghost(config, run) {
    if (!this.#named.has(canonical(config))) this.#named.set(canonical(config), run);
  }

  /**
   * @param {RunConfig} config
   * @returns {RecordedRun | undefined}
   */
  run(config) {
    return this.#named.get(canonical(config));
  }

  /**
   * @param {RunConfig[]} configs  in the order of the cards
   * @returns {import("../wire.d.ts").LossSurface | undefined}  that they are drawn on
   */
  surface(configs) {
    const { scenes } = this.contents;
    return (this.#scenes.get(canonical(configs)) ?? (scenes.length === 1 ? scenes[0] : undefined))?.surface;
  }

  /**
   * @param {RunConfig} config  with all defaults filled in, as its first event has it
   * @returns {RecordedRun | undefined}
   */
  completed(config) {
    const text = JSON.stringify(config);
    return this.contents.runs.find(({ events }) => {
      const [started] = events.split("\n", 1);
      return started !== "" && JSON.stringify(JSON.parse(started).config) === text;
    });
  }

  /** The sweeps that the maps are of. */
  get asks() {
    return this.#asks;
  }

  /**
   * @param {Ask["body"]} body
   * @returns {string | undefined}  all that came of a sweep
   */
  sweep(body) {
    const wanted = canonical(body);
    return this.contents.sweeps?.find((sweep) => canonical(sweep.body) === wanted)?.events;
  }

  /** Say how to start what this file cannot do. */
  tellHow() {
    const told = document.getElementById("recorded");
    if (told instanceof HTMLDetailsElement) told.open = true;
  }
}

/**
 * @param {Contents["documents"]} documents
 * @returns {import("../wire.d.ts").LessonDocument}  in any language: all show the same
 */
function lessonIn(documents) {
  const address = Object.keys(documents).find((name) => name.startsWith("/api/lessons?"));
  return /** @type {any} */ (documents[address ?? ""])[0];
}

/**
 * @param {Contents["documents"]} documents
 * @returns {string[]}  the ids of the watched runs
 */
function idsIn(documents) {
  return /** @type {any} */ (documents["/api/runs"]).runs.map((/** @type {{id: string}} */ { id }) => id);
}
