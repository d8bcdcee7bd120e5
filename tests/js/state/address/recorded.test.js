import assert from "node:assert/strict";
import { test } from "node:test";
import { configsOf } from "../../../../static/js/state/configs.js";
import { problemOf } from "../../../../static/js/state/catalog.js";
import {
  recordedLesson,
  recordedLoops,
  recordedMaps,
  recordedState,
} from "../../../../static/js/state/address/recorded.js";
import { catalog } from "../../catalog.js";

const VIEWS = { tabs: ["training", "step"], scales: { loss: ["log", "linear"] } };
const CONFIGS = ["SGD", "Adam"].map((name) => ({
  problem: { name: "xor" },
  model: { hidden: [3], seed: 5 },
  optimizer: { name, hyperparameters: { lr: 0.25 } },
  steps: 40,
}));

test("The runs are those that were recorded; the address says how they are looked at, and in which slots.", () => {
  const query =
    "?v=2&problem=moons&steps=9&runs=[(slot:1,optimizer:SGD(lr:1)),(slot:4,optimizer:SGD(lr:2))]&selected=4&step=7&plots=step";
  const state = recordedState(CONFIGS, query, catalog, VIEWS);
  const { problem, steps, hidden, seed, step, panel, selected } = state;
  assert.deepEqual([problem, steps, hidden, seed], ["xor", 40, [3], 5]);
  assert.deepEqual([step, panel, selected], [7, "step", 4]);
  assert.deepEqual(
    state.runs.map(({ slot, optimizer }) => [slot, optimizer.name, optimizer.hyperparameters.lr]),
    [
      [1, "SGD", 0.25],
      [4, "Adam", 0.25],
    ],
  );
  assert.equal(configsOf(state, problemOf(catalog, "xor")).length, 2);
});

test("Without an address they play from their beginning; what a file has not is not shown.", () => {
  const { step, runs, place, mode, lesson } = recordedState(
    CONFIGS,
    "?v=2&view=3d&place=tune",
    catalog,
    VIEWS,
  );
  assert.deepEqual([step, place, mode, lesson], [null, "compare", "contour", null]);
  assert.deepEqual(
    runs.map(({ slot }) => slot),
    [0, 1],
  );
});

test("A config that says no hyperparameters has none, and its run a name.", () => {
  const bare = /** @type {any} */ ({
    ...CONFIGS[0],
    optimizer: { name: "SGD" },
    lr_scheduler: { name: "StepLR" },
  });
  const [run] = recordedState([bare], "", catalog, VIEWS).runs;
  assert.deepEqual([run.optimizer.hyperparameters, run.lr_scheduler?.hyperparameters], [{}, {}]);
});

const RATES = { path: "/optimizer/hyperparameters/lr", values: [0.1, 1] };
const STEPS = { path: "/steps", values: [2, 3] };

for (const [query, axes, kind] of /** @type {[string, any[], string][]} */ ([
  ["", [RATES], "curve"],
  ["", [RATES, STEPS], "map"],
  ["?v=2&place=tune", [RATES], "map"],
  ["?v=2&place=tune&tune=race", [RATES], "race"],
  ["?v=2&tune=curve", [RATES], "curve"],
]))
  test(`A sweep along ${axes.length} axes is seen as ${kind} at "${query}".`, () => {
    const state = recordedState(CONFIGS, query, catalog, VIEWS);
    const body = /** @type {any} */ ({ run: CONFIGS[0], axes, seeds: [0, 1, 2], target: 0.5 });
    const { place, tune, sweep } = recordedMaps(state, body, query, catalog, VIEWS);
    assert.deepEqual([place, tune.kind], ["tune", kind]);
    assert.deepEqual([sweep.x, sweep.y, sweep.seeds, sweep.target], [RATES, axes[1] ?? null, 3, 0.5]);
  });

test("Basins keep their own axes, whatever is swept.", () => {
  const query = "?v=2&place=tune&tune=basins&tune_x=lr,0.01,1,4,log";
  const body = /** @type {any} */ ({ run: CONFIGS[0], axes: [STEPS, STEPS] });
  const { sweep } = recordedMaps(recordedState(CONFIGS, query, catalog, VIEWS), body, query, catalog, VIEWS);
  assert.deepEqual(sweep.x, { path: RATES.path, from: 0.01, to: 1, count: 4, scale: "log" });
});

test("A lesson is open at the page that the address names, with its own runs whatever the address says of them.", () => {
  const step = (/** @type {number} */ lr) => ({
    address: `?v=2&problem=xor&runs=[SGD(lr:${lr})]&steps=9`,
    points_at: null,
  });
  const lesson = /** @type {any} */ ({ id: "one", steps: [step(0.5), step(0.25)] });
  const query = "?v=2&place=learn&lesson=one&page=1&runs=[Adam(lr:1)]&step=4&view=3d";
  const state = recordedLesson(lesson, query, catalog, VIEWS);
  assert.deepEqual(
    [state.place, state.lesson, state.page, state.step, state.mode],
    ["learn", "one", 1, 4, "contour"],
  );
  assert.deepEqual(
    state.runs.map(({ optimizer }) => optimizer.hyperparameters),
    [{ lr: 0.25 }],
  );
  assert.deepEqual(recordedLesson(lesson, "", catalog, VIEWS).page, 0);
});

test("Of watched runs the first one is open, unless the address names another that is there.", () => {
  const opened = (/** @type {string} */ query) => recordedLoops(["a1", "b2"], query, catalog, VIEWS);
  assert.deepEqual([opened("").place, opened("").loops.run, opened("").loops.beside], ["loops", "a1", null]);
  const { run, beside, at } = opened("?v=2&loop=b2&loop_beside=a1&loop_at=7").loops;
  assert.deepEqual([run, beside, at], ["b2", "a1", 7]);
  assert.equal(opened("?v=2&loop=ff").loops.run, "a1");
});
