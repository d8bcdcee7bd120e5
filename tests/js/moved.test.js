import assert from "node:assert/strict";
import { test } from "node:test";

import { movedAt, movedIn } from "../../static/js/moved.js";
import { SERIES } from "../../static/js/views/charts/series.js";
import { groupOf, groupPlace } from "../../static/js/views/drawing/parameters.js";
import { addingLines, movingLines } from "../../static/js/views/step/step-groups.js";
import { holdingsOf, verdictOf } from "../../static/js/views/step/step-words.js";
import { eventsOf } from "../../static/js/views/timeline/events.js";
import { historyOf, runOf } from "./drawn.js";
import { encode } from "./wire.js";

const SHAPES = { "fc1.weight": [2, 2], "fc2.weight": [2, 2] };
const CONFIG = {
  optimizer: {
    name: "SGD",
    hyperparameters: {},
    param_groups: [{ params: ["fc1"], from_step: 2 }, { params: ["fc2"] }],
  },
  hyperparameter_schedules: [{ hyperparameter: "weight_decay", factor: "0.5 ** step" }],
};

/** Four records, to which a group is added after two steps. */
const grouped = () => {
  const history = historyOf(SHAPES, 0, () => 0, { config: CONFIG });
  for (let k = 0; k < 4; k += 1) {
    const groups = k < 3 ? 1 : 2;
    const row = (/** @type {number} */ value) => encode(new Float64Array(groups).fill(value), [1, groups]);
    const params = Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => [name, encode(new Float32Array(4), [1, ...shape])]),
    );
    history.append(
      /** @type {any} */ ({
        event: "block",
        first: k,
        count: 1,
        loss: encode(Float32Array.of(1), [1]),
        lr: row(0.1),
        momentum: null,
        grad_norm: null,
        params,
        grads: params,
        state: {},
        hyperparameters: { weight_decay: row(0.1 / 2 ** k) },
      }),
    );
  }
  return history;
};

test("What a step used of a hyperparameter is read by group, once the group is there.", () => {
  const history = grouped();
  assert.deepEqual(movedIn(history), ["weight_decay"]);
  assert.equal(movedAt(history, "weight_decay", 1), 0.05);
  assert.equal(movedAt(history, "weight_decay", 2, 1), null);
  assert.equal(movedAt(history, "weight_decay", 3, 1), 0.0125);
  assert.equal(history.lr(3, 1), 0.1);
  assert.ok(Number.isNaN(history.lr(2, 1)));
});

test("A chart of its own shows it, with a line for each group.", () => {
  const series = SERIES.find(({ key }) => key === "moved");
  const history = grouped();
  const data = /** @type {any} */ ({ runs: [runOf("a", { history }), runOf("b")] });
  assert.equal(series?.isShown?.(data), true);
  assert.deepEqual(series?.params?.(data), { names: "weight_decay" });
  assert.equal(series?.value(history, 2), 0.025);
  const [second] = series?.secondary?.(history, data.runs[0]) ?? [];
  assert.equal(second.value(history, 3), 0.0125);
  assert.equal(second.value(history, 1), null);
  assert.equal(series?.isShown?.(/** @type {any} */ ({ runs: [runOf("b")] })), false);
});

test("A group that is added has the last column, and torch's last place.", () => {
  const history = grouped();
  assert.deepEqual(groupPlace(history, "fc1.weight"), { column: 1, place: 1, from: 2 });
  assert.equal(groupOf(history, "fc2.weight"), 0);
});

test("The step that adds it says so, and the steps before say that nothing holds it.", () => {
  const history = grouped();
  assert.deepEqual(
    [1, 2, 3].map((k) => addingLines(history, k).map(({ said }) => said[0].params?.names)),
    [[], [], [["fc1"]]],
  );
  assert.deepEqual(verdictOf(history, "fc1.weight", 2), {
    key: "notYet",
    params: { name: "fc1.weight", count: 2 },
  });
  assert.deepEqual(holdingsOf(history, "fc1.weight", 2), []);
  assert.equal(holdingsOf(history, "fc1.weight", 3)[1].code, 'optimizer.param_groups[1]["weight_decay"]');
  assert.deepEqual(movingLines(history, 3)[0].said, [
    { key: "moved", params: { name: "weight_decay", values: ["0.01250"] } },
  ]);
  const events = eventsOf(/** @type {any} */ (runOf("a", { history }))).filter(
    ({ kind }) => kind === "added",
  );
  assert.deepEqual(
    events.map(({ step, layer }) => [step, layer]),
    [[3, "fc1"]],
  );
});
