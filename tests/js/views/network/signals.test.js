import assert from "node:assert/strict";
import { test } from "node:test";

import { signalScale, signalsOf } from "../../../../static/js/views/network/signals.js";

/** A step of a network of two layers, with two samples; only the second layer is trained. */
const STEP = /** @type {any} */ ({
  phases: [
    { phase: "zero_grad" },
    {
      phase: "forward",
      layers: [
        { name: "fc1", input: [[1, 2], [3, 4]], output: [[-1, 0.5], [2, 0]] },
        { name: "fc2", input: [[0, 0.5], [2, 0]], output: [[-8], ["NaN"]] },
      ],
    },
    {
      phase: "backward",
      layers: [
        { name: "fc1", grad_input: null, grad_output: null },
        { name: "fc2", grad_input: [[0.1, 0.2], [0.3, 0.4]], grad_output: [[5], [6]] },
      ],
    },
  ],
}); // prettier-ignore

test("Activations lie between the layers, with the gradients that came back to them.", () => {
  const signals = signalsOf(STEP, 0, true);
  assert.deepEqual([signals?.samples, signals?.sample], [2, 0]);
  assert.deepEqual(signals?.columns, [
    [
      { value: 1, gradient: null, masked: false },
      { value: 2, gradient: null, masked: false },
    ],
    [
      { value: 0, gradient: 0.1, masked: true },
      { value: 0.5, gradient: 0.2, masked: false },
    ],
    [{ value: -8, gradient: 5, masked: false }],
  ]);
});

test("What is beyond the minibatch is its last sample; without ReLU nothing is masked.", () => {
  const signals = signalsOf(STEP, 9, false);
  assert.equal(signals?.sample, 1);
  assert.deepEqual(
    signals?.columns[1].map(({ masked }) => masked),
    [false, false],
  );
  assert.equal(signals && signalScale(signals), 4);
});

test("A step without a forward pass has none.", () => {
  assert.equal(signalsOf(/** @type {any} */ ({ phases: [] }), 0, true), null);
});
