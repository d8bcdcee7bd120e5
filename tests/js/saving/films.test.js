import assert from "node:assert/strict";
import { test } from "node:test";

import { av1Configuration, colorNumbers } from "../../../static/js/saving/codecs.js";
import { mp4Of } from "../../../static/js/saving/mp4.js";
import { webmOf } from "../../../static/js/saving/webm.js";

/** @type {import("../../../static/js/saving/webm.js").Track} */
const TRACK = {
  codec: "vp09.00.41.08",
  description: null,
  colorSpace: { primaries: "bt709", transfer: "iec61966-2-1", matrix: "bt709", fullRange: false },
  width: 64,
  height: 48,
  rate: 30,
  chunks: Array.from({ length: 70 }, (_, i) => ({ bytes: Uint8Array.of(1, 2, i), isKey: i % 60 === 0 })),
};

/** The boxes of an MP4 from one place to another. @param {Uint8Array} bytes */
function boxesIn(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes = [];
  for (let at = 0; at < bytes.length; at += view.getUint32(at)) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    boxes.push({ name, at, content: bytes.subarray(at + 8, at + view.getUint32(at)) });
  }
  return boxes;
}

test("The table of an MP4 comes first, and says where the pictures are.", async () => {
  const bytes = new Uint8Array(await mp4Of(TRACK).arrayBuffer());
  const boxes = boxesIn(bytes);
  assert.deepEqual(
    boxes.map(({ name }) => name),
    ["ftyp", "moov", "mdat"],
  );
  const text = String.fromCharCode(...boxes[1].content);
  const view = new DataView(bytes.buffer);
  const table = boxes[1].at + 8 + text.indexOf("stco");
  assert.equal(view.getUint32(table + 12), boxes[2].at + 8);
  assert.deepEqual([...bytes.subarray(boxes[2].at + 8, boxes[2].at + 14)], [1, 2, 0, 1, 2, 1]);
  const sizes = boxes[1].at + 8 + text.indexOf("stsz");
  assert.equal(view.getUint32(sizes + 12), 70);
});

test("A WebM has a cluster for each picture that can be jumped to, and all pictures.", async () => {
  const bytes = new Uint8Array(await webmOf(TRACK).arrayBuffer());
  const text = String.fromCharCode(...bytes);
  assert.equal(text.split("\x1f\x43\xb6\x75").length - 1, 2);
  assert.match(text, /V_VP9/);
  for (const { bytes: chunk } of TRACK.chunks) assert.ok(text.includes(String.fromCharCode(...chunk)));
});

test("AV1 says in four bytes whether each pixel has its own colour.", () => {
  assert.deepEqual(av1Configuration("av01.1.09M.08"), [0x81, 0x29, 0, 0]);
  assert.deepEqual(av1Configuration("av01.0.09M.08"), [0x81, 0x09, 12, 0]);
});

test("Colours that a browser does not tell are not made up.", () => {
  assert.deepEqual(colorNumbers(null), { primaries: 2, transfer: 2, matrix: 2, isFull: false });
  assert.deepEqual(colorNumbers(TRACK.colorSpace), { primaries: 1, transfer: 13, matrix: 1, isFull: false });
});
