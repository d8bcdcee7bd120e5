/** Averaged weights in an address. */

import { AVERAGES, AVERAGE_DEFAULTS, averageField } from "../average.js";

/**
 * @param {import("../types.js").Json} value
 * @returns {{average?: import("../average.js").Average}}
 */
export function unpackAverage(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new RangeError("no average");
  const { name, ...fields } = value;
  if (!AVERAGES.some((known) => known === name)) throw new RangeError(`unknown ${String(name)}`);
  for (const [field, content] of Object.entries(fields)) {
    const standard = /** @type {Record<string, unknown>} */ (AVERAGE_DEFAULTS)[field];
    if (typeof content !== typeof standard) throw new RangeError(`no such ${field}`);
  }
  return averageField(/** @type {any} */ (value));
}
