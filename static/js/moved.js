/**
 * What a run moves by hand beside its learning rate: hyperparameters that follow a factor of the step.
 */

/** @typedef {Pick<import("./history.js").History, "config" | "optional">} Records */

/**
 * @param {Records} history
 * @returns {string[]}  their names: weight_decay, betas/0, …
 */
export function movedIn({ config }) {
  return [...new Set((config?.hyperparameter_schedules ?? []).map((one) => one.hyperparameter))];
}

/**
 * What step k used of one of them.
 *
 * @param {Records} history
 * @param {string} name
 * @param {number} k
 * @param {number} [group]
 * @returns {number | null}  null where the group is not there, or has none
 */
export function movedAt(history, name, k, group = 0) {
  const value = history.optional(`hyperparameters.${name}`, k)?.[group] ?? NaN;
  return Number.isNaN(value) ? null : value;
}
