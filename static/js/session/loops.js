/**
 * The watched runs that are looked at: followed as long as somebody is there, with what an expert would say of each.
 */

import { Follower } from "../api/follower.js";
import { isOurs } from "../state/kept-runs.js";
import { Record } from "../state/loops/record.js";

/**
 * @typedef {import("../api/follower.js").Followed<Record>} Followed
 * @typedef {import("../api/kept-runs.js").KeptApi} KeptApi
 * @typedef {import("../api/request.js").Said} Said
 * @typedef {import("../state/types.js").Loops} Look
 *
 * @typedef {object} Finding
 * @property {string} code
 * @property {Said["params"]} params
 * @property {string} detail
 * @property {number | null} step  where it was first seen
 * @property {number[]} layers  by their indices
 *
 * @typedef {{step: number, records: number, every: number, found: Finding[]}} Report
 */

export class Loops {
  #follower;

  /**
   * @param {object} parts
   * @param {Pick<KeptApi, "get" | "follow">} parts.api
   * @param {() => void} parts.onChange
   * @param {import("../timers.js").Timers} [parts.timers]
   */
  constructor({ api, onChange, timers }) {
    this.#follower = new Follower({
      ...{ api, onChange, timers },
      canShow: (document) => !isOurs(document),
      make: (event, from) => new Record(event, from),
    });
  }

  /** @param {Pick<Look, "run" | "beside">} look  null where nobody is there */
  follow({ run, beside }) {
    this.#follower.watch([run, beside].flatMap((id) => (id === null ? [] : [id])));
  }

  /**
   * @param {string | null} id
   * @returns {Followed | null}
   */
  get(id) {
    return id === null ? null : this.#follower.get(id);
  }

  /** @param {import("../state/kept-runs.js").KeptRun} run  as it is now */
  learn(run) {
    this.#follower.learn(run);
  }

  /** @param {boolean} isResting  whether nobody looks at the page */
  rest(isResting) {
    this.#follower.rest(isResting);
  }
}
