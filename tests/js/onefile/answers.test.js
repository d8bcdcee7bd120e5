import assert from "node:assert/strict";
import { test } from "node:test";
import { answering } from "../../../static/js/onefile/answers.js";
import { Recording } from "../../../static/js/onefile/recording.js";
import { createApi } from "../../../static/js/api/resources.js";
import { ApiError } from "../../../static/js/api/request.js";

const SCENE = /** @type {any} */ ({ address: "", runs: [0, 1], surface: { x: [0] } });
const CONFIGS = ["SGD", "Adam"].map((name) => ({ optimizer: { name }, steps: 2 }));

/** @param {{optimizer: {name: string}}} config */
function recorded(config) {
  const { name } = config.optimizer;
  const events = [
    { event: "run_started", config: { ...config, dtype: "float32" } },
    { event: "run_ended", reason: "completed" },
  ];
  return {
    config,
    events: events.map((event) => `${JSON.stringify(event)}\n`).join(""),
    curvature: { of: name },
    held_out: { held_out: null, no_held_out: name },
    ...(name === "SGD" && { flow: { flow: null, no_flow: name } }),
    anatomies: { 2: { step: 2, of: name } },
    warnings: [{ code: name }],
    code: `train with ${name}`,
  };
}

/** A recording of two runs, and the page's calls that it answers. */
function made() {
  const said = (/** @type {string} */ code) => ({
    status: 501,
    title: "Not Implemented",
    code,
    detail: code,
  });
  const recording = new Recording(
    /** @type {any} */ ({
      place: "compare",
      address: "",
      runs: CONFIGS.map(recorded),
      scenes: [SCENE],
      documents: { "/api/catalog/summary": { problems: [] } },
      refused: { call: said("call"), step: said("step") },
    }),
  );
  const asked = CONFIGS.map((config) => /** @type {any} */ ({ ...config, model: {} }));
  recording.name(asked, SCENE);
  return { api: createApi(answering(recording)), asked };
}

const { signal } = new AbortController();

test("A comparison is the events of its runs, in whatever order they are asked for.", async () => {
  const { api, asked } = made();
  const events = [];
  for await (const some of api.compare([asked[1], asked[0]], signal)) events.push(...some);
  const told = events.map(({ run, event, config }) => [run, event, config?.optimizer.name]);
  assert.deepEqual(told, [
    [0, "run_started", "Adam"],
    [0, "run_ended", undefined],
    [1, "run_started", "SGD"],
    [1, "run_ended", undefined],
  ]);
});

test("A run that is not recorded is refused under its place, as one that a server refuses.", async () => {
  const { api, asked } = made();
  const stream = api.compare([asked[0], { ...asked[1], steps: 3 }], signal);
  await assert.rejects(stream.next(), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual(
      error.errors.map(({ pointer, code }) => [pointer, code]),
      [["/runs/1", "call"]],
    );
    return true;
  });
});

test("What is computed from a run is answered by its config, as it was asked for or completed.", async () => {
  const { api, asked } = made();
  assert.deepEqual(await api.curvature(asked[1], signal), { of: "Adam" });
  assert.equal((await api.heldOutLoss(asked[1], signal)).no_held_out, "Adam");
  assert.equal((await api.centralFlow(asked[0], signal)).no_flow, "SGD");
  await assert.rejects(api.centralFlow(asked[1], signal), { status: 501 });
  assert.equal(await api.code(asked[0], signal), "train with SGD");
  const complete = /** @type {any} */ ({ ...CONFIGS[1], dtype: "float32" });
  assert.deepEqual(await api.lint(complete, signal), [{ code: "Adam" }]);
  assert.deepEqual(await api.catalog(), { problems: [] });
});

test("A step that is not taken apart says which are; any other call says what starts a server.", async () => {
  const { api, asked } = made();
  const wanted = { request: asked[0], step: 2, parameter: null, iteration: null };
  assert.deepEqual(await api.anatomy(wanted), { step: 2, of: "SGD" });
  await assert.rejects(api.anatomy({ ...wanted, step: 1 }), { status: 501, message: "step" });
  await assert.rejects(api.gradientNoise(asked[0], 1, signal), { status: 501, message: "call" });
});
