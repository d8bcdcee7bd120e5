/** What happened to a run besides its numbers: the marks of the timeline. */

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("./types.js").Run} Run
 *
 * @typedef {"lr_drop" | "freeze" | "unfreeze" | "diverged"} EventKind
 * @typedef {{kind: EventKind, step: number, run: Run, layer: string | null}} RunEvent
 */

/** The learning rate must fall below this part of what it was to be called a drop. */
const DROP = 0.75;

/** More drops than this are a schedule that falls all the time. */
const MOST_DROPS = 24;

/** What has been found in a history so far; it only ever grows. */
class Scan {
  next = 1;
  /** @type {number[]} */
  drops = [];
  /** @type {{kind: "freeze" | "unfreeze", step: number, layer: string}[]} */
  freezes = [];
  /** @type {Set<string>} */
  frozen = new Set();

  /** @param {History} history */
  continue(history) {
    for (; this.next < history.length; this.next += 1) {
      const k = this.next;
      if (k > 1 && history.lr(k) < DROP * history.lr(k - 1)) this.drops.push(k);
      for (const layer of history.layers) this.#watch(history, layer, k);
    }
  }

  /**
   * @param {History} history
   * @param {import("../history.js").Layer} layer
   * @param {number} step
   */
  #watch(history, layer, step) {
    const frozen = isFrozen(history, layer, step);
    if (frozen === this.frozen.has(layer.name)) return;
    if (frozen) this.frozen.add(layer.name);
    else this.frozen.delete(layer.name);
    this.freezes.push({ kind: frozen ? "freeze" : "unfreeze", step, layer: layer.name });
  }
}

/** @type {WeakMap<History, Scan>} */
const scans = new WeakMap();

/**
 * What happened in one run, in the order of the steps.
 *
 * @param {Run} run
 * @returns {RunEvent[]}
 */
export function eventsOf(run) {
  const { history } = run;
  if (history === null) return [];
  const scan = scans.get(history) ?? new Scan();
  scans.set(history, scan);
  scan.continue(history);
  const drops = scan.drops.length <= MOST_DROPS ? scan.drops : [];
  /** @type {Omit<RunEvent, "run">[]} */
  const events = [
    ...drops.map((step) => ({ kind: /** @type {const} */ ("lr_drop"), step, layer: null })),
    ...scan.freezes,
  ];
  if (history.ended?.reason === "diverged")
    events.push({ kind: "diverged", step: history.ended.step, layer: null });
  return events.map((event) => ({ ...event, run })).sort((a, b) => a.step - b.step);
}

/**
 * Whether no parameter of a layer had a gradient in a step. Record 0 is before any step: it shows what step 1 does.
 *
 * @param {History} history
 * @param {import("../history.js").Layer} layer
 * @param {number} record
 */
export function isFrozen(history, layer, record) {
  const k = Math.max(1, record);
  return k < history.length && layer.parameters.every((name) => history.grad(name, k) === null);
}
