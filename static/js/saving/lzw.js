/** What GIF packs its pictures with: codes of growing width for what has been seen before. */

const BITS = 8;
const CLEAR = 1 << BITS;
const LAST = CLEAR + 1;
const MOST = 4096;
const SLOTS = 8192;
const LONGEST_BLOCK = 255;

/**
 * @param {Uint8Array} indices
 * @returns {Uint8Array<ArrayBuffer>}  with the width of the first codes, in blocks, and their end
 */
export function lzw(indices) {
  const bytes = new BitWriter(indices.length);
  const [keys, codes] = [new Int32Array(SLOTS), new Uint16Array(SLOTS)];
  let [next, width] = [LAST + 1, BITS + 1];
  const clear = () => {
    bytes.write(CLEAR, width);
    keys.fill(-1);
    [next, width] = [LAST + 1, BITS + 1];
  };
  clear();
  let code = indices[0];
  for (let i = 1; i < indices.length; i += 1) {
    const key = (code << BITS) | indices[i];
    let slot = Math.imul(key, 0x9e3779b1) >>> 19;
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) % SLOTS;
    if (keys[slot] === key) {
      code = codes[slot];
      continue;
    }
    bytes.write(code, width);
    code = indices[i];
    if (next === MOST) {
      clear();
      continue;
    }
    [keys[slot], codes[slot]] = [key, next];
    if (next === 1 << width) width += 1;
    next += 1;
  }
  bytes.write(code, width);
  if (next === 1 << width && width < 12) width += 1;
  bytes.write(LAST, width);
  return blocksOf(bytes.taken());
}

class BitWriter {
  #bytes;
  #length = 0;
  #rest = 0;
  #count = 0;

  /** @param {number} expected  a bound of what is written is twice that, and a little */
  constructor(expected) {
    this.#bytes = new Uint8Array(2 * expected + 16);
  }

  /**
   * @param {number} code
   * @param {number} width  in bits
   */
  write(code, width) {
    this.#rest |= code << this.#count;
    this.#count += width;
    while (this.#count >= 8) {
      this.#bytes[this.#length] = this.#rest & 0xff;
      this.#length += 1;
      this.#rest >>>= 8;
      this.#count -= 8;
    }
  }

  taken() {
    if (this.#count > 0) this.write(0, 8 - this.#count);
    return this.#bytes.subarray(0, this.#length);
  }
}

/** @param {Uint8Array} bytes */
function blocksOf(bytes) {
  const count = Math.ceil(bytes.length / LONGEST_BLOCK);
  const packed = new Uint8Array(1 + bytes.length + count + 1);
  packed[0] = BITS;
  let at = 1;
  for (let from = 0; from < bytes.length; from += LONGEST_BLOCK) {
    const block = bytes.subarray(from, from + LONGEST_BLOCK);
    packed[at] = block.length;
    packed.set(block, at + 1);
    at += 1 + block.length;
  }
  return packed;
}
