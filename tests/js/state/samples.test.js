import assert from "node:assert/strict";
import { test } from "node:test";

import { samplesOf } from "../../../static/js/state/samples.js";

/** @param {number} length @param {number} held_out */
const points = (length, held_out) => /** @type {any} */ ({ x: Array(length).fill([0, 0]), held_out });

test("Those that were asked for, else the problem's own, else one.", () => {
  assert.equal(samplesOf({ samples: 40 }, { option_defaults: { samples: 128 } }), 40);
  assert.equal(samplesOf({ samples: null }, { option_defaults: { samples: 128 } }), 128);
  assert.equal(samplesOf({ samples: null }, { option_defaults: {} }), 1);
});

test("Of points those that are not held out, of somebody's own before those of the problem.", () => {
  const problem = { option_defaults: { points: points(50, 0.25) } };
  assert.equal(samplesOf({ samples: null, points: null }, problem), 38);
  assert.equal(samplesOf({ samples: null, points: points(9, 0) }, problem), 9);
});
