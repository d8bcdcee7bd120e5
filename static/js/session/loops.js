/**
 * The watched runs that are looked at: followed as long as somebody is there, with what an expert would say of each.
 */

import { Follower } from "../api/follower.js";
import { ApiError, OfflineError } from "../api/request.js";
import { BROWSER_TIMERS } from "../timers.js";
import { isOurs } from "../state/kept-runs.js";
import { Record } from "../state/loops/record.js";

/**
 * @typedef {import("../api/follower.js").Followed<Record>} Followed
 * @typedef {import("../api/kept-runs.js").KeptApi} KeptApi
 * @typedef {import("../wire.d.ts").Report} Report
 * @typedef {import("../state/types.js").Loops} Look
 */

/** How often a live run is looked over again. */
const PAUSE_MS = 8000;

export class Loops {
  #api;
  #follower;
  #onChange;
  #now;
  /** @type {Map<string, {step: number, at: number, report: Report | null}>} by the id of a run: what was said of it, and when */
  #reports = new Map();

  /**
   * @param {object} parts
   * @param {Pick<KeptApi, "get" | "follow" | "report">} parts.api
   * @param {() => void} parts.onChange
   * @param {import("../timers.js").Timers} [parts.timers]
   */
  constructor({ api, onChange, timers = BROWSER_TIMERS }) {
    this.#api = api;
    this.#onChange = onChange;
    this.#now = timers.now;
    this.#follower = new Follower({
      ...{ api, onChange, timers },
      canShow: (document) => !isOurs(document),
      make: (event, from) => new Record(event, from),
    });
  }

  /** @param {Pick<Look, "run" | "beside">} look  null where nobody is there */
  follow({ run, beside }) {
    this.#follower.watch([...new Set([run, beside])].flatMap((id) => (id === null ? [] : [id])));
  }

  /**
   * @param {string | null} id
   * @returns {Followed | null}
   */
  get(id) {
    return id === null ? null : this.#follower.get(id);
  }

  /**
   * What an expert would say of a run. It is asked for as soon as the records are here, and now and then while it is live.
   *
   * @param {string} id
   * @returns {Report | null}  null while nothing has been said
   */
  report(id) {
    const run = this.get(id);
    const record = run?.history ?? null;
    if (run === null || record === null || record.count === 0) return null;
    const known = this.#reports.get(id) ?? { step: -1, at: -Infinity, report: null };
    const isDue = run.status === "settled" || this.#now() - known.at >= PAUSE_MS;
    if (known.step !== record.last && isDue) void this.#look(id, record.last, known.report);
    return known.report;
  }

  /**
   * @param {string} id
   * @param {number} step
   * @param {Report | null} before
   */
  async #look(id, step, before) {
    this.#reports.set(id, { step, at: this.#now(), report: before });
    try {
      const report = await this.#api.report(id);
      this.#reports.set(id, { step, at: this.#now(), report });
      this.#onChange();
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof OfflineError)) throw error; // nothing is said then
    }
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
