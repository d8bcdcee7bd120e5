/**
 * The loss surface: asked for, unless it is known, and the one that is on the screen.
 */

import { ApiError, SurfaceError } from "../api/request.js";
import { decodeArray } from "../jsonl.js";
import { isTurned, withAxes } from "../state/plane.js";
import { Recent } from "./recent.js";
import { asked, frameOf, spaceOf, subjectOf, surfaceKey } from "./wish.js";

/**
 * @typedef {import("../api/resources.js").Api} Api
 * @typedef {import("./plan.js").SurfaceRequest} SurfaceRequest
 * @typedef {import("./wish.js").Wish} Wish
 *
 * @typedef {import("../wire.d.ts").LossSurface} LossSurface
 *
 * @typedef {object} SurfaceShown
 * @property {LossSurface} response
 * @property {string[]} runs  ids, in the order of its paths
 * @property {string} problem  the name of the one that it is a surface of
 * @property {string} frame  the same as long as its coordinates mean the same
 * @property {string} subject  what it is of
 * @property {string} space  that it is a plane in
 * @property {import("../state/types.js").Window | null} window  the part that was asked for; null is all of it
 * @property {boolean} stale
 */

const BASES = 12;

export class Surfaces {
  #api;
  #known;
  /** @type {SurfaceShown | null} */
  #shown = null;
  /** @type {Recent<LossSurface["basis"]>} by kind and space: a plane that one comes back to has its axes as they were */
  #bases = new Recent(BASES);

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
    this.#known.learnSurface(
      surfaceKey(jobs, { ...view, plane: asDrawn(view.plane, response.plane) }),
      response,
    );
    this.#bases.set(drawnAs(view.plane, spaceOf(jobs[0])), response.basis);
    this.#shown = {
      response,
      runs: jobs.map(({ id }) => id),
      problem: jobs[0].config.problem.name,
      frame: frameOf(jobs, view),
      subject: subjectOf(jobs, view),
      space: spaceOf(jobs[0]),
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
      const plane = this.#likeShown(view.plane, spaceOf(jobs[0]));
      return await this.#api.lossSurface(jobs.map(asked), { ...view, plane }, signal);
    } catch (error) {
      throw error instanceof ApiError && error.retryAfter === null ? new SurfaceError(error) : error;
    }
  }

  /**
   * A plane whose axes are drawn the way round that is nearest to the last one of its kind, or to what is on the screen.
   *
   * @param {import("../state/plane.js").PlaneConfig} plane
   * @param {string} space
   * @returns {import("../state/plane.js").PlaneConfig}
   */
  #likeShown(plane, space) {
    const shown = this.#shown?.space === space ? this.#shown.response.basis : undefined;
    const last = this.#bases.get(drawnAs(plane, space)) ?? shown;
    if (!isTurned(plane) || last === undefined) return plane;
    const { data, shape } = decodeArray(last);
    const width = shape[1];
    return { ...plane, like: [[...data.subarray(0, width)], [...data.subarray(width)]] };
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
      awaited !== null &&
      awaited.view !== null &&
      this.#shown.subject !== subjectOf(awaited.jobs, awaited.view);
    this.#shown = { ...this.#shown, stale };
  }
}

/**
 * The same for planes of one kind in one space.
 *
 * @param {import("../state/plane.js").PlaneConfig} plane
 * @param {string} space
 */
function drawnAs({ kind }, space) {
  return `${kind} ${space}`;
}

/**
 * A plane with its axes as an answer has them.
 *
 * @template {{kind: string, axes?: import("../state/plane.js").AxisNumbers}} P
 * @param {P} plane
 * @param {Record<string, unknown>} drawn  the plane of the answer
 */
export function asDrawn(plane, drawn) {
  return withAxes(plane, /** @type {any} */ (drawn).axes);
}
