import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  decodeState,
  encodeState,
  problemsToKnow,
  stepBeyond,
} from "../../../../static/js/state/address/address.js";
import { DEFAULTS_V1 } from "../../../../static/js/state/address/defaults-v1.js";
import { addressTable, defaultState } from "../../../../static/js/state/address/table.js";
import { VIEW_KEYS, openTab, scalesOf } from "../../../../static/js/views/registry.js";
import { RATES } from "../../../../static/js/state/sweep/axis.js";
import { catalog } from "../../catalog.js";

/** The state with the tab and the scales that are shown, chosen or not. @param {any} state */
const shown = (state) => ({ ...state, panel: openTab(state).id, scales: scalesOf(state) });

/** @param {any} changes */
const changed = ({ problem = "xor", ...changes }) => ({ ...defaultState(catalog, problem), ...changes });

const sgd = { name: "SGD", hyperparameters: { lr: 0.1 } };
const step = { name: "StepLR", hyperparameters: { step_size: 10, gamma: 0.5 }, interval: 3 };
const sequence = {
  name: "SequentialLR",
  hyperparameters: {},
  schedulers: [
    { name: "StepLR", hyperparameters: { step_size: 10 } },
    { name: "CosineAnnealingLR", hyperparameters: { T_max: 90 } },
  ],
  milestones: [10],
  interval: 2,
};
const plain = { slot: 0, optimizer: sgd, lr_scheduler: null, freeze: [], clip_grad: null };

const CHANGES = [
  {},
  { problem: "rosenbrock", start: [-1.25, 2] },
  { samples: 64, noise: 0.15, dataSeed: 3 },
  { hidden: [], activation: "tanh", seed: 12 },
  { hidden: [8, 4, 2] },
  { steps: 1000, dtype: "float64", batchSize: 16, batchSeed: 7 },
  { arrows: true, plane: { kind: "held", of: "pca(axes:[1,-2])", numbers: "A".repeat(240) } },
  { place: "learn", lesson: "freezing-fc2", page: 2 },
  { place: "tune", tune: { kind: "curve", show: "test", of: "selected" } },
  {
    place: "loops",
    loops: { run: "0f2d4a8b2865", beside: "a1", show: "state.exp_avg", x: "epoch", layer: 3, at: 40 },
  },
  { edge: { x: 1, y: 0, window: [[0.1, 0.1 + 2 ** -52], [1e-9, 1e9]], cells: 64 } }, // prettier-ignore
  {
    sweep: {
      x: { path: "/optimizer/hyperparameters/betas/0", from: 0, to: 0.99, count: 12, scale: "linear" },
      y: { path: "/model/hidden", values: [[2, 2], [8]] },
      ...{ seeds: 3, target: 0.05, judged: 6 },
    },
  },
  { weights: { "fc1.weight": [[0.5, -1e-9]], "fc1.bias": [0] } },
  { runs: [plain] },
  { runs: [plain, { ...plain, slot: 5 }], selected: 5 },
  { runs: [{ ...plain, lr_scheduler: step, freeze: [{ params: ["fc2"] }] }] },
  { runs: [{ ...plain, freeze: [{ params: ["fc1", "fc2"], from_step: 5, to_step: 9 }] }] },
  { runs: [{ ...plain, clip_grad: { name: "clip_grad_norm_", max_norm: 1.5 } }] },
  {
    runs: [
      {
        ...plain,
        hyperparameter_schedules: [
          { hyperparameter: "weight_decay", factor: "1 - step / 300" },
          { hyperparameter: "betas/0", factor: "(0.5 if step < 9 else 1)", groups: [0, 1] },
        ],
      },
    ],
  },
  {
    runs: [
      {
        ...plain,
        optimizer: { ...sgd, param_groups: [{ params: ["fc2"] }, { params: ["fc1"], from_step: 9 }] },
      },
    ],
  },
  { runs: [{ ...plain, average: { name: "EMA", decay: 0.9, from_step: 5 } }] },
  { runs: [{ ...plain, optimizer: { ...sgd, param_groups: [{ params: ["fc3"], lr: 0.5 }] } }] },
  { runs: [{ ...plain, optimizer: { ...sgd, rest: { name: "Adam", hyperparameters: { lr: 0.1 } } } }] },
  { runs: [{ ...plain, lr_scheduler: sequence }] },
  { runs: [{ ...plain, loop: { zero_grad: false, scheduler_first: true } }] },
  { runs: [{ ...plain, loop: { accumulate: 4, scale_loss: false, autocast: "bfloat16" } }] },
  { runs: [{ ...plain, loop: { order: ["forward", "loss", "backward", "zero_grad", "optimizer_step"] } }] },
  { runs: [{ ...plain, loop: { restart: { step: 20, optimizer: false }, replaced: ["fc2"] } }] },
  { scales: { axis: "samples" } },
  { panel: "curvature", scales: { sharpness: "linear" } },
  { panel: "state", parameter: "fc1.weight", quantity: "exp_avg" },
  { scales: { surface: "equalised", loss: "linear", lr: "log", grad_norm: "linear" } },
  { mode: "3d", network: "gradients", step: 0, speed: 7.5 },
  { language: "zh", theme: "dark", step: 142 },
  { plane: { kind: "eigen", at: "start", trainable_only: false } },
  { plane: { kind: "parameters", names: ["fc1.weight[0,1]", "fc3.bias[0]"], at: "final" } },
  { expression: "x**2 + 10*sin(y) & more", bounds: [[-1, 2], [0, 1e3]] }, // prettier-ignore
  { window: [[-0.5, 1.25], [1e-7, 3]] }, // prettier-ignore
];

for (const changes of CHANGES) {
  test(`The state with ${JSON.stringify(changes)} survives the address.`, () => {
    const state = changed(changes);
    const read = decodeState(encodeState(state, catalog, VIEW_KEYS), catalog, VIEW_KEYS);
    assert.deepEqual([shown(read.state), read.unread], [shown(state), []]);
  });
}

test("A bare address begins with what the catalog compares first, and is all that this needs.", () => {
  const state = defaultState(catalog);
  assert.equal(encodeState(state, catalog, VIEW_KEYS), "");
  assert.deepEqual(decodeState("", catalog, VIEW_KEYS), { state, unread: [] });
  assert.deepEqual(decodeState("?utm_source=elsewhere", catalog, VIEW_KEYS), { state, unread: [] });
});

test("A field that there is not, and whose name is like one that there is, is reported with that.", () => {
  const unread = (/** @type {string} */ query) => decodeState(query, catalog, VIEW_KEYS).unread;
  assert.deepEqual(unread("?problm=xor"), ["problm (problem?)"]);
  assert.deepEqual(unread("?v=2&batch_size=4&fbclid=1&stp=3"), ["batch_size (batch?)", "stp (step?)"]);
});

test("An address that is written says its version, before all else.", () => {
  assert.match(encodeState(changed({ step: 7 }), catalog, VIEW_KEYS), /^\?v=2&.*&step=7$/);
});

test("What version 2 leaves out is fixed, so a problem's name is enough for its first comparison of then.", () => {
  const { page, problems } = DEFAULTS_V1;
  const state = { ...defaultState(catalog), ...page, ...problems.rosenbrock, problem: "rosenbrock" };
  assert.equal(encodeState(state, catalog, VIEW_KEYS), "?v=2&problem=rosenbrock");
  assert.deepEqual(decodeState("?v=2&problem=rosenbrock", catalog, VIEW_KEYS), { state, unread: [] });
});

test("Of a problem that the version does not know everything is written; what is not, the catalog says.", () => {
  const later = { ...catalog, problems: [...catalog.problems, { ...catalog.problems[1], name: "later" }] };
  const state = defaultState(later, "later");
  assert.equal(
    encodeState(state, later, VIEW_KEYS),
    "?v=2&problem=later&hidden=3&activation=tanh&seed=5&steps=150" +
      "&runs=[SGD(lr:0.02),SGD(lr:0.01,momentum:0.9),Adam(lr:0.5)]",
  );
  const read = decodeState("?v=2&problem=later", later, VIEW_KEYS);
  assert.deepEqual([shown(read.state), read.unread], [shown(state), []]);
});

test("An address of a version to come is read as far as it can be, and the version reported.", () => {
  const { state, unread } = decodeState("?v=3&steps=50&later=1", catalog, VIEW_KEYS);
  assert.deepEqual([state.steps, unread], [50, ["v"]]);
  assert.deepEqual(decodeState("?v=constructor", catalog, VIEW_KEYS).unread, ["v"]);
});

test("What version 1 and 2 leave out is there for every field, and for every problem of theirs.", () => {
  const { page, problems } = DEFAULTS_V1;
  const fields = new Set(addressTable(catalog, VIEW_KEYS).map(({ field }) => field));
  for (const problem of Object.values(problems))
    assert.deepEqual(Object.keys({ ...page, ...problem }).sort(), [...fields].sort());
});

const written = JSON.parse(readFileSync(new URL("./addresses-v1.json", import.meta.url), "utf8"));
const names = (/** @type {string[]} */ ...all) => all.map((name) => ({ name }));
/** It suggests other comparisons than those of the time when the addresses were written. */
const today = {
  ...catalog,
  problems: Object.keys(DEFAULTS_V1.problems).map((name) => ({ ...catalog.problems[0], name })),
  optimizers: names("SGD", "Adam", "AdamW", "Muon"),
  lr_schedulers: names("StepLR", "SequentialLR", "LinearLR", "CosineAnnealingLR"),
};

/** What keys stand for that came later, and that no such address names. */
const SINCE = {
  points: null,
  batchSeed: null,
  weights: null,
  arrows: false,
  element: 0,
  projector: false,
  place: "compare",
  lesson: null,
  page: 0,
  tune: { kind: "map", show: "end", of: "all" },
  edge: { x: null, y: null, window: null, cells: 256 },
  loops: { run: null, beside: null, show: null, x: "step", layer: null, at: null },
  sweep: { x: RATES, y: null, seeds: 8, target: null, judged: 20 },
};

for (const { address, state, unread } of written) {
  test(`${address}, written before there were versions, shows what it showed.`, () => {
    assert.deepEqual(decodeState(address, today, VIEW_KEYS), { state: { ...SINCE, ...state }, unread });
  });
}

test("An old address keeps its meaning when it is written anew.", () => {
  for (const { address, state, unread } of written) {
    if (unread.length > 0) continue;
    assert.deepEqual(
      decodeState(encodeState(state, today, VIEW_KEYS), today, VIEW_KEYS),
      { state: { ...SINCE, ...state }, unread },
      address,
    );
  }
});

test("The first tab and the first choice of a scale need no query, chosen or not.", () => {
  const chosen = changed({ panel: "training", scales: { loss: "log" } });
  assert.equal(encodeState(chosen, catalog, VIEW_KEYS), "");
});

test("Every field of the state is in the table, once.", () => {
  const table = addressTable(catalog, VIEW_KEYS);
  const places = table.map(({ field, part = "" }) => `${field}.${part}`);
  assert.equal(new Set(places).size, places.length);
  const fields = new Set(table.map(({ field }) => field));
  assert.deepEqual([...fields].sort(), Object.keys(defaultState(catalog)).sort());
});

test("A link reads well.", () => {
  const { state } = decodeState("?v=2&problem=rosenbrock", catalog, VIEW_KEYS);
  const query = encodeState({ ...state, runs: [plain] }, catalog, VIEW_KEYS);
  assert.equal(query, "?v=2&problem=rosenbrock&runs=[SGD(lr:0.1)]");
});

const BAD = {
  problem: ["nowhere"],
  hidden: ["2,x", "1,1,1,1,1,1,1", "-1"],
  seed: ["1.5", "-1", "1e3"],
  start: ["1", "1,2,3", "a,b"],
  runs: [
    "[]",
    "[Nadam(lr:1)]",
    "[SGD(lr:1",
    "[7]",
    "[(optimizer:SGD(),slot:-1)]",
    "[SGD(.param_groups:[(lr:1)])]",
    "[(optimizer:SGD(),loop:(zero_grad:1))]",
    "[(optimizer:SGD(),loop:(tidy:true))]",
    "[(optimizer:SGD(),loop:(accumulate:0))]",
    "[(optimizer:SGD(),loop:(autocast:float8))]",
    "[(optimizer:SGD(),loop:(order:[step]))]",
    "[(optimizer:SGD(),loop:(restart:(step:3,clip:true)))]",
    "[(optimizer:SGD(),loop:(replaced:[]))]",
    "[SGD(.rest:7)]",
    "[SGD(.momentum:7)]",
    "[(optimizer:SGD(),lr_scheduler:SequentialLR(.schedulers:[7]))]",
    "[(optimizer:SGD(),lr_scheduler:SequentialLR(.milestones:[a]))]",
    "[(optimizer:SGD(),lr_scheduler:StepLR(.interval:0))]",
    "[(optimizer:SGD(),slot:1),SGD()]",
  ],
  selected: ["7"],
  plots: ["nowhere"],
  parameter: ["fc1 weight"],
  dtype: ["float16"],
  theme: ["pink"],
  plane: ["flat", "random(seed:x)"],
  window: ["1,2,3", "2,1,0,1"],
  step: ["-5"],
};

for (const [key, texts] of Object.entries(BAD)) {
  for (const text of texts) {
    test(`${key}=${text} falls back to the default and is reported.`, () => {
      const query = `?${new URLSearchParams({ v: "2", [key]: text })}`;
      const { state } = decodeState("?v=2", catalog, VIEW_KEYS);
      assert.deepEqual(decodeState(query, catalog, VIEW_KEYS), { state, unread: [key] });
    });
  }
}

test("More runs than the server compares are refused.", () => {
  const runs = `[${Array(9).fill("SGD(lr:1)").join(",")}]`;
  assert.deepEqual(decodeState(`?runs=${runs}`, catalog, VIEW_KEYS).unread, ["runs"]);
});

test("One bad field leaves the others alone.", () => {
  const { state, unread } = decodeState("?steps=50&dtype=float16", catalog, VIEW_KEYS);
  assert.deepEqual(unread, ["dtype"]);
  assert.equal(state.steps, 50);
});

test("A step after the last one is told; a run that is kept may have it.", () => {
  const beyond = (query) => stepBeyond(decodeState(query, catalog, VIEW_KEYS).state);
  assert.deepEqual(beyond("?v=2&steps=50&step=99999"), { step: 99999, steps: 50 });
  assert.equal(beyond("?v=2&steps=50&step=50"), null);
  assert.equal(beyond("?v=2&steps=50"), null);
  const { state } = decodeState("?v=2&steps=50&step=60", catalog, VIEW_KEYS);
  const runs = [{ ...state.runs[0], kept: { id: "a", first: 0, without: [] } }];
  assert.equal(stepBeyond({ ...state, runs }), null);
});

test("A clock that stands still or goes back is no speed.", () => {
  for (const speed of ["0", "-5"])
    assert.deepEqual(decodeState(`?v=2&speed=${speed}`, catalog, VIEW_KEYS).unread, ["speed"]);
});

/** @param {string} runs */
const runsOf = (runs, given = "") => {
  const read = decodeState(`?v=2&problem=xor&steps=70${given}&runs=${runs}`, catalog, VIEW_KEYS);
  assert.deepEqual(read.unread, []);
  return read.state.runs;
};

test("An optimizer by its name alone has the rate that the problem suggests, and what it needs.", () => {
  const [first, second, third] = runsOf("[SGD(lr:0.2),Adam,(optimizer:SGD,slot:5)]");
  assert.deepEqual(first.optimizer, { name: "SGD", hyperparameters: { lr: 0.2 } });
  assert.deepEqual(second, { ...plain, slot: 1, optimizer: { name: "Adam", hyperparameters: { lr: 0.05 } } });
  assert.deepEqual(third, { ...plain, slot: 5 });
});

test("A name alone is whole wherever a class is named, and an address then says what it stands for.", () => {
  const text =
    "[(optimizer:SGD(.rest:Adam),lr_scheduler:SequentialLR(.schedulers:[StepLR,CosineAnnealingLR],.milestones:[9])," +
    "clip_grad:clip_grad_norm_,earlier:[Adam])]";
  const runs = runsOf(text);
  const adam = { name: "Adam", hyperparameters: { lr: 0.05 } };
  assert.deepEqual(runs[0].optimizer.rest, adam);
  assert.deepEqual(runs[0].earlier, [adam]);
  assert.deepEqual(runs[0].clip_grad, { name: "clip_grad_norm_", max_norm: 1 });
  assert.deepEqual(runs[0].lr_scheduler?.schedulers, [
    { name: "StepLR", hyperparameters: { step_size: 100 } },
    { name: "CosineAnnealingLR", hyperparameters: { T_max: 70 } },
  ]);
  const written = encodeState({ ...defaultState(catalog, "xor"), steps: 70, runs }, catalog, VIEW_KEYS);
  assert.deepEqual(decodeState(written, catalog, VIEW_KEYS).state.runs, runs);
  assert.deepEqual(problemsToKnow(written, catalog), []);
});

test("Parentheses with nothing in them are torch's own defaults, and no class of that name is reported.", () => {
  assert.deepEqual(runsOf("[Adam()]")[0].optimizer, { name: "Adam", hyperparameters: {} });
  for (const runs of ["[Adamm]", "[(optimizer:StepLR)]", "[(optimizer:Adam,lr_scheduler:Adam)]", "[1]"])
    assert.deepEqual(decodeState(`?v=2&runs=${runs}`, catalog, VIEW_KEYS).unread, ["runs"]);
});

test("What a problem suggests is to be known before an address is read that has an optimizer by its name alone.", () => {
  const problems = catalog.problems.map(({ rates: _, ...problem }) => problem);
  const brief = { ...catalog, problems };
  const asked = (/** @type {string} */ query) => problemsToKnow(query, brief);
  assert.deepEqual(asked("?v=2&problem=rosenbrock&runs=[Adam(lr:1),SGD]"), ["rosenbrock"]);
  assert.deepEqual(asked("?v=2&problem=xor&runs=[(optimizer:Adam(lr:1),earlier:[SGD])]"), ["xor"]);
  assert.deepEqual(asked("?v=2&problem=xor&runs=[(optimizer:Adam(lr:1),freeze:[fc1])]"), []);
  assert.deepEqual(asked("?v=2&problem=xor&runs=[Adam(lr"), []);
  assert.deepEqual(asked("?v=2&problem=xor"), []);
  assert.deepEqual(problemsToKnow("?v=2&problem=xor&runs=[SGD]", catalog), []);
});
