/** The colours of an animation: those that must be exact, and as many others as there is room for, by what they stand for. */

const BITS = 6;
const SHIFT = 8 - BITS;
const SIZE = 1 << (3 * BITS);

/** @typedef {{r: number, g: number, b: number, count: number}} Color  count: how much of the pictures it is, roughly */

export class Palette {
  /** @type {Int16Array} for each colour, rounded, the nearest of the palette; −1: not looked for yet */
  #nearest = new Int16Array(SIZE).fill(-1);

  /** @param {Uint8Array} colors  red, green and blue of each */
  constructor(colors) {
    this.colors = colors;
    for (let i = colors.length / 3 - 1; i >= 0; i -= 1)
      this.#nearest[key(colors[3 * i], colors[3 * i + 1], colors[3 * i + 2])] = i;
  }

  /**
   * @param {Uint8ClampedArray} pixels  red, green, blue and alpha
   * @returns {Uint8Array}  indices into the palette
   */
  indicesOf(pixels) {
    const indices = new Uint8Array(pixels.length / 4);
    for (let i = 0; i < indices.length; i += 1) {
      const [r, g, b] = [pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]];
      const at = key(r, g, b);
      if (this.#nearest[at] === -1) this.#nearest[at] = this.#find(r, g, b);
      indices[i] = this.#nearest[at];
    }
    return indices;
  }

  /**
   * @param {number} r
   * @param {number} g
   * @param {number} b
   */
  #find(r, g, b) {
    let [best, least] = [0, Infinity];
    for (let i = 0; i < this.colors.length; i += 3) {
      const [dr, dg, db] = [this.colors[i] - r, this.colors[i + 1] - g, this.colors[i + 2] - b];
      const distance = 2 * dr * dr + 4 * dg * dg + 3 * db * db;
      if (distance < least) [best, least] = [i / 3, distance];
    }
    return best;
  }
}

/** @param {number} r @param {number} g @param {number} b */
function key(r, g, b) {
  return ((r >> SHIFT) << (2 * BITS)) | ((g >> SHIFT) << BITS) | (b >> SHIFT);
}

/**
 * @param {Uint8ClampedArray[]} pictures  some of those that are to be shown, as red, green, blue and alpha
 * @param {[number, number, number][]} exact  colours that must be in it
 * @param {number} most
 * @returns {Palette}
 */
export function paletteOf(pictures, exact, most = 255) {
  const boxes = splitUp(countOf(pictures), most - exact.length);
  const mixed = boxes.map(meanOf);
  return new Palette(Uint8Array.from([...exact, ...mixed].flat()));
}

/**
 * @param {Uint8ClampedArray[]} pictures
 * @returns {Color[]}
 */
function countOf(pictures) {
  const counts = new Uint32Array(SIZE);
  const sums = new Float64Array(3 * SIZE);
  for (const pixels of pictures) {
    for (let i = 0; i < pixels.length; i += 4) {
      const at = key(pixels[i], pixels[i + 1], pixels[i + 2]);
      counts[at] += 1;
      for (let c = 0; c < 3; c += 1) sums[3 * at + c] += pixels[i + c];
    }
  }
  /** @type {Color[]} */
  const colors = [];
  counts.forEach((count, at) => {
    if (count === 0) return;
    const [r, g, b] = [0, 1, 2].map((c) => sums[3 * at + c] / count);
    colors.push({ r, g, b, count: Math.sqrt(count) }); // a thin line counts beside a wide ground
  });
  return colors;
}

/**
 * Halve the box whose colours are furthest apart, until there are enough.
 *
 * @param {Color[]} colors
 * @param {number} most
 * @returns {Color[][]}
 */
function splitUp(colors, most) {
  const boxes = colors.length === 0 ? [] : [boxOf(colors)];
  while (boxes.length < most) {
    const widest = boxes.reduce((best, box, i) => (box.spread > boxes[best].spread ? i : best), 0);
    const { colors: all, channel, spread } = boxes[widest] ?? { spread: 0 };
    if (spread === 0 || all === undefined) break;
    const sorted = [...all].sort((one, other) => one[channel] - other[channel]);
    const half = sorted.reduce((sum, { count }) => sum + count, 0) / 2;
    let [at, sum] = [1, sorted[0].count];
    while (at < sorted.length - 1 && sum + sorted[at].count <= half) {
      sum += sorted[at].count;
      at += 1;
    }
    boxes.splice(widest, 1, boxOf(sorted.slice(0, at)), boxOf(sorted.slice(at)));
  }
  return boxes.map((box) => box.colors);
}

/** @param {Color[]} colors */
function boxOf(colors) {
  const channels = /** @type {const} */ (["r", "g", "b"]);
  const weight = Math.sqrt(colors.reduce((sum, { count }) => sum + count, 0));
  const spreads = channels.map((channel) => {
    const values = colors.map((color) => color[channel]);
    return (
      values.reduce((most, value) => Math.max(most, value), -1) -
      values.reduce((least, value) => Math.min(least, value), 256)
    );
  });
  const widest = spreads.indexOf(Math.max(...spreads));
  return { colors, channel: channels[widest], spread: spreads[widest] * weight };
}

/** @param {Color[]} colors */
function meanOf(colors) {
  const whole = colors.reduce((sum, { count }) => sum + count, 0);
  const mean = (/** @type {"r" | "g" | "b"} */ channel) =>
    Math.round(colors.reduce((sum, color) => sum + color[channel] * color.count, 0) / whole);
  return [mean("r"), mean("g"), mean("b")];
}
