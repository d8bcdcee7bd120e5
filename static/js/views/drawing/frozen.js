/**
 * What freezing did to a parameter in a step, as the records show it: whether it had a gradient, and whether it moved.
 * The rules of the configuration say only what was meant.
 */

import { layerOf, windowsOf } from "../../state/freezing.js";
import { groupOf, optimizerOf } from "./parameters.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../history.js").Layer} Layer
 *
 * @typedef {"trains" | "none" | "frozen" | "drifts" | "thaws"} Kind  none: it has no gradient, though nothing freezes it;
 *   drifts: it is frozen and moves all the same; thaws: it was frozen a moment ago
 * @typedef {"memory" | "decay" | "both" | "stale" | "unasked"} Drift  what moves it: what the optimizer remembers, weight
 *   decay, both of them, a gradient of a step before, or a step along all parameters that does not ask for gradients
 */

/** For how many steps after it a thaw is told. */
const FRESH = 12;

/** @typedef {import("../../state/freezing.js").FreezeWindow} FreezeWindow */

/** @type {WeakMap<History, Map<string, FreezeWindow[]>>} */
const windows = new WeakMap();

/**
 * The windows in which `requires_grad` of a parameter is off.
 *
 * @param {History} history
 * @param {string} name
 */
function windowsFor(history, name) {
  /** @type {Map<string, FreezeWindow[]>} */
  const known = windows.get(history) ?? new Map();
  windows.set(history, known);
  const own =
    known.get(name) ??
    windowsOf(history.config.freeze ?? []).filter(
      ({ name: frozen, rest }) =>
        (frozen === name || frozen === layerOf(name)) && (rest?.by ?? "requires_grad") === "requires_grad",
    );
  known.set(name, own);
  return own;
}

/**
 * The step after which the window began in which step k finds a parameter frozen.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {number | null}  null: it is not meant to be frozen
 */
export function frozenSince(history, name, k) {
  const own = windowsFor(history, name).filter(({ from, to }) => from < k && k <= (to ?? Infinity));
  return own.length === 0 ? null : Math.min(...own.map(({ from }) => from));
}

/**
 * What step k did to a parameter.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {Kind}
 */
export function kindOf(history, name, k) {
  if (k <= history.first || k >= history.length) return "trains";
  const isHeld = frozenSince(history, name, k) !== null;
  const grad = history.grad(name, k);
  if (!isHeld && grad !== null) return thawOf(history, name, k) === null ? "trains" : "thaws";
  if (hasMoved(history, name, k)) return isHeld || grad === null ? "drifts" : "trains";
  return isHeld ? "frozen" : "none";
}

/**
 * What the records say of a layer. The first record is before any step: it shows what the next one does.
 *
 * @param {History} history
 * @param {Layer} layer
 * @param {number} record
 * @returns {Kind}
 */
export function layerKind(history, layer, record) {
  const k = stepOf(history, record);
  const kinds = layer.parameters.map((name) => kindOf(history, name, k));
  if (kinds.includes("drifts")) return "drifts";
  for (const kind of /** @type {const} */ (["frozen", "none"]))
    if (kinds.every((one) => one === kind)) return kind;
  return kinds.includes("thaws") ? "thaws" : "trains";
}

/**
 * The step that a record is shown by.
 *
 * @param {History} history
 * @param {number} record
 */
export function stepOf(history, record) {
  return Math.max(history.first + 1, record);
}

/**
 * Whether no parameter of a layer is trained in a step.
 *
 * @param {History} history
 * @param {Layer} layer
 * @param {number} record
 */
export function isHeld(history, layer, record) {
  return isHeldKind(layerKind(history, layer, record));
}

/** @param {Kind} kind */
export function isHeldKind(kind) {
  return kind === "frozen" || kind === "drifts" || kind === "none";
}

/**
 * @param {History} history
 * @param {string} name
 * @param {number} k
 */
function hasMoved(history, name, k) {
  const [before, after] = [history.param(name, k - 1), history.param(name, k)];
  return after.some((value, i) => value !== before[i]);
}

/**
 * Why a parameter that is frozen moved in step k.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {Drift}
 */
export function driftOf(history, name, k) {
  const grad = history.grad(name, k);
  if (grad === null) return "unasked";
  if (grad.some((value) => value !== 0)) return "stale";
  const { hyperparameters } = optimizerOf(history, name);
  const decays = Number(hyperparameters?.weight_decay ?? 0) > 0;
  if (memoryOf(history, name, k - 1).length === 0) return "decay";
  return decays ? "both" : "memory";
}

/**
 * The averages that an optimizer keeps of a parameter's gradients: those that are not zero everywhere.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {string[]}  torch's keys
 */
function memoryOf(history, name, k) {
  const size = history.param(name, Math.max(history.first, k)).length;
  return history.stateKeys(name).filter((key) => {
    const values = history.state(name, key, k);
    return values !== null && values.length === size && key !== "step" && values.some((value) => value !== 0);
  });
}

/**
 * @typedef {object} Thaw
 * @property {number} step  the first one after it
 * @property {number | null} since  the step before the freeze, whose averages were kept; null: there were none
 * @property {string[]} kept  torch's keys of what was kept
 */

/**
 * The thaw of a parameter, until a few steps after it.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {Thaw | null}
 */
export function thawOf(history, name, k) {
  if (windowsFor(history, name).length === 0) return null;
  for (let step = k; step > Math.max(history.first + 1, k - FRESH); step -= 1) {
    const since = frozenSince(history, name, step - 1);
    if (since === null) continue;
    const kept = step > history.first + 1 ? memoryOf(history, name, step - 1) : [];
    return { step, since: since > 0 && kept.length > 0 ? since : null, kept };
  }
  return null;
}

/**
 * How many times as far as −lr · .grad a step moved some parameters.
 *
 * @param {History} history
 * @param {string[]} names
 * @param {number} k
 */
export function timesPlain(history, names, k) {
  let [moved, plain] = [0, 0];
  for (const name of names) {
    const [before, after, grad] = [history.param(name, k - 1), history.param(name, k), history.grad(name, k)];
    const lr = history.lr(k, groupOf(history, name));
    for (let i = 0; i < after.length; i += 1) {
      moved += (after[i] - before[i]) ** 2;
      plain += (lr * (grad?.[i] ?? 0)) ** 2;
    }
  }
  return Math.sqrt(moved / plain);
}

/** Steps at the beginning of a window that show whether what it freezes moves. */
const TRIED = 3;

/**
 * Whether what a window freezes moves all the same.
 *
 * @param {History} history
 * @param {{name: string, from: number, to: number | null}} window
 */
export function driftsWithin(history, { name, from, to }) {
  const names = history.names.filter((one) => one === name || layerOf(one) === name);
  const first = Math.max(from, history.first) + 1;
  const last = Math.min(first + TRIED, (to ?? Infinity) + 1, history.length);
  for (let k = first; k < last; k += 1)
    if (names.some((one) => kindOf(history, one, k) === "drifts")) return true;
  return false;
}
