import assert from "node:assert/strict";
import { test } from "node:test";

import { layersOf } from "../../../../static/js/views/timeline/layers.js";

/** @param {any} run */
const run = (run) => ({ history: null, errors: [], config: { model: { hidden: [2] } }, ...run });

/** @param {any[]} runs */
const names = (runs, kind = "dataset") =>
  layersOf(runs[0], /** @type {any} */ ({ runs, problem: { kind } })).map(({ name }) => name);

test("A run that is refused has the layers of another one's records, or those that its network will have.", () => {
  const refused = run({ errors: [{ pointer: "/freeze", detail: "" }] });
  const trained = run({ history: { layers: [{ name: "matrix", parameters: ["matrix"] }] } });
  assert.deepEqual(names([refused]), ["fc1", "fc2"]);
  assert.deepEqual(names([refused, trained]), ["matrix"]);
  assert.deepEqual(names([refused], "function"), []);
  assert.deepEqual(names([run({})]), []);
});
