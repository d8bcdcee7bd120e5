import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/api/request.js";
import { namedRun, withNamed } from "../../../static/js/main/named-run.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";

const RUN = /** @type {any} */ ({
  ...{ id: "3f9a0c7d21be", first: 0, origin: null, source: null },
  config: {
    problem: { name: catalog.problems[0].name },
    model: { hidden: [2, 2], activation: "relu", seed: 0 },
    optimizer: { name: "SGD", hyperparameters: { lr: 0.1 } },
    ...{ steps: 9, dtype: "float32", batch_size: null, freeze: [], lr_scheduler: null, clip_grad: null },
  },
});

const missing = () => Promise.reject(new ApiError(404, { title: "no such run" }));

test("A run that an address names is shown alone.", async () => {
  const { run, notices } = await namedRun("?v=2&kept=3f9a0c7d21be", async () => RUN);
  assert.deepEqual(notices, []);
  const state = withNamed(defaultState(catalog), catalog, run);
  assert.deepEqual(state.runs.map(({ kept }) => kept?.id), ["3f9a0c7d21be"]); // prettier-ignore
  assert.equal(state.selected, state.runs[0].slot);
});

test("What an address names that is not kept is said, and one that names none changes nothing.", async () => {
  const { run, notices } = await namedRun("?kept=gone", missing);
  assert.deepEqual([run, notices.map(({ key }) => key)], [null, ["shell.notice.noRun"]]);
  const state = defaultState(catalog);
  assert.equal(withNamed(state, catalog, (await namedRun("?v=2", missing)).run), state);
});

test("A run that is not ours, and a server that does not answer, are no run to be shown.", async () => {
  const watched = await namedRun("?kept=a", async () => ({ ...RUN, config: null }));
  assert.deepEqual([watched.run, watched.notices.length], [null, 1]);
  await assert.rejects(namedRun("?kept=a", () => Promise.reject(new ApiError(503, { title: "busy" }))));
});
