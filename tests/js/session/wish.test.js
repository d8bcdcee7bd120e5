import assert from "node:assert/strict";
import { test } from "node:test";

import { spaceOf } from "../../../static/js/session/wish.js";

/** A job of a network over own points of so many features. */
function over(/** @type {number} */ features, y = [0, 1]) {
  const points = { x: y.map(() => Array(features).fill(0)), y };
  return /** @type {any} */ ({ config: { problem: { name: "points", points }, model: { hidden: [4] } } });
}

test("Planes over own points can be compared as long as these have as many features.", () => {
  assert.equal(spaceOf(over(2)), spaceOf(over(2, [1, 0, 1])));
  assert.notEqual(spaceOf(over(2)), spaceOf(over(3)));
});
