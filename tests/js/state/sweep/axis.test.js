import assert from "node:assert/strict";
import { test } from "node:test";

import { axisKind, longPath, shortPath } from "../../../../static/js/state/sweep/axis.js";

const AXES = {
  "lr,0.0001,10,32,log": {
    path: "/optimizer/hyperparameters/lr",
    from: 1e-4,
    to: 10,
    count: 32,
    scale: "log",
  },
  "betas:0,0,0.9,4,linear": {
    path: "/optimizer/hyperparameters/betas/0",
    from: 0,
    to: 0.9,
    count: 4,
    scale: "linear",
  },
  ":batch_size,[1,2,4]": { path: "/batch_size", values: [1, 2, 4] },
  ":model:hidden,[[2,2],[8]]": { path: "/model/hidden", values: [[2, 2], [8]] },
};

for (const [text, axis] of Object.entries(AXES))
  test(`An axis is written as ${text}, and read as it was.`, () => {
    assert.equal(axisKind.encode(/** @type {any} */ (axis)), text);
    assert.deepEqual(axisKind.decode(text), axis);
  });

const NONE = [
  "",
  "lr",
  "lr,1,1,4,log",
  "lr,0,1,4,log",
  "lr,1,2,1,linear",
  "lr,1,2,4",
  "lr,1,2,4,cubic",
  "lr,[]",
  "l r,[1]",
];

for (const text of NONE)
  test(`"${text}" is no axis.`, () => {
    assert.throws(() => axisKind.decode(text));
  });

test("A path below the hyperparameters is told without them.", () => {
  assert.equal(shortPath("/optimizer/hyperparameters/lr"), "lr");
  assert.equal(longPath(":steps"), "/steps");
});
