/** Films as MP4: one track of pictures, whose table of contents comes first. */

import { ascii, big, joined } from "./bytes.js";
import { av1Configuration, colorNumbers } from "./codecs.js";

/** @typedef {import("./webm.js").Track} Track */

/** Ticks for each picture. */
const TICKS = 1000;
const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap((value) => big(value, 4));
const DOTS_AN_INCH = big(72 * 65_536, 4);

/**
 * @param {Track} track
 * @returns {Blob}
 */
export function mp4Of(track) {
  const head = box("ftyp", ascii("isom"), big(512, 4), ascii("isomiso2mp41"));
  const { length } = contents(track, 0); // wherever the pictures begin, it is as long
  const size = track.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const table = contents(track, head.length + length + 8);
  const parts = track.chunks.map(({ bytes }) => bytes);
  return new Blob([head, table, joined(big(size + 8, 4), ascii("mdat")), ...parts], { type: "video/mp4" });
}

/**
 * @param {Track} track
 * @param {number} offset  of the first picture in the file
 */
function contents(track, offset) {
  const { width, height, chunks, rate } = track;
  const scale = Math.round(rate * TICKS);
  const length = chunks.length * TICKS;
  const movie = full("mvhd", [
    ...[...zeros(8), ...big(scale, 4), ...big(length, 4), ...big(0x10000, 4), ...big(0x100, 2)],
    ...[...zeros(10), ...MATRIX, ...zeros(24), ...big(2, 4)],
  ]);
  const header = full(
    "tkhd",
    [
      ...[...zeros(8), ...big(1, 4), ...zeros(4), ...big(length, 4), ...zeros(16), ...MATRIX],
      ...[...big(width * 65_536, 4), ...big(height * 65_536, 4)],
    ],
    3,
  );
  const media = box(
    "mdia",
    full("mdhd", [...zeros(8), ...big(scale, 4), ...big(length, 4), 0x55, 0xc4, 0, 0]),
    full("hdlr", [...zeros(4), ...ascii("vide"), ...zeros(12), ...ascii("optiscope\0")]),
    box(
      "minf",
      full("vmhd", zeros(8), 1),
      box("dinf", full("dref", [...big(1, 4), ...full("url ", [], 1)])),
      samples(track, offset),
    ),
  );
  return box("moov", movie, box("trak", header, media));
}

/**
 * @param {Track} track
 * @param {number} offset
 */
function samples(track, offset) {
  const { chunks } = track;
  const keys = chunks.flatMap(({ isKey }, i) => (isKey ? [i + 1] : []));
  return box(
    "stbl",
    full("stsd", [...big(1, 4), ...entryOf(track)]),
    full("stts", [1, chunks.length, TICKS].flatMap(word)),
    full("stss", [keys.length, ...keys].flatMap(word)),
    full("stsc", [1, 1, chunks.length, 1].flatMap(word)),
    full("stsz", [0, chunks.length, ...chunks.map(({ bytes }) => bytes.length)].flatMap(word)),
    full("stco", [1, offset].flatMap(word)),
  );
}

/** @param {Track} track */
function entryOf({ codec, width, height, colorSpace, description }) {
  const [kind] = codec.split(".");
  const { primaries, transfer, matrix, isFull } = colorNumbers(colorSpace);
  const numbers = [primaries, transfer, matrix];
  const colors = box(
    "colr",
    ascii("nclx"),
    numbers.flatMap((value) => big(value, 2)),
    [isFull ? 0x80 : 0],
  );
  const picture = [
    ...[...zeros(6), ...big(1, 2), ...zeros(16), ...big(width, 2), ...big(height, 2)],
    ...[...DOTS_AN_INCH, ...DOTS_AN_INCH, ...zeros(4), ...big(1, 2), ...zeros(32), 0, 24, 0xff, 0xff],
  ];
  return box(kind, picture, configuration(codec, description, [...numbers, Number(isFull)]), colors);
}

/**
 * @param {string} codec
 * @param {import("./bytes.js").Bytes | null} description
 * @param {number[]} colors  primaries, transfer, matrix, and whether the range is full
 */
function configuration(codec, description, [primaries, transfer, matrix, isFull]) {
  if (codec.startsWith("avc1")) return box("avcC", description ?? []);
  if (codec.startsWith("av01")) return box("av1C", av1Configuration(codec));
  const [, profile, level] = codec.split(".").map((part) => parseInt(part, 10));
  return full(
    "vpcC",
    [profile, level, (8 << 4) | (1 << 1) | isFull, primaries, transfer, matrix, 0, 0],
    0,
    1,
  );
}

/**
 * @param {string} name
 * @param {...ArrayLike<number>} content
 */
function box(name, ...content) {
  const length = content.reduce((sum, part) => sum + part.length, 8);
  return joined(big(length, 4), ascii(name), ...content);
}

/**
 * @param {string} name
 * @param {ArrayLike<number>} content
 * @param {number} [flags]
 * @param {number} [version]
 */
function full(name, content, flags = 0, version = 0) {
  return box(name, [version, ...big(flags, 3)], content);
}

/** @param {number} count */
function zeros(count) {
  return new Array(count).fill(0);
}

/** @param {number} value */
function word(value) {
  return big(value, 4);
}
