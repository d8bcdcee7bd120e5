import assert from "node:assert/strict";
import { test } from "node:test";

import { effectiveRates, updateAngle, updateOf, updateRatio } from "../../static/js/updates.js";

/** Records of parameters and gradients, given as numbers. */
const records = (params, grads = {}) => ({
  names: Object.keys(params),
  first: 0,
  length: Object.values(params)[0].length,
  param: (name, k) => Float64Array.from(params[name][k]),
  grad: (name, k) => (grads[name]?.[k] ? Float64Array.from(grads[name][k]) : null),
});

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} ≠ ${expected}`);

test("The update of a step is the difference to the record before; record 0 has none.", () => {
  const history = records({ w: [[1, 2], [0.5, 4]] }); // prettier-ignore
  assert.deepEqual([...updateOf(history, "w", 1)], [-0.5, 2]);
  assert.equal(updateOf(history, "w", 0), null);
  assert.equal(updateOf(history, "w", 2), null);
});

test("Plain SGD has the same effective rate everywhere: its lr.", () => {
  const history = records({ w: [[1, 2], [0.9, 2.4]] }, { w: [null, [1, -4]] }); // prettier-ignore
  for (const rate of effectiveRates(history, "w", 1)) near(rate, 0.1);
});

test("An element that moves without a gradient has an infinite rate, one that does neither has none.", () => {
  const history = records({ w: [[1, 1], [2, 1]] }, { w: [null, [0, 0]] }); // prettier-ignore
  assert.deepEqual([...effectiveRates(history, "w", 1)], [Infinity, NaN]);
});

test("A frozen parameter has no effective rate and no angle.", () => {
  const history = records({ w: [[1], [1]] }, { w: [null, null] });
  assert.equal(effectiveRates(history, "w", 1), null);
  assert.equal(updateAngle(history, ["w"], 1), null);
  assert.equal(updateRatio(history, ["w"], 1), 0);
});

test("The update ratio is of the norms, over all the parameters asked for.", () => {
  const history = records({ w: [[3], [3.3]], b: [[4], [4.4]] });
  near(updateRatio(history, ["w", "b"], 1), 0.1);
  near(updateRatio(history, ["b"], 1), 0.1);
  assert.equal(updateRatio(history, ["w"], 0), null);
});

test("Downhill is 0 degrees, along the contour 90, uphill 180.", () => {
  const turned = (x, y) => records({ w: [[0, 0], [x, y]] }, { w: [null, [2, 0]] }); // prettier-ignore
  near(updateAngle(turned(-1, 0), ["w"], 1), 0);
  near(updateAngle(turned(0, 5), ["w"], 1), 90);
  near(updateAngle(turned(3, 0), ["w"], 1), 180);
  near(updateAngle(turned(-1, -1), ["w"], 1), 45);
});

test("A tiny angle keeps its digits.", () => {
  const history = records({ w: [[0, 0], [-1, 1e-9]] }, { w: [null, [1, 0]] }); // prettier-ignore
  const degrees = updateAngle(history, ["w"], 1);
  assert.ok(Math.abs(degrees / ((1e-9 * 180) / Math.PI) - 1) < 1e-6);
});

test("A step that does not move has no direction.", () => {
  const history = records({ w: [[1], [1]] }, { w: [null, [1]] });
  assert.equal(updateAngle(history, ["w"], 1), NaN);
});

test("Frozen parameters take no part in the angle of the others.", () => {
  const history = records({ w: [[0], [-1]], b: [[5], [9]] }, { w: [null, [1]], b: [null, null] });
  near(updateAngle(history, ["w", "b"], 1), 0);
});
