import assert from "node:assert/strict";
import { test } from "node:test";
import { counted } from "../../../static/js/controls/loops/loop-words.js";

test("names that are there several times have their number", () => {
  assert.deepEqual(counted(["Adam", "SGD", "Adam"]), ["Adam (2)", "SGD"]);
  assert.deepEqual(counted([]), []);
});
