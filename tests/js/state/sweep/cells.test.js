import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOf, withValue } from "../../../../static/js/state/sweep/cells.js";
import { csvOf } from "../../../../static/js/state/sweep/csv.js";
import { cellsOf, filled, run, started } from "../../sweeps.js";

test("Cells are put where they belong, in whatever order they come.", () => {
  const cells = filled({}, []);
  cells.add(/** @type {any} */ (cellsOf([5, 2], [0.5, Infinity])));
  assert.deepEqual([cells.count, cells.isWhole], [2, false]);
  assert.deepEqual([cells.at("end_loss", 5), cells.at("last_step", 2)], [0.5, 7]);
  assert.deepEqual(
    [2, 5].map((member) => cells.diverged(member)),
    [true, false],
  );
  assert.deepEqual([cells.isKnown(0), cells.has("test_loss"), cells.at("test_loss", 5)], [false, false, NaN]);
});

test("What there is of each run is counted for itself.", () => {
  const cells = filled({ shape: [2, 2, 3], members: 12, runs: [run(), run()] }, [1, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual([cells.countOf(0), cells.countOf(1)], [6, 1]);
  assert.deepEqual([cells.isWholeOf(0), cells.isWholeOf(1), cells.isWhole], [true, false, false]);
  const alone = cells.alone(0);
  assert.deepEqual([alone?.countOf(0), alone?.isWholeOf(0), cells.alone(1)], [6, true, null]);
});

test("A cell is the run with its values at the paths and its seed.", () => {
  const cells = filled({ shape: [1, 2, 3, 2], members: 12 }, []);
  const config = cells.config(9, [44, 45]); // [0, 1, 1, 1]
  assert.deepEqual(config.optimizer.hyperparameters, { lr: 1, momentum: 0.5 });
  assert.equal(config.model?.seed, 45);
  assert.deepEqual(cells.started, started({ shape: [1, 2, 3, 2], members: 12 }));
});

test("Members are numbered in C order.", () => {
  assert.deepEqual([0, 5, 23].map((member) => placesOf(member, [2, 3, 4])), [[0, 0, 0], [0, 1, 1], [1, 2, 3]]); // prettier-ignore
});

test("A value at a place of a document leaves the rest as it is.", () => {
  const document = { a: [{ b: 1 }, { b: 2 }], "x/y": 3 };
  assert.deepEqual(withValue(document, "/a/1/b", 5), { a: [{ b: 1 }, { b: 5 }], "x/y": 3 });
  assert.deepEqual(withValue(document, "/x~1y", 4), { ...document, "x/y": 4 });
  assert.deepEqual(document.a[1], { b: 2 });
});

test("A file of a sweep without optimizers has the same columns, and where points end.", () => {
  const ask = /** @type {any} */ ({ slots: [3], body: {} });
  const cells = filled({ shape: [2, 3] }, []);
  const end = { dtype: "f8", shape: "1,2", bdata: btoa(String.fromCharCode(...new Uint8Array(Float64Array.of(3, 2).buffer))) }; // prettier-ignore
  cells.add(/** @type {any} */ ({ ...cellsOf([4], [0.5]), end }));
  const [head, row] = csvOf({ key: "", sweeps: [{ ask, cells, summary: null }] }, String).trim().split("\r\n"); // prettier-ignore
  assert.match(head, /,end\/0,end\/1,ended$/);
  assert.equal(row, "3,1,0.5,,1,0.5,0.5,0.5,30,3,2,completed");
});

test("What an optimizer has of a sweep of several is a sweep of its own, once it is whole.", () => {
  const cells = filled({ shape: [2, 2, 3], members: 12, runs: [run(), run()] }, [1, 2, 3, 4, 5, 6, 7]);
  const own = cells.alone(0);
  assert.deepEqual([own?.members, own?.isWhole, own?.at("end_loss", 5)], [6, true, 6]);
  assert.equal(cells.alone(1), null);
});

test("A file of cells has a row for each that is there.", () => {
  const ask = /** @type {any} */ ({ slots: [3], body: {} });
  const text = csvOf(
    { key: "", sweeps: [{ ask, cells: filled({}, [0.5, Infinity]), summary: null }] },
    () => 'a "b"',
  );
  const [head, ...rows] = text.trim().split("\r\n");
  assert.match(head, /^run,\/optimizer\/hyperparameters\/lr,.*momentum,seed,initial_loss,.*,ended$/);
  assert.deepEqual(rows, [
    '"a ""b""",0.1,0,,1,0.5,0.5,0.5,30,completed',
    '"a ""b""",0.1,0.5,,1,9,NaN,1,7,diverged',
  ]);
});

test("A file of cells spells numbers that are not finite as readers of such files do.", () => {
  const cells = filled({ shape: [2, 3] }, []);
  const bdata = btoa(
    String.fromCharCode(...new Uint8Array(Float64Array.of(Infinity, -Infinity, NaN).buffer)),
  );
  cells.add(
    /** @type {any} */ ({ ...cellsOf([0, 1, 2], [1, 1, 1]), final_loss: { dtype: "f8", shape: "3", bdata } }),
  );
  const ask = /** @type {any} */ ({ slots: [3], body: {} });
  const [head, ...rows] = csvOf({ key: "", sweeps: [{ ask, cells, summary: null }] }, String)
    .trim()
    .split("\r\n");
  const column = head.split(",").indexOf("final_loss");
  assert.deepEqual(
    rows.map((row) => row.split(",")[column]),
    ["inf", "-inf", "NaN"],
  );
});
