/** Films as WebM: one track of pictures. */

import { ascii, big, joined } from "./bytes.js";
import { av1Configuration, colorNumbers } from "./codecs.js";

/**
 * @typedef {object} Chunk
 * @property {import("./bytes.js").Bytes} bytes
 * @property {boolean} isKey  whether it can be shown without those before
 *
 * @typedef {object} Track
 * @property {string} codec  as the browser knows it
 * @property {import("./bytes.js").Bytes | null} description  what a decoder needs beside it
 * @property {import("./codecs.js").ColorSpace | null} colorSpace
 * @property {number} width
 * @property {number} height
 * @property {number} rate  pictures a second
 * @property {Chunk[]} chunks
 */

const NAMES = { av01: "V_AV1", vp09: "V_VP9", vp8: "V_VP8" };

/** A block tells its time from the beginning of its cluster in two bytes, in milliseconds. */
const LONGEST_CLUSTER = 30_000;

/**
 * @param {Track} track
 * @returns {Blob}
 */
export function webmOf(track) {
  const { chunks, rate } = track;
  const time = (/** @type {number} */ i) => Math.round((1000 * i) / rate);
  const header = element(0x1a45dfa3, [
    ...[whole(0x4286, 1), whole(0x42f7, 1), whole(0x42f2, 4), whole(0x42f3, 8)],
    ...[element(0x4282, [ascii("webm")]), whole(0x4287, 4), whole(0x4285, 2)],
  ]);
  const info = element(0x1549a966, [
    whole(0x2ad7b1, 1_000_000),
    element(0x4489, [float(time(chunks.length))]),
    element(0x4d80, [ascii("optiscope")]),
    element(0x5741, [ascii("optiscope")]),
  ]);
  const clusters = clustersOf(chunks, time);
  const segment = element(0x18538067, [info, tracksOf(track), ...clusters]);
  return new Blob([header, segment], { type: "video/webm" });
}

/** @param {Track} track */
function tracksOf({ codec, width, height, colorSpace, rate }) {
  const kind = /** @type {keyof typeof NAMES} */ (codec.split(".")[0]);
  const { primaries, transfer, matrix, isFull } = colorNumbers(colorSpace);
  const colors = element(0x55b0, [
    ...[
      whole(0x55b1, matrix),
      whole(0x55b9, isFull ? 2 : 1),
      whole(0x55ba, transfer),
      whole(0x55bb, primaries),
    ],
  ]);
  const entry = element(0xae, [
    ...[whole(0xd7, 1), whole(0x73c5, 1), whole(0x9c, 0), whole(0x83, 1)],
    element(0x86, [ascii(NAMES[kind])]),
    ...(kind === "av01" ? [element(0x63a2, [av1Configuration(codec)])] : []),
    whole(0x23e383, Math.round(1e9 / rate)),
    element(0xe0, [whole(0xb0, width), whole(0xba, height), colors]),
  ]);
  return element(0x1654ae6b, [entry]);
}

/**
 * @param {Chunk[]} chunks
 * @param {(i: number) => number} time  in milliseconds
 */
function clustersOf(chunks, time) {
  /** @type {{from: number, blocks: ArrayLike<number>[]}[]} */
  const clusters = [];
  chunks.forEach(({ bytes, isKey }, i) => {
    const last = clusters[clusters.length - 1];
    if (last === undefined || isKey || time(i) - last.from > LONGEST_CLUSTER)
      clusters.push({ from: time(i), blocks: [] });
    const { from, blocks } = clusters[clusters.length - 1];
    blocks.push(element(0xa3, [[0x81, ...big(time(i) - from, 2), isKey ? 0x80 : 0], bytes]));
  });
  return clusters.map(({ from, blocks }) => element(0x1f43b675, [whole(0xe7, from), ...blocks]));
}

/**
 * @param {number} id
 * @param {ArrayLike<number>[]} content
 */
function element(id, content) {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const size = big(length, 8);
  size[0] |= 1; // which says that the size takes eight bytes
  return joined(big(id, Math.ceil(id.toString(16).length / 2)), size, ...content);
}

/**
 * @param {number} id
 * @param {number} value
 */
function whole(id, value) {
  return element(id, [big(value, Math.max(1, Math.ceil(value.toString(16).length / 2)))]);
}

/** @param {number} value */
function float(value) {
  return new Uint8Array(new Uint8Array(new Float64Array([value]).buffer).reverse());
}
