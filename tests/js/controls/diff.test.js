import assert from "node:assert/strict";
import { test } from "node:test";

import { diffLines } from "../../../static/js/controls/parts/diff.js";

const MARKS = { same: " ", added: "+", removed: "-" };
const shown = (before, code) =>
  diffLines(before, code).map(({ kind, tokens }) => MARKS[kind] + tokens.map(({ text }) => text).join(""));

test("Lines that are left out and that are new are marked where they stand.", () => {
  const before = "for step in steps:\n    zero_grad()\n    loss.backward()\n    step()\n";
  const code = "for step in steps:\n    loss.backward()\n    zero_grad()\n    step()\n";
  assert.deepEqual(shown(before, code), [
    " for step in steps:",
    "-    zero_grad()",
    "     loss.backward()",
    "+    zero_grad()",
    "     step()",
  ]);
});

test("Equal scripts have no marks, and what is not removed is the script itself.", () => {
  const code = 'a = """one\ntwo"""\n\nb = 2  # two\n';
  assert.deepEqual(shown(code, code), [' a = """one', ' two"""', " ", " b = 2  # two"]);
  const lines = diffLines("c = 3\n", code).filter(({ kind }) => kind !== "removed");
  assert.equal(`${lines.map(({ tokens }) => tokens.map(({ text }) => text).join("")).join("\n")}\n`, code);
});

test("Of repeated lines the added one is marked.", () => {
  assert.deepEqual(shown("backward()\n", "backward()\nbackward()\n"), [" backward()", "+backward()"]);
});
