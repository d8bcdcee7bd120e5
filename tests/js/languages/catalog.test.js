import assert from "node:assert/strict";
import { test } from "node:test";

import { catalogIn, entriesIn } from "../../../static/js/languages/catalog.js";
import { catalog } from "../catalog.js";

const shout = (/** @type {string[]} */ place) => place.join("/");

test("Every text of the catalog is asked for by where it stands; what is no text stays.", () => {
  const told = catalogIn(catalog, shout);
  const [xor] = told.problems;
  assert.equal(xor.title, "xor", "a title that is the name is none");
  assert.equal(xor.description, "problems/xor/description");
  const adam = told.optimizers.find(({ name }) => name === "Adam");
  assert.equal(adam?.summary, "optimizers/Adam/summary");
  assert.equal(adam?.hyperparameters[0].description, "optimizers/Adam/hyperparameters/lr");
  assert.equal(told.limits, catalog.limits);
  assert.equal(catalog.problems[0].description, "xor.", "the catalog itself is left alone");
});

test("An entry has the texts that it has, and its reason and the keys of its state are among them.", () => {
  const entry = { name: "Sparse", reason: "Why.", state_keys: [{ key: "step", meaning: "Steps." }] };
  const [told] = entriesIn("optimizers", [entry], shout);
  assert.equal(told.reason, "optimizers/Sparse/reason");
  assert.deepEqual(told.state_keys, [{ key: "step", meaning: "optimizers/Sparse/state/step" }]);
  assert.equal(told.summary, undefined);
});
