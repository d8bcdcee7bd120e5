import assert from "node:assert/strict";
import { test } from "node:test";

import { GifWriter } from "../../../static/js/saving/gif.js";
import { lzw } from "../../../static/js/saving/lzw.js";
import { paletteOf } from "../../../static/js/saving/palette.js";

/** What a reader makes of packed pictures, as the format says it. @param {Uint8Array} packed */
function unpacked(packed) {
  const bytes = [];
  for (let at = 1; packed[at] !== 0; at += packed[at] + 1)
    bytes.push(...packed.subarray(at + 1, at + 1 + packed[at]));
  const [clear, end] = [1 << packed[0], (1 << packed[0]) + 1];
  let [width, bit] = [packed[0] + 1, 0];
  /** @type {number[][]} */
  let table = [];
  /** @type {number[] | null} */
  let before = null;
  const out = [];
  for (;;) {
    let code = 0;
    for (let i = 0; i < width; i += 1, bit += 1) code |= ((bytes[bit >> 3] >> (bit & 7)) & 1) << i;
    if (code === end) return out;
    if (code === clear) {
      table = Array.from({ length: end + 1 }, (_, i) => [i]);
      [width, before] = [packed[0] + 1, null];
      continue;
    }
    const found = table[code] ?? [.../** @type {number[]} */ (before), /** @type {number[]} */ (before)[0]];
    for (const index of found) out.push(index);
    if (before !== null && table.length < 4096) table.push([...before, found[0]]);
    if (table.length === 1 << width && width < 12) width += 1;
    before = found;
  }
}

/** Numbers that look random, the same each time. @param {number} count @param {number} most */
function noise(count, most) {
  let seed = 1;
  return Uint8Array.from({ length: count }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 16) % most;
  });
}

for (const [name, indices] of /** @type {[string, Uint8Array][]} */ ([
  ["one pixel", Uint8Array.of(7)],
  ["one colour", new Uint8Array(20_000)],
  ["noise, which fills the table many times", noise(60_000, 256)],
  ["stripes", Uint8Array.from({ length: 9000 }, (_, i) => i % 5)],
])) {
  test(`What is packed is read again: ${name}.`, () => {
    assert.deepEqual(unpacked(lzw(indices)), [...indices]);
  });
}

for (let length = 1; length < 600; length += 37) {
  test(`What is packed is read again where the codes grow at the very end: ${length} pixels.`, () => {
    const indices = noise(length, 200);
    assert.deepEqual(unpacked(lzw(indices)), [...indices]);
  });
}

/** @param {[number, number, number][]} colors */
const pixelsOf = (colors) => Uint8ClampedArray.from(colors.flatMap((color) => [...color, 255]));

test("Colours that lines are told apart by are kept as they are, however few pixels have them.", () => {
  const ground = Array.from(
    { length: 4000 },
    (_, i) => /** @type {[number, number, number]} */ ([i % 256, (i * 7) % 256, 128]),
  );
  const palette = paletteOf([pixelsOf([...ground, [204, 0, 102]])], [[204, 0, 102]]);
  assert.ok(palette.colors.length <= 3 * 255);
  const [index] = palette.indicesOf(pixelsOf([[204, 0, 102]]));
  assert.deepEqual([...palette.colors.subarray(3 * index, 3 * index + 3)], [204, 0, 102]);
});

test("Fewer colours than there is room for are all kept.", () => {
  /** @type {[number, number, number][]} */
  const colors = [[0, 0, 0], [255, 255, 255], [10, 200, 30]]; // prettier-ignore
  const palette = paletteOf([pixelsOf(colors)], []);
  for (const color of colors) {
    const [index] = palette.indicesOf(pixelsOf([color]));
    assert.deepEqual([...palette.colors.subarray(3 * index, 3 * index + 3)], color);
  }
});

test("A picture like the one before is kept, and takes next to nothing.", async () => {
  const pixels = pixelsOf(Array.from({ length: 600 }, (_, i) => [i % 256, 0, 0]));
  const writer = new GifWriter({ width: 30, height: 20 }, paletteOf([pixels], []));
  writer.add({ pixels, hundredths: 3 });
  const { size: one } = writer.finish();
  for (let i = 0; i < 10; i += 1) writer.add({ pixels, hundredths: 3 });
  const file = writer.finish();
  assert.ok(file.size - one <= 300, `${file.size - one} bytes for ten pictures`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  assert.equal(
    bytes.filter((byte, i) => byte === 0x21 && bytes[i + 1] === 0xf9 && bytes[i + 2] === 4).length,
    11,
  );
});
