/**
 * The loss surface: asked for, unless it is known, and the one that is on the screen.
 */

import { ApiError, SurfaceError } from "../api/request.js";
import { asked, frameOf, surfaceKey } from "./wish.js";

/**
 * @typedef {import("../api/resources.js").Api} Api
 * @typedef {import("./plan.js").SurfaceRequest} SurfaceRequest
 * @typedef {import("./wish.js").Wish} Wish
 *
 * @typedef {object} SurfaceShown
 * @property {import("../wire.d.ts").LossSurface} response
 * @property {string[]} runs  ids, in the order of its paths
 * @property {string} problem  the name of the one that it is a surface of
 * @property {string} frame  the same as long as its coordinates mean the same
 * @property {import("../state/types.js").Window | null} window  the part that was asked for; null is all of it
 * @property {boolean} stale
 */

export class Surfaces {
  #api;
  #known;
  /** @type {SurfaceShown | null} */
  #shown = null;

  /**
   * @param {Pick<Api, "lossSurface">} api
   * @param {import("./known.js").Known} known
   */
  constructor(api, known) {
    this.#api = api;
    this.#known = known;
  }

  get shown() {
    return this.#shown;
  }

  /**
   * @param {SurfaceRequest} request
   * @param {AbortSignal} signal
   */
  async draw({ jobs, view }, signal) {
    const key = surfaceKey(jobs, view);
    const response = this.#known.surface(key) ?? (await this.#compute({ jobs, view }, signal));
    this.#known.learnSurface(key, response);
    this.#shown = {
      response,
      runs: jobs.map(({ id }) => id),
      problem: jobs[0].config.problem.name,
      frame: frameOf(jobs, view),
      window: view.window,
      stale: false,
    };
  }

  /**
   * @param {Omit<SurfaceRequest, "kind">} request
   * @param {AbortSignal} signal
   */
  async #compute({ jobs, view }, signal) {
    try {
      return await this.#api.lossSurface(jobs.map(asked), view, signal);
    } catch (error) {
      throw error instanceof ApiError && error.retryAfter === null ? new SurfaceError(error) : error;
    }
  }

  /**
   * Say whether the surface belongs to other runs or another plane than those asked for. What is only looked at more
   * closely, or at another step, stays as it is until the new picture is there.
   *
   * @param {Wish | null} awaited  whose surface is not there yet
   */
  age(awaited) {
    if (this.#shown === null) return;
    const stale =
      awaited !== null && awaited.view !== null && this.#shown.frame !== frameOf(awaited.jobs, awaited.view);
    this.#shown = { ...this.#shown, stale };
  }
}
