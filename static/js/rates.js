/**
 * The rate that an optimizer keeps itself, and that its steps have in place of the lr of their group.
 */

/**
 * @typedef {import("./wire.d.ts").OwnRateDocument} OwnRate  where it lies
 * @typedef {Pick<import("./history.js").History, "state" | "names" | "lr" | "first" | "length">} Records
 */

/**
 * The rate that step k used: of several elements or parameters, their mean.
 *
 * @param {Records} history
 * @param {OwnRate} rate
 * @param {number} k
 * @param {readonly string[]} [names]  of the parameters to look at; one kept in a group is found under its first
 * @returns {number | null}  null where no step was taken, or where it is not known
 */
export function ownRateAt(history, { key, after, times_lr: timesLr }, k, names = history.names) {
  if (k <= history.first || k >= history.length) return null;
  const record = after ? k : k - 1;
  const values = names.flatMap((name) => [...(history.state(name, key, record) ?? [])]);
  if (values.length > 0) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return timesLr ? mean * history.lr(k) : mean;
  }
  return !after && k === history.first + 1 && history.first === 0 ? history.lr(k) : null; // made of lr in this step
}

/**
 * What it is called.
 *
 * @param {OwnRate} rate
 */
export function nameOfRate({ key, times_lr: timesLr }) {
  return timesLr ? `${key} × lr` : key;
}
