import assert from "node:assert/strict";
import { test } from "node:test";

import decodeQR from "qr/decode.js";

import { pathOfCode } from "../../../static/js/saving/qr.js";
import { encodeQR } from "../../../static/vendor/qr/qr.js";

/** The pixels of a path of squares. @param {string} path @param {number} size @param {number} scale */
function pixelsOf(path, size, scale) {
  const data = new Uint8Array(4 * (size * scale) ** 2).fill(255);
  for (const [, x, y, wide] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let row = 0; row < scale; row += 1)
      for (let column = 0; column < Number(wide) * scale; column += 1) {
        const at = 4 * ((Number(y) * scale + row) * size * scale + Number(x) * scale + column);
        data.set([0, 0, 0], at);
      }
  return { width: size * scale, height: size * scale, data };
}

for (const length of [1, 60, 600, 2000]) {
  test(`A reader finds the link in its code: ${length} more letters.`, () => {
    const link = `http://127.0.0.1:8000/?v=2&problem=xor&runs=${"SGD(lr:0.3),".repeat(200).slice(0, length)}`;
    const rows = encodeQR(link, "raw", { ecc: "low", border: 4 });
    assert.equal(decodeQR(pixelsOf(pathOfCode(rows), rows.length, 4)), link);
  });
}

test("A link that no code holds is refused, to be told.", () => {
  assert.throws(() => encodeQR("a".repeat(4000), "raw", { ecc: "low", border: 4 }));
});
