import assert from "node:assert/strict";
import { test } from "node:test";

import { formulaLines, trustedFormula } from "../../../../static/js/formula.js";

const math = (/** @type {string} */ inner) => `<math display="block"><mrow>${inner}</mrow></math>`;
const BREAK = '<mo>&#x0002C;</mo><mspace width="1em" />';

test("Each statement of a formula has a line.", () => {
  assert.equal(
    formulaLines(math(`<mi>a</mi>${BREAK}<msub><mi>b</mi><mn>1</mn></msub>`)),
    math("<mi>a</mi>") + math("<msub><mi>b</mi><mn>1</mn></msub>"),
  );
});

test("What stands within something else is not broken, nor is what has one statement.", () => {
  for (const markup of [
    math(`<mrow><mi>a</mi>${BREAK}<mi>b</mi></mrow>`),
    math("<mi>a</mi><mo>&#x0002C;</mo><mi>b</mi>"),
    "<p>no formula</p>",
  ]) {
    assert.equal(formulaLines(markup), markup);
  }
});

test("Only MathML that does and fetches nothing becomes HTML.", () => {
  const formula = math(`<mi mathvariant="bold">a</mi>${BREAK}<mo>&gt;</mo>`);
  assert.equal(trustedFormula(formula), formula);
  for (const markup of [
    "<p>no formula</p>",
    math("<mglyph></mglyph>"),
    math('<mi href="x">a</mi>'),
    math('<mi onclick="x">a</mi>'),
    math('<mi display="block" style="x">a</mi>'),
    math("<mi "),
  ]) {
    assert.throws(() => trustedFormula(markup), TypeError);
  }
});
