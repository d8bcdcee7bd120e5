/** Hyperparameters that follow a factor, in an address. */

import { factorsField } from "../factors.js";

/**
 * @param {import("../types.js").Json} value
 * @returns {{hyperparameter_schedules?: import("../factors.js").Factor[]}}
 */
export function unpackFactors(value) {
  if (!Array.isArray(value)) throw new RangeError("not a list of factors");
  for (const one of value) {
    if (typeof one !== "object" || one === null || Array.isArray(one)) throw new RangeError("no factor");
    const { hyperparameter, factor, groups, ...others } = one;
    if (Object.keys(others).length > 0) throw new RangeError(`unknown ${Object.keys(others)[0]}`);
    if (typeof hyperparameter !== "string" || typeof factor !== "string")
      throw new RangeError("no factor of a hyperparameter");
    if (groups !== undefined && !(Array.isArray(groups) && groups.every(isPlace)))
      throw new RangeError("no such groups");
  }
  return factorsField(/** @type {any} */ (value));
}

/** @param {import("../types.js").Json} value */
function isPlace(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
