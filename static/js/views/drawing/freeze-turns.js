/** Where layers of a run freeze, move though they are frozen, and thaw: found once, for a history only grows. */

import { layerKind } from "./frozen.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {"freeze" | "drift" | "unfreeze"} TurnKind
 * @typedef {{kind: TurnKind, step: number, layer: string}} Turn  step: the first one of what is new
 */

/** The marks of a turn, standing on a line: a square, a wave, and a hollow square. */
export const TURN_MARKS = {
  freeze: "M-3 -7H3V-1H-3Z",
  drift: "M-4 -2C-2 -7 -1 -7 0 -4S2 -1 4 -6",
  unfreeze: "M-2.5 -6.5H2.5V-1.5H-2.5ZM-3.5 -7.5V-.5H3.5V-7.5Z",
};

/** @typedef {{next: number, turns: Turn[], last: Map<string, TurnKind>}} Scan  last: by layer */

/** @type {WeakMap<History, Scan>} */
const scans = new WeakMap();

/**
 * @param {History} history
 * @returns {readonly Turn[]}  in the order of the steps
 */
export function turnsOf(history) {
  /** @type {Scan} */
  const scan = scans.get(history) ?? { next: history.first + 1, turns: [], last: new Map() };
  scans.set(history, scan);
  for (; scan.next < history.length; scan.next += 1) {
    for (const layer of history.layers) {
      const kind = turnTo(layerKind(history, layer, scan.next));
      if (kind === (scan.last.get(layer.name) ?? "unfreeze")) continue;
      scan.last.set(layer.name, kind);
      scan.turns.push({ kind, step: scan.next, layer: layer.name });
    }
  }
  return scan.turns;
}

/**
 * @param {import("./frozen.js").Kind} kind
 * @returns {TurnKind}
 */
function turnTo(kind) {
  if (kind === "drifts") return "drift";
  return kind === "trains" || kind === "thaws" ? "unfreeze" : "freeze";
}
