import assert from "node:assert/strict";
import { test } from "node:test";

import { unfitIn } from "../../../static/js/main/unfit.js";

/** @param {string[]} keys  of the state of the matrix */
const run = (keys) => ({
  names: ["fc1.weight", "fc1.bias"],
  shapes: { "fc1.weight": [2, 3], "fc1.bias": [2] },
  stateKeys: (/** @type {string} */ name) => (name === "fc1.weight" ? keys : []),
});
const runs = [run([]), run(["exp_avg"])];
const LOOK = { parameter: null, element: 0, quantity: null };
/** @type {[object, string[]][]} */
const CASES = [
  [{}, []],
  [{ parameter: "fc1.bias", element: 1, quantity: "grad" }, []],
  [{ parameter: "fc9.bias" }, ["parameter"]],
  [{ element: 5 }, []],
  [{ parameter: "fc1.bias", element: 5 }, ["element"]],
  [{ element: 6 }, ["element"]],
  [{ quantity: "exp_avg" }, []],
  [{ quantity: "momentum_buffer" }, ["quantity"]],
];

for (const [look, keys] of CASES)
  test(`A link that asks for ${JSON.stringify(look)} asks ${keys.join() || "nothing"} too much.`, () =>
    assert.deepEqual(unfitIn({ ...LOOK, ...look }, runs), keys));
