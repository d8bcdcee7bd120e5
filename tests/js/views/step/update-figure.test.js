import assert from "node:assert/strict";
import { test } from "node:test";

import { elementOf, placeOf, shapeOf, shownLine } from "../../../../static/js/views/step/update-figure.js";

const MATRIX = [
  [1, 2, 3],
  [4, 5, -6],
];

/** An update of a matrix with one line. @param {any} line */
const updateOf = (line) => {
  const values = {
    a: { symbol: "a", value: MATRIX },
    "a.1": { symbol: "a", value: MATRIX },
    row: { symbol: "r", value: [[10], [20]] },
    rate: { symbol: "g", value: 0.1 },
    gram: { symbol: "A", value: [["NaN", 1]] },
  };
  const what = { detail: "", code: "", params: {} };
  const given = { key: "a.1", code: "a = a + 1", symbols: "<math></math>", what, torch: null, ulps: null };
  const whole = { ...given, uses: [], numbers: "", ulps_of: null, ours: null, ...line };
  return /** @type {any} */ ({ result: MATRIX, values, lines: [whole] });
};

/** @param {any} line @param {number} element */
const shown = (line, element) => {
  const update = updateOf(line);
  return shownLine(update, update.lines[0], element, true);
};

test("An element stands where torch's index says.", () => {
  assert.deepEqual(shapeOf(MATRIX), [2, 3]);
  assert.deepEqual(placeOf(5, [2, 3]), [1, 2]);
  assert.deepEqual(placeOf(0, []), []);
});

test("What has a number a row, or one for all, has it for each element; what has another shape has none.", () => {
  assert.equal(elementOf(MATRIX, [1, 2]), -6);
  assert.equal(elementOf([[10], [20]], [1, 2]), 20);
  assert.equal(elementOf(0.5, [1, 2]), 0.5);
  assert.equal(elementOf("Infinity", [0, 0]), Infinity);
  assert.equal(elementOf([1, 2], [1, 1]), null);
  assert.equal(elementOf([[1]], [1, 2]), 1);
});

test("Numbers take their places in a formula, negative ones in brackets, whole tensors as matrices.", () => {
  const { numbers, value } = shown({ numbers: "<mtext>@a@</mtext><mtext>@row@</mtext><mtext>@rate@</mtext>" }, 5); // prettier-ignore
  assert.equal(numbers, "<mrow><mo>(</mo><mn>−6</mn><mo>)</mo></mrow><mn>20</mn><mn>0.1</mn>");
  assert.equal(value, "−6");
  const whole = shown({ numbers: "<mtext>@@gram@@</mtext>" }, 0).numbers;
  assert.match(whole, /<mtable><mtr><mtd><mn>NaN<\/mn><\/mtd><mtd><mn>1<\/mn><\/mtd><\/mtr><\/mtable>/);
});

test("A line says how far it is from torch's number at the chosen element.", () => {
  assert.deepEqual(shown({}, 0).mark, { kind: "ours" });
  assert.deepEqual(shown({ torch: "a", ulps: 0 }, 0).mark, { kind: "exact" });
  const ours = [
    [1, 2.5, 3],
    [4, 5, 6],
  ];
  const off = {
    torch: "a",
    ulps: 2,
    ulps_of: [
      [0, 2, 0],
      [0, 0, 0],
    ],
    ours,
  };
  assert.deepEqual(shown(off, 0).mark, { kind: "exact" });
  assert.deepEqual(shown(off, 1).mark, { kind: "off", count: 2, ours: "2.5" });
});
