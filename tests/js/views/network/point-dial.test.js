import assert from "node:assert/strict";
import { test } from "node:test";

import { givenNorm } from "../../../../static/js/views/network/point-dial.js";
import { historyOf } from "../../drawn.js";
import { encode } from "../../wire.js";

test("The norm that is told is the record's own, after clipping where that was done.", () => {
  const history = historyOf({ xy: [2] }, 2, () => 0, { grad: () => 5 });
  assert.deepEqual([givenNorm(history, 0), givenNorm(history, 1)], [NaN, 2]);
  const optional = (/** @type {number} */ k) =>
    k === 0 ? {} : { clipped_grad_norm: encode(Float64Array.of(Infinity), [1]) };
  assert.equal(
    givenNorm(
      historyOf({ xy: [2] }, 2, () => 0, { optional }),
      1,
    ),
    Infinity,
  );
});
