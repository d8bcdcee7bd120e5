/** What happened to a run besides its numbers: the marks of the timeline. */

import { turnsOf } from "../drawing/freeze-turns.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {"fork" | "lrDrop" | "added" | import("../drawing/freeze-turns.js").TurnKind | "diverged" | "failed"} EventKind
 * @typedef {{kind: EventKind, step: number, run: Run, layer: string | null}} RunEvent
 */

/** The learning rate must fall below this part of what it was to be called a drop… */
const DROP = 0.75;

/** …and by at least this part of the highest that there was, or the end of every slow decay would be full of drops. */
const NOTABLE = 0.02;

/** More drops than this are a schedule that falls all the time. */
const MOST_DROPS = 24;

/** What has been found in a history so far; it only ever grows. */
class Scan {
  /** @type {number[]} */
  drops = [];
  highest = 0;

  /** @param {number} next  the step to look at next */
  constructor(next) {
    this.next = next;
  }

  /** @param {History} history */
  continue(history) {
    for (; this.next < history.length; this.next += 1) {
      const k = this.next;
      this.#watchLr(history.lr(k - 1), history.lr(k), k);
    }
  }

  /**
   * @param {number} before
   * @param {number} now
   * @param {number} step
   */
  #watchLr(before, now, step) {
    this.highest = Math.max(this.highest, before);
    if (now < DROP * before && before - now > NOTABLE * this.highest) this.drops.push(step);
  }
}

/** @type {WeakMap<History, Scan>} */
const scans = new WeakMap();

/**
 * The param groups that were added by now, with what they hold.
 *
 * @param {History} history
 * @returns {Omit<RunEvent, "run">[]}
 */
function addedIn({ config, first, last }) {
  const { param_groups: groups, rest } = config?.optimizer ?? {};
  return [...(groups ?? []), ...(rest?.param_groups ?? [])].flatMap(({ params, from_step: from = 0 }) =>
    from > first && from < last
      ? [{ kind: /** @type {const} */ ("added"), step: from + 1, layer: params.join(" ") }]
      : [],
  );
}

/**
 * What happened in one run, in the order of the steps.
 *
 * @param {Run} run
 * @returns {RunEvent[]}
 */
export function eventsOf(run) {
  const { history } = run;
  if (history === null) return [];
  const scan = scans.get(history) ?? new Scan(history.first + 1);
  scans.set(history, scan);
  scan.continue(history);
  const drops = scan.drops.length <= MOST_DROPS ? scan.drops : [];
  /** @type {Omit<RunEvent, "run">[]} */
  const events = [
    ...(history.first > 0 && !history.isWatched
      ? [{ kind: /** @type {const} */ ("fork"), step: history.first, layer: null }]
      : []),
    ...drops.map((step) => ({ kind: /** @type {const} */ ("lrDrop"), step, layer: null })),
    ...turnsOf(history),
    ...addedIn(history),
  ];
  const { ended } = history;
  if (ended?.reason === "diverged" || ended?.reason === "failed")
    events.push({ kind: ended.reason, step: ended.step, layer: null });
  return events.map((event) => ({ ...event, run })).sort((a, b) => a.step - b.step);
}
