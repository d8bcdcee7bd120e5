/** Animated GIFs: one palette for all pictures, and of each picture only what differs from the one before. */

import { lzw } from "./lzw.js";

/**
 * @typedef {import("./palette.js").Palette} Palette
 *
 * @typedef {object} Frame
 * @property {Uint8ClampedArray} pixels  red, green, blue and alpha
 * @property {number} hundredths  of a second that it is shown
 */

const TRANSPARENT = 255;
/** The end of a file, and of what a block holds. */
const [TRAILER, END] = [0x3b, 0];
const TEXT = new TextEncoder();

export class GifWriter {
  #width;
  #palette;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #parts = [];
  /** @type {Uint8Array | null} the picture before, as indices into the palette */
  #before = null;

  /**
   * @param {{width: number, height: number}} size
   * @param {Palette} palette  of 255 colours at most
   */
  constructor({ width, height }, palette) {
    this.#width = width;
    this.#palette = palette;
    const colors = new Uint8Array(3 * 256);
    colors.set(palette.colors);
    const loops = [0x21, 0xff, 11, ...TEXT.encode("NETSCAPE2.0"), 3, 1, ...word(0), END];
    this.#parts.push(
      Uint8Array.from([...TEXT.encode("GIF89a"), ...word(width), ...word(height), 0xf7, TRANSPARENT, 0]),
      colors,
      Uint8Array.from(loops),
    );
  }

  /** @param {Frame} frame */
  add({ pixels, hundredths }) {
    const indices = this.#palette.indicesOf(pixels);
    const { box, changed } =
      this.#before === null ? this.#whole(indices) : this.#difference(indices, this.#before);
    this.#before = indices;
    const { left, top, width, height } = box;
    const control = [0x21, 0xf9, 4, 0b101, ...word(hundredths), TRANSPARENT, END]; // stays; has a transparent colour
    const place = [0x2c, ...word(left), ...word(top), ...word(width), ...word(height), 0];
    this.#parts.push(Uint8Array.from([...control, ...place]), lzw(changed));
  }

  /** @returns {Blob} */
  finish() {
    return new Blob([...this.#parts, Uint8Array.of(TRAILER)], { type: "image/gif" });
  }

  /** @param {Uint8Array} indices */
  #whole(indices) {
    const width = this.#width;
    return { box: { left: 0, top: 0, width, height: indices.length / width }, changed: indices };
  }

  /**
   * @param {Uint8Array} indices
   * @param {Uint8Array} before
   */
  #difference(indices, before) {
    const width = this.#width;
    let [left, right, top, bottom] = [width, -1, Infinity, -1];
    for (let i = 0; i < indices.length; i += 1) {
      if (indices[i] === before[i]) continue;
      const [x, y] = [i % width, Math.floor(i / width)];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
    if (bottom === -1) [left, right, top, bottom] = [0, 0, 0, 0]; // a picture like the one before is kept, too
    const box = { left, top, width: right - left + 1, height: bottom - top + 1 };
    const changed = new Uint8Array(box.width * box.height);
    for (let y = 0; y < box.height; y += 1) {
      for (let x = 0; x < box.width; x += 1) {
        const i = (top + y) * width + left + x;
        changed[y * box.width + x] = indices[i] === before[i] ? TRANSPARENT : indices[i];
      }
    }
    return { box, changed };
  }
}

/** @param {number} value */
function word(value) {
  return [value & 0xff, value >> 8];
}
