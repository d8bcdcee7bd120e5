import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { PointsError, columnsOf, readTable } from "../../../static/js/state/points/table.js";

const CASES = JSON.parse(readFileSync(new URL("../../points_csv.json", import.meta.url), "utf8"));

for (const { name, text, label = null, loss = null, table, wrong } of CASES)
  test(`a text is the same table here and in Python: ${name}`, () => {
    if (table !== undefined) return assert.deepEqual(readTable(text, label, loss), table);
    assert.throws(
      () => readTable(text, label, loss),
      (error) => {
        assert.ok(error instanceof PointsError);
        assert.deepEqual(error.wrong, wrong);
        return true;
      },
    );
  });

test("the columns of a text are named where it can be read that far", () => {
  assert.deepEqual(columnsOf("a;b\n1;x"), ["a", "b"]);
  assert.deepEqual(columnsOf("1\t2\n"), ["1", "2"]);
  assert.deepEqual(columnsOf(""), []);
});

test("a long text is read at once", () => {
  const text = "1.5,2.5,0\n2.5,1.5,1\n".repeat(20_000);
  assert.equal(readTable(text).x.length, 40_000);
});
