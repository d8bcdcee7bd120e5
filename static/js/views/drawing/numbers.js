/** Numbers as people read them: of one width in read-outs, exact in tables. */

/** @type {[number, string][]} */
const NON_FINITE = [
  [Infinity, "∞"],
  [-Infinity, "−∞"],
];

/**
 * A number for a read-out.
 *
 * @param {number | null} value  null where there is none
 * @param {number} [digits]  significant digits
 * @returns {string} "0.06120", "1.2e−7", "NaN", "∞"; an en dash for null
 */
export function formatNumber(value, digits = 4) {
  if (value === null) return "–";
  if (!Number.isFinite(value)) return nonFinite(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6)
    return minus(value.toExponential(Math.max(0, digits - 2)).replace("e+", "e"));
  return minus(size >= 10 ** digits ? String(Math.round(value)) : value.toPrecision(digits));
}

/**
 * A number that changes while one looks at it: always about seven characters wide.
 *
 * @param {number | null} value  null where there is none
 * @returns {string} "0.07666", "5.5430", "12.345", "5.00e−4"
 */
export function formatReading(value) {
  if (value === null || !Number.isFinite(value) || value === 0) return formatNumber(value);
  const size = Math.abs(value);
  if (size < 1e-9 || size >= 1e10) return minus(value.toExponential(1).replace("e+", "e"));
  if (size < 1e-3 || size >= 1e5) return minus(value.toExponential(2).replace("e+", "e"));
  return minus(size < 1 ? value.toFixed(5) : value.toPrecision(5));
}

/**
 * A number as it is: the shortest decimal that is this number and no other of its type.
 *
 * @param {number} value
 * @param {boolean} single  whether it is a float32
 */
export function exactNumber(value, single) {
  if (!Number.isFinite(value)) return nonFinite(value);
  const exact = single ? shortestSingle(value) : value;
  const small = exact !== 0 && Math.abs(exact) < 1e-4;
  return minus((small ? exact.toExponential() : String(exact)).replace("e+", "e"));
}

/**
 * The double with the fewest digits that rounds to a float32.
 *
 * @param {number} value  a float32
 */
function shortestSingle(value) {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

/**
 * A number beside an axis.
 *
 * @param {number} value
 */
export function formatTick(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    return minus(trimZeros(value.toExponential(1)).replace("e+", "e"));
  }
  return minus(String(Number(value.toPrecision(6))));
}

/**
 * A share; what is nearly all is not said to be all.
 *
 * @param {number} fraction
 */
export function formatPercent(fraction) {
  const percent = 100 * fraction;
  if (percent >= 99.5 && percent < 99.9999) return `${Math.min(99.99, Number(percent.toFixed(2)))} %`;
  return percent < 10 ? `${Number(percent.toPrecision(3))} %` : `${Math.round(percent)} %`;
}

/** @param {string} text  with an exponent */
function trimZeros(text) {
  return text.replace(/\.0+e/, "e");
}

/** @param {number} value */
function nonFinite(value) {
  return NON_FINITE.find(([number]) => number === value)?.[1] ?? "NaN";
}

/** @param {string} text */
function minus(text) {
  return text.replaceAll("-", "−");
}
