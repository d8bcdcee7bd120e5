// What is said of the arguments of a torch class.
import assert from "node:assert/strict";
import { test } from "node:test";

import { describe } from "../../../../static/js/controls/parts/hyperparameters.js";
import { translatorOf } from "../../languages.js";

test("The hint of an argument is what it does and its default, as far as they are known, with no blank around.", () => {
  const page = translatorOf("en");
  const description = "The learning rate.";
  assert.equal(describe(page, { description, default: 0.001 }), "The learning rate. Default: 0.001.");
  assert.equal(describe(page, { description: "", default: 0.001 }), "Default: 0.001.");
  assert.equal(describe(page, { description, default: null }), "The learning rate.");
  assert.equal(describe(page, { description: "", default: null }), "");
});
