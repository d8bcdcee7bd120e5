/** Colours as styles name them. */

/**
 * @param {string} color  as computed styles have it
 * @returns {number[]}  red, green, blue, and alpha from 0 to 1
 */
export function channelsOf(color) {
  if (color.startsWith("#")) {
    const digits =
      color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit).join("") : color.slice(1);
    return [...[0, 2, 4].map((i) => parseInt(digits.slice(i, i + 2), 16)), 1];
  }
  const [r = 0, g = 0, b = 0, a = 1] = (color.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  return color.startsWith("color(srgb") ? [255 * r, 255 * g, 255 * b, a] : [r, g, b, a];
}

/** @param {string} color */
export function isClear(color) {
  return color === "none" || color === "transparent" || channelsOf(color)[3] === 0;
}
