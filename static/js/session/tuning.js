/**
 * The sweeps behind the maps: asked for as the page changes, and broken off for newer ones.
 */

import { Cells } from "../state/sweep/cells.js";
import { countOf } from "../state/sweep/request.js";
import { reused } from "../state/sweep/reuse.js";
import { BROWSER_TIMERS } from "../timers.js";

/**
 * @typedef {import("../api/sweeps.js").SweepApi} SweepApi
 * @typedef {import("../state/sweep/request.js").Ask} Ask
 * @typedef {import("../wire.d.ts").SummedUp} SummedUp
 * @typedef {import("../state/sweep/cells.js").Swept} Swept
 * @typedef {import("../state/sweep/cells.js").Picture} Picture
 *
 * @typedef {object} Parts
 * @property {SweepApi} api
 * @property {() => void} onChange  there is something new to show
 * @property {import("../timers.js").Timers} [timers]
 */

/** How long a newer wish waits for the first cells of the one under way: dragged, each would break off the one before. */
const PATIENCE_MS = 400;

export class Tuning {
  #api;
  #onChange;
  #timers;
  /** @type {Ask[]} */
  #wanted = [];
  #key = "";
  /** @type {{picture: Picture, asked: Swept[], abort: AbortController, since: number} | null} */
  #underWay = null;
  /** @type {Picture | null} */
  #shown = null;
  /** @type {unknown} */
  #trouble = null;
  #isCancelled = false;
  /** @type {unknown} */
  #dropTimer = null;

  /** @param {Parts} parts */
  constructor({ api, onChange, timers = BROWSER_TIMERS }) {
    this.#api = api;
    this.#onChange = onChange;
    this.#timers = timers;
  }

  /** What is to be seen: of an earlier wish until there are first cells of the newest. */
  get picture() {
    return this.#shown;
  }

  get isStale() {
    return this.#shown !== null && this.#shown.key !== this.#key;
  }

  /** Why the newest wish came to nothing; null if it did not. */
  get trouble() {
    return this.#trouble;
  }

  get isCancelled() {
    return this.#isCancelled;
  }

  /**
   * How much of what is under way is there, and in how many seconds it may be whole, if that is known; null where nothing
   * is under way.
   */
  get progress() {
    if (this.#underWay === null) return null;
    const { asked, since } = this.#underWay;
    const of = asked.reduce((sum, { ask }) => sum + membersOf(ask), 0);
    const done = asked.reduce((sum, { cells }) => sum + (cells?.count ?? 0), 0);
    const passed = (this.#timers.now() - since) / 1000;
    const ways = asked.flatMap(({ cells }) => cells?.started.ways ?? []);
    const thought = ways.reduce((sum, { seconds }) => sum + seconds, 0);
    const left = done > 0 && passed > 1 ? (passed * (of - done)) / done : Math.max(0, thought - passed);
    return { done, of, left: ways.length === 0 ? null : left };
  }

  /**
   * Ask for these sweeps in the place of those before.
   *
   * @param {Ask[]} asks
   */
  want(asks) {
    const key = JSON.stringify(asks);
    if (key === this.#key) return;
    this.#key = key;
    this.#wanted = asks;
    this.#isCancelled = false;
    this.#trouble = null;
    this.#turn();
  }

  /** Ask again for what came to nothing. */
  retry() {
    this.#isCancelled = false;
    this.#trouble = null;
    if (this.#underWay === null) void this.#begin();
  }

  /** Ask for no more, and keep what is there. */
  cancel() {
    this.#isCancelled = true;
    this.#underWay?.abort.abort();
  }

  /** Nobody looks any longer. */
  leave() {
    this.#key = "";
    this.#wanted = [];
    this.#underWay?.abort.abort();
  }

  /** Whatever is under way gives way: at once, if it has shown something. */
  #turn() {
    const underWay = this.#underWay;
    if (underWay === null) {
      if (!this.#isThere) void this.#begin();
      return;
    }
    const wait = this.#shown === underWay.picture ? 0 : underWay.since + PATIENCE_MS - this.#timers.now();
    this.#timers.cancel(this.#dropTimer);
    if (wait <= 0 || this.#isThere) underWay.abort.abort();
    else this.#dropTimer = this.#timers.after(() => underWay.abort.abort(), wait);
  }

  /** Whether all of what is wanted is shown. */
  get #isThere() {
    const shown = this.#shown;
    return shown?.key === this.#key && shown.sweeps.every(({ cells }) => cells?.isWhole);
  }

  async #begin() {
    const asks = this.#wanted;
    if (asks.length === 0) return;
    const { there, asked } = reused(asks, this.#shown);
    const slots = asks.flatMap((ask) => ask.slots);
    const underWay = {
      picture: { key: this.#key, sweeps: [...there, ...asked], slots },
      asked,
      abort: new AbortController(),
      since: this.#timers.now(),
    };
    this.#underWay = underWay;
    if (there.length > 0) this.#shown = underWay.picture;
    this.#onChange();
    try {
      await this.#sweep(underWay);
    } catch (error) {
      if (!underWay.abort.signal.aborted) this.#trouble = error;
    }
    this.#timers.cancel(this.#dropTimer);
    this.#underWay = null;
    if (underWay.picture.key !== this.#key && !this.#isCancelled && !this.#isThere) void this.#begin();
    this.#onChange();
  }

  /**
   * Two at a time, so that a slow one holds no other up for long.
   *
   * @param {{picture: Picture, asked: Swept[], abort: AbortController}} underWay
   */
  async #sweep({ picture, asked, abort }) {
    const rest = asked.values();
    const inTurn = async () => {
      for (const swept of rest) {
        const ended = (/** @type {SummedUp[] | null} */ summary) => (swept.summary = summary);
        await this.#fill(picture, swept.ask, abort.signal, {
          began: (cells) => (swept.cells = cells),
          ended,
        });
      }
    };
    await Promise.all([inTurn(), inTurn()]);
  }

  /**
   * @param {Picture} picture
   * @param {Ask} ask
   * @param {AbortSignal} signal
   * @param {{began: (cells: Cells) => void, ended?: (summary: SummedUp[] | null) => void}} to
   */
  async #fill(picture, ask, signal, { began, ended = () => {} }) {
    /** @type {Cells | null} */
    let cells = null;
    for await (const events of this.#api.sweep(ask.body, signal)) {
      for (const event of events) {
        if (event.event === "sweep_started") began((cells = new Cells(event)));
        else if (event.event === "cells") cells?.add(event);
        else ended(event.summary);
      }
      if (cells !== null && cells.count > 0) this.#show(picture);
    }
  }

  /** @param {Picture} picture  that has cells */
  #show(picture) {
    this.#shown = picture;
    if (picture.key !== this.#key) this.#turn();
    this.#onChange();
  }
}

/** @param {Ask} ask */
function membersOf({ body }) {
  const others = [body.optimizers?.length ?? 1, body.seeds?.length ?? 1];
  return [...body.axes.map(countOf), ...others].reduce((product, count) => product * count, 1);
}
