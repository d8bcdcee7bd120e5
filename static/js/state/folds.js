/**
 * What a newcomer does not need is folded, and found again where it was left.
 */

import { keep, recall } from "./kept.js";

/**
 * @typedef {"card" | "charts" | "freeze" | "why" | "key"} Fold  the settings of a run, the charts beneath the loss, the bars under
 *   the timeline, what a surface leaves out, how a network is read
 */

/**
 * Somebody came by a bare address or to a lesson: unless they say otherwise, all is folded. Who came by another link sees
 * what it showed.
 */
export function beginFolded() {
  if (recall("folds") === null) keep("folds", "folded");
}

/** @param {Fold} name */
export function isOpen(name) {
  return (recall(name) ?? recall("folds")) !== "folded";
}

/**
 * @param {Fold} name
 * @param {boolean} open
 */
export function leaveOpen(name, open) {
  keep(name, open ? "open" : "folded");
}

/**
 * Help is the other way round: it is open for a newcomer.
 *
 * @param {Fold} name
 */
export function isHelpOpen(name) {
  const left = recall(name);
  return left === null ? recall("folds") === "folded" : left === "open";
}
