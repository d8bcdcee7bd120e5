/** The loss of a run at a step, and at which point it was measured, on what. */

import { formatNumber } from "./numbers.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Context["t"]} Translate
 *
 * @typedef {object} LossReading
 * @property {string} text
 * @property {string} title  says what it is the loss of
 */

/**
 * The loss here, after the step, where the records tell it; else that of the step, before it, on what it saw.
 *
 * @param {History | null} history
 * @param {number} step
 * @param {Translate} t
 * @param {(value: number) => string} [format]
 * @returns {LossReading}
 */
export function lossReading(history, step, t, format = formatNumber) {
  const k = history?.recordAt(step) ?? null;
  if (history === null || k === null) return { text: "–", title: "" };
  if (history.isWatched) return saidReading(history.lossAt(k), k, t, format);
  const here = history.lossHere(k);
  if (here !== null)
    return { text: format(here), title: t(`views.loss.${k === 0 ? "start" : "here"}`, { step: k }) };
  const text = format(history.lossAt(k));
  if (!history.hasBatches) return { text, title: t("views.loss.before", { step: k }) };
  return { text: t("views.loss.ofBatch", { loss: text }), title: t("views.loss.batch", { step: k }) };
}

/**
 * What a loop that is not ours said.
 *
 * @param {number} loss
 * @param {number} k
 * @param {Translate} t
 * @param {(value: number) => string} format
 * @returns {LossReading}
 */
function saidReading(loss, k, t, format) {
  const isSaid = !Number.isNaN(loss);
  return {
    text: isSaid ? format(loss) : "–",
    title: t(`views.loss.${isSaid ? "said" : "unsaid"}`, { step: k }),
  };
}
