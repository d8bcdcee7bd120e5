import assert from "node:assert/strict";
import { test } from "node:test";

import { subjectOf } from "../../../static/js/main/place.js";

const t = (/** @type {string} */ key) => key;
const PROBLEM = { title: "Himmelblau's function" };
const FREEZING = { lesson: { title: "Freezing fc2" } };

test("the window is called after what its place shows", () => {
  const subject = (/** @type {import("../../../static/js/state/types.js").State["place"]} */ place) =>
    subjectOf({ place }, PROBLEM, FREEZING, t);
  assert.equal(subject("compare"), PROBLEM.title);
  assert.equal(subject("tune"), PROBLEM.title);
  assert.equal(subject("learn"), "Freezing fc2");
  assert.equal(subject("loops"), "shell.places.loops");
  assert.equal(subjectOf({ place: "learn" }, PROBLEM, { lesson: null }, t), "shell.places.learn");
});
