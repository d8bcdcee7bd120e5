/** What is said of the windows in which a run freezes something, wherever they are shown. */

import { TUTORIAL_LOOP } from "./loop.js";

/**
 * @typedef {import("./freezing.js").FreezeWindow} FreezeWindow
 * @typedef {import("../languages/translator.js").Translator["t"]} Translate
 */

/**
 * A window in a sentence, with the steps that are frozen.
 *
 * @param {FreezeWindow} window
 * @param {number} steps  of the run
 * @param {Translate} t
 */
export function tellWindow({ name, from, to, clears, rest }, steps, t) {
  const by = rest?.by ?? "requires_grad";
  if (by !== "requires_grad")
    return t("views.freeze.taken", { name, by, first: from + 1, last: Math.min(to ?? steps, steps) });
  const isWhole = from === 0 && (to ?? steps) >= steps;
  const said = t(`views.freeze.${isWhole ? "whole" : "window"}`, {
    name,
    first: from + 1,
    last: Math.min(to ?? steps, steps),
  });
  return clears ? said : `${said} ${t("views.freeze.keeps")}`;
}

/**
 * The same in a few signs, for a badge.
 *
 * @param {FreezeWindow} window
 * @param {number} steps  of the run
 */
export function shortWindow({ name, from, to }, steps) {
  const isWhole = from === 0 && (to ?? steps) >= steps;
  return isWhole ? name : `${name} ${from}–${Math.min(to ?? steps, steps)}`;
}

/**
 * Why a run that freezes something is not seen without that: only whole runs are trained for it.
 *
 * @param {unknown[]} freeze  its rules
 * @param {number} begins  the step at which it begins, if it is a fork that cannot be seen so; else 0
 * @param {Translate} t
 * @returns {string}  empty where there is nothing to be missed
 */
export function tellNoGhost(freeze, begins, t) {
  return freeze.length > 0 && begins > 0 ? t("views.freeze.noGhost", { step: begins }) : "";
}

/**
 * Gradual unfreezing in a sentence.
 *
 * @param {{layer: string, from: number}[]} order  head first
 * @param {Translate} t
 */
export function tellThawOrder(order, t) {
  const layers = order.map(({ layer, from }) =>
    t(`views.freeze.${from === 1 ? "orderStart" : "orderFrom"}`, { layer, step: from }),
  );
  return t("views.freeze.order", { layers });
}

/**
 * What the lock of a layer says and does.
 *
 * @param {string} layer
 * @param {FreezeWindow[]} windows  its own
 * @param {import("./freezing.js").Lock} lock
 * @param {number} steps  of the run
 * @param {Translate} t
 * @returns {{pressed: "true" | "false" | "mixed", label: string, title: string}}
 */
export function tellLock(layer, windows, lock, steps, t) {
  const label = t("views.freeze.lock", { layer });
  if (lock === "open") return { pressed: "false", label, title: label };
  const said = windows.map((window) => tellWindow(window, steps, t));
  return {
    pressed: lock === "whole" ? "true" : "mixed",
    label,
    title: [...said, t("views.freeze.unlock", { layer })].join(" "),
  };
}

/**
 * What comes of keeping `.grad` while a layer is frozen, in the loop of a run.
 *
 * @param {Partial<import("./loop.js").Loop> | undefined} loop
 * @param {Translate} t
 */
export function hintOfClearing(loop, t) {
  const { zero_grad: clears, set_to_none: toNone } = { ...TUTORIAL_LOOP, ...loop };
  const kept = !clears ? "keptStale" : toNone ? "keptCleared" : "keptMoves";
  return `${t("views.freeze.clearHint")} ${t(`views.freeze.${kept}`)}`;
}
