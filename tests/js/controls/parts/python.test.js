import assert from "node:assert/strict";
import { test } from "node:test";

import { tokenize } from "../../../../static/js/controls/parts/python.js";

/** @param {string} code @param {string} kind */
const texts = (code, kind) =>
  tokenize(code)
    .filter((token) => token.kind === kind)
    .map(({ text }) => text);

const CODE = `"""Train it."""
import torch  # a comment with "quotes" and 12

loss_1 = 1e-3 * net2(x)[0] if not None else .5
print(f'step {k}: "{loss!r}"', "it's # no comment")
`;

test("The pieces together are the code.", () => {
  const joined = tokenize(CODE)
    .map(({ text }) => text)
    .join("");
  assert.equal(joined, CODE);
});

test("Strings, comments, numbers and keywords are found, and not within each other.", () => {
  assert.deepEqual(texts(CODE, "comment"), ['# a comment with "quotes" and 12']);
  assert.deepEqual(texts(CODE, "string"), [
    '"""Train it."""',
    "f'step {k}: \"{loss!r}\"'",
    '"it\'s # no comment"',
  ]);
  assert.deepEqual(texts(CODE, "number"), ["1e-3", "0", ".5"]);
  assert.deepEqual(texts(CODE, "keyword"), ["import", "if", "not", "None", "else"]);
});

test("Names that hold a keyword or a number are names.", () => {
  assert.deepEqual(
    tokenize("info.format2(torch.float32, notin)").map(({ kind }) => kind),
    ["plain"],
  );
});
