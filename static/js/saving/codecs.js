/** The codecs that films are made with, the most wanted first, and what files say of them. */

/**
 * @typedef {object} Codec
 * @property {string} name  as the browser knows it
 * @property {"H.264" | "AV1" | "VP9" | "VP8"} title
 * @property {boolean} isSharp  whether each pixel has a colour of its own, so that thin lines keep theirs
 *
 * @typedef {{primaries?: string | null, transfer?: string | null, matrix?: string | null, fullRange?: boolean | null}} ColorSpace
 */

/** @type {Record<"mp4" | "webm", Codec[]>} each up to 1920 × 1080 at 60 pictures a second */
export const CODECS = {
  mp4: [
    { name: "avc1.64002a", title: "H.264", isSharp: false },
    { name: "avc1.4d002a", title: "H.264", isSharp: false },
    { name: "avc1.42e02a", title: "H.264", isSharp: false },
    { name: "av01.0.09M.08", title: "AV1", isSharp: false },
    { name: "vp09.00.41.08", title: "VP9", isSharp: false },
  ],
  webm: [
    { name: "av01.1.09M.08", title: "AV1", isSharp: true },
    { name: "vp09.00.41.08", title: "VP9", isSharp: false },
    { name: "vp8", title: "VP8", isSharp: false },
  ],
};

/** Numbers of ITU-T H.273; 2: not told. */
const PRIMARIES = { bt709: 1, bt470bg: 5, smpte170m: 6, bt2020: 9 };
const TRANSFERS = { bt709: 1, smpte170m: 6, "iec61966-2-1": 13, linear: 8 };
const MATRICES = { rgb: 0, bt709: 1, bt470bg: 5, smpte170m: 6, "bt2020-ncl": 9 };

/**
 * @param {ColorSpace | null | undefined} space
 * @returns {{primaries: number, transfer: number, matrix: number, isFull: boolean}}
 */
export function colorNumbers(space) {
  const { primaries, transfer, matrix, fullRange } = space ?? {};
  return {
    primaries: PRIMARIES[/** @type {keyof typeof PRIMARIES} */ (primaries)] ?? 2,
    transfer: TRANSFERS[/** @type {keyof typeof TRANSFERS} */ (transfer)] ?? 2,
    matrix: MATRICES[/** @type {keyof typeof MATRICES} */ (matrix)] ?? 2,
    isFull: fullRange === true,
  };
}

/**
 * What a file says of a track in AV1: `av1C` of MP4, and the private data of WebM.
 *
 * @param {string} codec  such as "av01.1.09M.08"
 */
export function av1Configuration(codec) {
  const [, profile, level] = codec.split(".").map((part) => parseInt(part, 10));
  const isWhole = profile === 1; // each pixel has a colour of its own
  return [0x81, (profile << 5) | level, isWhole ? 0 : 0b1100, 0];
}
