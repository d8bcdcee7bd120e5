import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOf } from "../../../../static/js/views/network/matrix-spectra.js";

test("Singular values lie by their size, what is larger than the end on it, and what is no number nowhere.", () => {
  const [zero, half, one, beyond] = placesOf([0, 0.5, 1, 7, NaN], 1);
  assert.equal(half - zero, one - half);
  assert.equal(beyond, one);
  assert.equal(placesOf([0, 0.5, 1, 7, NaN], 1).length, 4);
  assert.deepEqual(placesOf([0, 0], 0), [zero, zero]);
});
