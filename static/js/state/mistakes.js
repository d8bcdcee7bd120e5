/**
 * The mistakes of a training loop: what a run does without them.
 */

import { loopField } from "./loop.js";

/** @typedef {import("./types.js").RunConfig} RunConfig */

/** Fields of the loop that no correct one has. @type {(keyof import("./loop.js").Loop)[]} */
const MISTAKEN = ["zero_grad", "scheduler_first", "scale_loss", "order", "restart", "replaced"];

/**
 * The same run by the loop of the tutorial; what is taken for freezing freezes.
 *
 * @param {RunConfig} config
 * @returns {RunConfig | null}  null where it makes none
 */
export function withoutMistakes(config) {
  const { loop, freeze, ...rest } = config;
  const kept = Object.entries(loop ?? {}).filter(([field]) => !MISTAKEN.includes(/** @type {any} */ (field)));
  const frozen = freeze?.map(({ by: _, ...rule }) => rule);
  const mended = {
    ...rest,
    ...(frozen === undefined ? {} : { freeze: frozen }),
    ...loopField(Object.fromEntries(kept)),
  };
  return JSON.stringify(ordered(mended)) === JSON.stringify(ordered(config)) ? null : mended;
}

/** @param {RunConfig} config */
function ordered(config) {
  const entries = Object.entries({ ...config, loop: loopField(config.loop).loop });
  return entries.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
}
