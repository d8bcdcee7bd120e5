/** Numbers as bytes, the highest first, as films have them. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const TEXT = new TextEncoder();

/**
 * @param {number} value
 * @param {number} size  in bytes
 * @returns {number[]}
 */
export function big(value, size) {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
}

/** @param {string} text */
export function ascii(text) {
  return [...TEXT.encode(text)];
}

/**
 * @param {...(ArrayLike<number>)} parts
 * @returns {Bytes}
 */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
