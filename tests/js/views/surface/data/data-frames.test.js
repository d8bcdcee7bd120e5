import assert from "node:assert/strict";
import { test } from "node:test";

import {
  filmOf,
  filmSteps,
  frameAt,
  isoline,
} from "../../../../../static/js/views/surface/data/data-frames.js";
import { arrange } from "../../../../../static/js/views/surface/data/data-view.js";

const response = {
  x: [0, 1],
  y: [0, 1],
  window: [[0, 1], [0, 1]], // prettier-ignore
  task: "classification",
  train: { x: [[0, 0]], y: [[1]] },
  test: { x: [[1, 1]], y: [[0]] },
  runs: [
    {
      steps: [0, 10],
      z: [[[0, 0], [0, 0]], [[0, 1], [0, 1]]], // prettier-ignore
      train_loss: [0.5, 0.25],
      test_loss: [0.75, 0.5],
      hinges: [
        [[[0, 0], [1, 1]], [["NaN", "NaN"], ["NaN", "NaN"]]], // prettier-ignore
        [[[0, 1], [1, 0]], [[0, 0], [1, 0]]], // prettier-ignore
      ],
      dead: [{ fc1: [] }, { fc1: [1] }],
    },
  ],
};

test("A film has its first and last step, and no step twice.", () => {
  assert.deepEqual(filmSteps(0), [0]);
  assert.deepEqual(filmSteps(3), [0, 1, 2, 3]);
  const steps = filmSteps(1000);
  assert.deepEqual([steps[0], steps.at(-1), new Set(steps).size], [0, 1000, steps.length]);
});

test("The nearest frame is shown, with the hinges of units that live.", () => {
  const film = filmOf(response);
  const late = frameAt(film, 0, 6);
  assert.deepEqual([late.step, late.trainLoss, late.testLoss], [10, 0.25, 0.5]);
  assert.deepEqual([...late.z], [0, 1, 0, 1]);
  assert.deepEqual(late.hinges, [[0, 1, 1, 0]]);
  assert.deepEqual(frameAt(film, 0, 4).hinges, [[0, 0, 1, 1]]);
});

test("A boundary lies where the output crosses one half.", () => {
  const { z, film } = frameAt(filmOf(response), 0, 10);
  assert.deepEqual(isoline(z, film.side, 0.5), [[0.5, 0, 0.5, 1]]);
  assert.deepEqual(isoline(z, film.side, 2), []);
});

test("Panels are as large as they can be.", () => {
  assert.equal(arrange(4, 700, 700).columns, 2);
  assert.equal(arrange(2, 700, 300).columns, 2);
  assert.equal(arrange(2, 300, 700).columns, 1);
  const heads = [700, 250, 100].map((side) => arrange(1, side + 100, side + 82).head);
  assert.deepEqual(heads, [26, 42, 58], "the names of runs have a line of their own where panels are narrow");
});
