/**
 * A plane that is held while the runs change: its numbers as a text, short enough for an address.
 */

/**
 * @typedef {import("../jsonl.js").TypedArray} TypedArray
 *
 * @typedef {object} PlaneNumbers  in parameter space
 * @property {number[]} origin
 * @property {[number[], number[]]} basis
 */

/** Parameters of a network whose planes fit into an address. */
export const MOST_HELD = 512;

/** Numbers are float32: seven digits, which is more than can be seen. */
const BYTES = 4;

/**
 * @param {TypedArray} origin  of shape [parameters]
 * @param {TypedArray} basis  of shape [2, parameters]
 * @returns {string | null}  null for a network that is too large
 */
export function writeNumbers(origin, basis) {
  if (origin.length > MOST_HELD) return null;
  const numbers = Float32Array.of(...origin, ...basis);
  const bytes = String.fromCharCode(...new Uint8Array(numbers.buffer));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} text
 * @returns {PlaneNumbers}
 * @throws {RangeError}  if it is none
 */
export function readNumbers(text) {
  if (!/^[\w-]+$/.test(text)) throw new RangeError("no numbers of a plane");
  const binary = bytesOf(text);
  const width = binary.length / BYTES / 3;
  if (!Number.isInteger(width) || width < 2 || width > MOST_HELD)
    throw new RangeError("not three points of parameter space");
  const numbers = Array.from(new Float32Array(Uint8Array.from(binary, (byte) => byte.charCodeAt(0)).buffer));
  if (!numbers.every(Number.isFinite)) throw new RangeError("a number that is not finite");
  const [origin, first, second] = [0, 1, 2].map((row) => numbers.slice(row * width, (row + 1) * width));
  return { origin, basis: [first, second] };
}

/** @param {string} text */
function bytesOf(text) {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw new RangeError("no base64");
  }
}
