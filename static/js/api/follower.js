/**
 * Follows runs that are kept, so that what is on the page is what the server has.
 *
 * A browser opens only a few connections to a server, and every tab wants some: so there is one stream at a time, and
 * runs that are being trained take turns. A stream can begin at any step; what breaks off goes on from the last record
 * that is here, whether it was a turn, the network or the server that ended. Runs that are not being trained are looked
 * at now and then, since other tabs can resume and extend them.
 */

import { BROWSER_TIMERS } from "../timers.js";
import { isOurs } from "../state/kept-runs.js";
import { ApiError, BrokenStreamError, OfflineError } from "./request.js";

/**
 * @typedef {import("../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("./kept-runs.js").KeptApi} KeptApi
 * @typedef {import("../history.js").History} History
 *
 * @typedef {object} Records  of a run, as they grow
 * @property {number} length  one more than the last step
 * @property {number} last
 * @property {import("../history.js").Ended | null} ended
 * @property {boolean} [isClosed]  whether no more of its records can be taken
 * @property {(block: import("../wire.d.ts").BlockOfSteps) => void} append
 * @property {(event: import("../wire.d.ts").RunEnded) => void} end
 */

/**
 * @template {Records} [T=History]
 * @typedef {object} Followed
 * @property {string} id
 * @property {KeptRun | null} document  the run as it was last seen
 * @property {T | null} history  null until its first records are here
 * @property {"waiting" | "live" | "settled" | "lost" | "gone"} status  lost: the server does not answer for now
 * @property {import("./request.js").Said | null} reason  what the server says why it is lost
 * @property {number} due  when to ask for it again, in milliseconds
 * @property {number} failures  in a row
 */

/**
 * @template {Records} [T=History]
 * @typedef {object} FollowerOptions
 * @property {Pick<KeptApi, "get" | "follow">} api
 * @property {(run: Followed<T>) => void} onChange
 * @property {(document: KeptRun) => boolean} canShow  whether there is a place for a run
 * @property {(event: import("../wire.d.ts").RunStarted, from: number) => T} make  what takes its records
 * @property {import("../timers.js").Timers} [timers]
 */

/** How long a run is followed while others wait. */
const TURN_MS = 1000;
/** How often a run is looked at that is not being trained. */
const LOOK_MS = 4000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;

/** What may go wrong while the server is away, or comes back. */
const EXPECTED = [ApiError, BrokenStreamError, OfflineError];

/** @template {Records} [T=History] */
export class Follower {
  #api;
  #onChange;
  #canShow;
  #make;
  #timers;
  /** @type {Followed<T>[]} the one whose turn is next comes first */
  #runs = [];
  #isResting = false;
  /** @type {AbortController | null} of the request that is under way */
  #abort = null;
  /** @type {unknown} */
  #alarm = null;

  /** @param {FollowerOptions<T>} options */
  constructor({ api, onChange, canShow, make, timers = BROWSER_TIMERS }) {
    this.#api = api;
    this.#onChange = onChange;
    this.#canShow = canShow;
    this.#make = make;
    this.#timers = timers;
  }

  /**
   * @param {string} id
   * @returns {Followed<T> | null}
   */
  get(id) {
    return this.#runs.find((run) => run.id === id) ?? null;
  }

  /**
   * Follow these runs and no others.
   *
   * @param {string[]} ids
   */
  watch(ids) {
    const kept = this.#runs.filter(({ id }) => ids.includes(id));
    const fresh = ids.filter((id) => this.get(id) === null);
    if (fresh.length === 0 && kept.length === this.#runs.length) return;
    this.#runs = [...kept, ...fresh.map(unseen)];
    this.#abort?.abort();
    this.#go();
  }

  /**
   * A command has answered with the run as it is now.
   *
   * @param {KeptRun} document
   */
  learn(document) {
    const run = this.get(document.id);
    if (run === null) return;
    this.#see(run, document);
    this.#onChange(run);
    this.#go();
  }

  /**
   * Nobody looks at the page: it leaves the connections to others.
   *
   * @param {boolean} isResting
   */
  rest(isResting) {
    this.#isResting = isResting;
    if (isResting) this.#abort?.abort();
    else this.#go();
  }

  #go() {
    if (this.#abort !== null || this.#isResting) return;
    this.#timers.cancel(this.#alarm);
    const now = this.#timers.now();
    const next = this.#runs.find((run) => run.status !== "gone" && run.due <= now);
    if (next !== undefined) void this.#take(next);
    else this.#sleep(now);
  }

  /** @param {number} now */
  #sleep(now) {
    const due = this.#runs.filter(({ status }) => status !== "gone").map((run) => run.due);
    if (due.length === 0) return;
    this.#alarm = this.#timers.after(() => this.#go(), Math.max(0, Math.min(...due) - now));
  }

  /** @param {Followed<T>} run  whose turn it is */
  async #take(run) {
    const abort = new AbortController();
    this.#abort = abort;
    this.#runs = [...this.#runs.filter((other) => other !== run), run];
    try {
      await this.#read(run, abort);
      run.failures = 0;
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(run, error);
    }
    this.#abort = null;
    this.#onChange(run);
    this.#go();
  }

  /**
   * @param {Followed<T>} run
   * @param {AbortController} abort
   */
  async #read(run, abort) {
    const document = await this.#api.get(run.id, abort.signal);
    if (!this.#canShow(document)) return this.#refuse(run, document);
    if (this.#see(run, document) === "settled") return;
    this.#onChange(run);
    const turn = this.#timers.after(() => this.#endTurn(run, abort), TURN_MS);
    try {
      await this.#follow(run, abort.signal);
    } finally {
      this.#timers.cancel(turn);
    }
    const status = this.#see(run, await this.#api.get(run.id, abort.signal));
    if (status === "live") run.due += FIRST_RETRY_MS; // the server is about to stop
  }

  /**
   * There is no place for a run here: one that was recorded by layer cannot be shown beside ours.
   *
   * @param {Followed<T>} run
   * @param {KeptRun} document
   */
  #refuse(run, { detail, code, params }) {
    run.status = "lost";
    run.reason = { detail, code, params };
    run.due = this.#timers.now() + LONGEST_RETRY_MS;
  }

  /**
   * The turn of a run is over, if another one waits for its own; else it is looked at where it waits for a worker.
   *
   * @param {Followed<T>} run
   * @param {AbortController} abort  of its stream
   */
  #endTurn(run, abort) {
    const others = this.#runs
      .slice(0, -1)
      .some(({ status, due }) => isOpen(status) && due <= this.#timers.now());
    if (others) return abort.abort();
    if (run.document !== null && run.document.step <= run.document.first) void this.#look(run, abort.signal);
    this.#timers.after(() => this.#abort === abort && this.#endTurn(run, abort), TURN_MS);
  }

  /**
   * See where a run has come to in the queue, of which its stream says nothing.
   *
   * @param {Followed<T>} run
   * @param {AbortSignal} signal
   */
  async #look(run, signal) {
    try {
      const document = await this.#api.get(run.id, signal);
      if (document.step >= (run.history?.last ?? -1)) run.document = document;
      this.#onChange(run);
    } catch (error) {
      if (!signal.aborted && !EXPECTED.some((kind) => error instanceof kind)) throw error; // its stream tells
    }
  }

  /**
   * @param {Followed<T>} run
   * @param {AbortSignal} signal
   */
  async #follow(run, signal) {
    const from = run.history?.length ?? run.document?.first ?? 0;
    for await (const events of this.#api.follow(run.id, from, signal)) {
      for (const event of events) this.#receive(run, event, from);
      run.failures = 0;
      this.#onChange(run);
    }
    signal.throwIfAborted();
  }

  /**
   * @param {Followed<T>} run
   * @param {import("./kept-runs.js").KeptEvent} event
   * @param {number} from  the step that was asked for
   */
  #receive(run, event, from) {
    if (event.event === "run_started") run.history ??= this.#make(event, from);
    else if (event.event === "block") grow(run, event);
    else if (event.event === "run_ended" && isEnd(run, event)) run.history?.end(event);
  }

  /**
   * @param {Followed<T>} run
   * @param {KeptRun} document
   * @returns {"settled" | "live"}
   */
  #see(run, document) {
    run.document = document;
    const status = isWhole(run.history, document) ? "settled" : "live";
    run.status = status;
    run.due = this.#timers.now() + (status === "settled" ? LOOK_MS : 0);
    return status;
  }

  /**
   * @param {Followed<T>} run
   * @param {unknown} error
   */
  #fail(run, error) {
    if (error instanceof ApiError && error.status === 404) {
      run.status = "gone";
      return;
    }
    if (!EXPECTED.some((kind) => error instanceof kind)) throw error;
    run.status = "lost";
    run.reason = error instanceof ApiError ? error.said : null;
    run.failures += 1;
    const asked = error instanceof ApiError && error.retryAfter !== null ? 1000 * error.retryAfter : 0;
    const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (run.failures - 1));
    run.due = this.#timers.now() + Math.max(asked, pause);
  }
}

/**
 * @param {string} id
 * @returns {Followed<never>}
 */
function unseen(id) {
  return { id, document: null, history: null, status: "waiting", reason: null, due: 0, failures: 0 };
}

/**
 * Whether all that there is of a run is here, and no more is to come for now.
 *
 * @param {Records | null} history
 * @param {KeptRun} document
 */
function isWhole(history, { state, step, ended }) {
  if (history?.isClosed) return true;
  if (history === null || history.last < step || state === "running") return false;
  return history.ended?.reason === (state === "ended" ? ended?.reason : state);
}

/** @param {Followed["status"]} status */
function isOpen(status) {
  return status === "waiting" || status === "live";
}

/**
 * Whether nothing more is to come: a run of ours that was stopped goes on, one of another loop has no other end.
 *
 * @param {Followed<Records>} run
 * @param {import("../wire.d.ts").RunEnded} event
 */
function isEnd({ document }, { reason }) {
  return reason !== "stopped" || (document !== null && !isOurs(document));
}

/**
 * @param {Followed<Records>} run
 * @param {import("../wire.d.ts").BlockOfSteps} block
 */
function grow(run, block) {
  const { document, history } = run;
  history?.append(block);
  if (document !== null && history !== null && history.last > document.step)
    run.document = { ...document, step: history.last, queue: null };
}
