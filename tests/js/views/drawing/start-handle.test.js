import assert from "node:assert/strict";
import { test } from "node:test";

import { withinAxes } from "../../../../static/js/views/drawing/start-handle.js";

const axes = /** @type {any} */ ({ x: [-2, 2], y: [-1, 3] });

test("A start is rounded to what can be told apart on the screen.", () => {
  assert.deepEqual(withinAxes([0.123456, -0.98765], axes), [0.12, -0.99]);
  assert.deepEqual(withinAxes([0.1234567, 0], { x: [0.123, 0.124], y: [0, 4e7] }), [0.123456, 0]);
});

test("A start stays where it can be seen.", () => {
  assert.deepEqual(withinAxes([-7, 12], axes), [-2, 3]);
});
