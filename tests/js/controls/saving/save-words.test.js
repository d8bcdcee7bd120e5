import assert from "node:assert/strict";
import { test } from "node:test";

import { captionOf, nameOf } from "../../../../static/js/controls/saving/save-words.js";

const t = (/** @type {string} */ key, params = {}) =>
  [key.split(".").at(-1), ...Object.values(params)].join(" ");

/** @param {string} place */
const page = (place) =>
  /** @type {any} */ ({
    ...{ t, problem: { title: "XOR" }, state: { place, problem: "xor", steps: 12 } },
    runs: [{ id: "run-0", label: "SGD", color: "#000", dash: [], marker: "circle" }],
  });

test("A caption has the step where runs are seen at one, and no runs where none of the page is shown.", () => {
  const captions = ["compare", "tune", "loops"].map((place) => captionOf(page(place), 6, "Loss"));
  assert.deepEqual(
    captions.map(({ title, runs }) => [title, runs.length]),
    [
      ["step XOR Loss 6 12", 1],
      ["still XOR Loss", 1],
      ["still loops Loss", 0],
    ],
  );
});

test("A file is called after the problem, or after the place where another loop is shown.", () => {
  assert.equal(nameOf(page("tune"), ["map"], "png"), "optiscope-xor-map.png");
  assert.equal(nameOf(page("loops"), ["run-1"], "svg"), "optiscope-loops-run-1.svg");
});
