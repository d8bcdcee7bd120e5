import assert from "node:assert/strict";
import { test } from "node:test";

import { shortened } from "../../../static/js/saving/paint.js";

const tens = (/** @type {string} */ text) => 10 * text.length;

test("What fits stays as it is, and what does not ends in an ellipsis.", () => {
  assert.equal(shortened("SGD lr 0.1", 100, tens), "SGD lr 0.1");
  assert.equal(shortened("SGD lr 0.1", 95, tens), "SGD lr 0…");
  assert.equal(shortened("SGD lr 0.1", 85, tens), "SGD lr…", "and no space stands before it");
  assert.equal(shortened("SGD", Infinity, tens), "SGD");
});

test("Where not even the ellipsis fits nothing is written.", () => {
  assert.equal(shortened("SGD", 5, tens), "");
  assert.equal(shortened("SGD", -20, tens), "");
});
