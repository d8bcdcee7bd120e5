/**
 * The sweeps behind the maps: asked for as the page changes, and broken off for newer ones.
 */

import { Cells } from "../state/sweep/cells.js";
import { countOf } from "../state/sweep/request.js";
import { earlierOf, reused } from "../state/sweep/reuse.js";
import { BROWSER_TIMERS } from "../timers.js";

/**
 * @typedef {import("../api/sweeps.js").SweepApi} SweepApi
 * @typedef {import("../state/sweep/request.js").Ask} Ask
 * @typedef {import("../state/sweep/cells.js").Swept} Swept
 * @typedef {import("../state/sweep/cells.js").Picture} Picture
 *
 * @typedef {object} UnderWay
 * @property {Picture} picture
 * @property {Swept[]} asked
 * @property {AbortController} abort
 * @property {number} since
 * @property {boolean} hasCells  whether any of them have come
 *
 * @typedef {object} Parts
 * @property {SweepApi} api
 * @property {() => void} onChange  there is something new to show
 * @property {import("../timers.js").Timers} [timers]
 */

/**
 * How long a newer wish waits at least for the first cells of the one under way: dragged, each would break off the one
 * before. Where these take longer, because the machine has other work, it waits as long as they take.
 */
const PATIENCE_MS = 400;
/** And no longer than that. */
const LONGEST_MS = 4000;

export class Tuning {
  #api;
  #onChange;
  #timers;
  /** @type {Ask[]} */
  #wanted = [];
  #key = "";
  /** @type {UnderWay | null} */
  #underWay = null;
  #patience = PATIENCE_MS;
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
    const shown = this.#shown;
    return shown !== null && (shown.key !== this.#key || (shown.earlier?.length ?? 0) > 0);
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
    const { abort, since, hasCells } = underWay;
    this.#timers.cancel(this.#dropTimer);
    if (hasCells || this.#isThere) return abort.abort();
    const wait = Math.max(0, since + this.#patience - this.#timers.now());
    this.#dropTimer = this.#timers.after(() => this.#giveUp(abort), wait);
  }

  /** What has shown nothing for so long gives way, and the next one has more time for it. @param {AbortController} abort */
  #giveUp(abort) {
    this.#patience = Math.min(LONGEST_MS, 2 * this.#patience);
    abort.abort();
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
      picture: {
        key: this.#key,
        sweeps: [...there, ...asked],
        slots,
        earlier: earlierOf(asked, this.#shown),
      },
      asked,
      abort: new AbortController(),
      since: this.#timers.now(),
      hasCells: false,
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
   * @param {UnderWay} underWay
   */
  async #sweep(underWay) {
    const rest = underWay.asked.values();
    const inTurn = async () => {
      for (const swept of rest) await this.#fill(underWay, swept);
    };
    await Promise.all([inTurn(), inTurn()]);
  }

  /**
   * @param {UnderWay} underWay
   * @param {Swept} swept  of it
   */
  async #fill(underWay, swept) {
    for await (const events of this.#api.sweep(swept.ask.body, underWay.abort.signal)) {
      for (const event of events) {
        if (event.event === "sweep_started") swept.cells = new Cells(event);
        else if (event.event === "cells") swept.cells?.add(event);
        else swept.summary = event.summary;
      }
      if (swept.cells !== null && swept.cells.count > 0) this.#show(underWay, swept);
    }
  }

  /**
   * @param {UnderWay} underWay
   * @param {Swept} swept  of it, that has cells
   */
  #show(underWay, { ask, cells }) {
    const { picture, since } = underWay;
    const isThere = (/** @type {number} */ slot) =>
      ask.slots.includes(slot) && cells?.countOf(ask.slots.indexOf(slot)) !== 0;
    picture.earlier = picture.earlier?.filter(({ slot }) => !isThere(slot));
    this.#shown = picture;
    if (!underWay.hasCells) this.#patience = patienceOf(this.#timers.now() - since);
    underWay.hasCells = true;
    if (picture.key !== this.#key) this.#turn();
    this.#onChange();
  }
}

/** How long one waits for first cells that have just taken so long. @param {number} taken  milliseconds */
function patienceOf(taken) {
  return Math.min(LONGEST_MS, Math.max(PATIENCE_MS, 2 * taken));
}

/** @param {Ask} ask */
function membersOf({ body }) {
  const others = [body.optimizers?.length ?? 1, body.seeds?.length ?? 1];
  return [...body.axes.map(countOf), ...others].reduce((product, count) => product * count, 1);
}
