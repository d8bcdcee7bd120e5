// A small catalog of the shape that GET /api/catalog has, for the tests of what depends on one.

const number = (name, value, extra = {}) => ({
  name,
  kind: "float",
  default: value,
  suggested: value,
  minimum: 0,
  maximum: null,
  exclusive_minimum: false,
  exclusive_maximum: false,
  scale: "linear",
  choices: [],
  optional: false,
  required: value === null,
  description: `${name}.`,
  ...extra,
});

const lr = (value) => number("lr", value, { scale: "log", maximum: 1e9 });
const flag = (name) => ({ ...number(name, false), kind: "bool", minimum: null });
const betas = { ...number("betas", [0.9, 0.999]), kind: "pair", maximum: 1, exclusive_maximum: true };

const choice = (name, hyperparameters, extra = {}) => ({
  name,
  title: name,
  summary: `${name} does this.`,
  hyperparameters,
  available: true,
  reason: null,
  ...extra,
});

const problem = (name, kind, options) => ({
  name,
  title: name,
  kind,
  description: `${name}.`,
  formula: "<math></math>",
  formula_text: "x",
  loss: "F.mse_loss",
  citation: "",
  options,
  option_defaults: Object.fromEntries(options.map((option) => [option, 1])),
  start: null,
  minima: [],
  saddles: [],
  suggested: {
    model: kind === "function" ? {} : { hidden: [3], activation: "tanh", seed: 5 },
    optimizers: [
      { name: "SGD", hyperparameters: { lr: 0.02 } },
      { name: "SGD", hyperparameters: { lr: 0.01, momentum: 0.9 } },
      { name: "Adam", hyperparameters: { lr: 0.5 } },
    ],
    steps: 150,
  },
});

const rates = (...optimizers) => ({
  tried: [0.001, 0.01, 0.1, 1],
  within: 0.01,
  steps: 150,
  optimizers: optimizers.map(([name, lr, given = {}]) => ({
    name,
    lr,
    with: given,
    source: "comparison",
    end_loss: null,
  })),
});

const run = (name, hyperparameters) => ({
  problem: { name: "xor", samples: null, noise: null, seed: null },
  model: { hidden: [2, 2], activation: "relu", seed: 7, state_dict: null, start: null },
  optimizer: { name, hyperparameters, param_groups: null, rest: null },
  lr_scheduler: null,
  freeze: [],
  clip_grad: null,
  batch_size: null,
  steps: 300,
  dtype: "float32",
  loop: { zero_grad: true, set_to_none: true, scheduler_first: false },
});

/** @type {any} */
export const catalog = {
  version: "1.0.0",
  torch: "2.13.0",
  problems: [
    {
      ...problem("xor", "dataset", ["samples", "noise", "seed"]),
      rates: rates(["SGD", 0.1, { momentum: 0 }], ["SGD", 0.05, { momentum: 0.9 }], ["Adam", 0.05]),
    },
    {
      ...problem("seed-example", "dataset", []),
      rates: rates(["SGD", 0.02, { momentum: 0 }], ["Adam", 0.5]),
    },
    { ...problem("rosenbrock", "function", []), start: [-1.5, 2] },
  ],
  activations: [{ name: "relu" }, { name: "tanh" }],
  optimizers: [
    choice("SGD", [lr(1e-3), number("momentum", 0, { maximum: 1 }), flag("nesterov")]),
    choice("Adam", [lr(1e-3), betas, flag("amsgrad")]),
    choice("SparseAdam", [lr(1e-3)], { available: false, reason: "it needs sparse gradients" }),
  ],
  lr_schedulers: [
    choice("StepLR", [
      { ...number("step_size", null), kind: "int", minimum: 1, suggested: 100, scale: "log" },
      number("gamma", 0.1),
    ]),
    choice("CosineAnnealingLR", [{ ...number("T_max", null), kind: "int", minimum: 1, suggested: 300 }]),
    choice("SequentialLR", [], { composite: true }),
  ],
  clipping: [
    choice("clip_grad_norm_", [number("max_norm", null, { suggested: 1, exclusive_minimum: true })]),
    choice("clip_grad_value_", [number("clip_value", null, { suggested: 1, exclusive_minimum: true })]),
  ],
  limits: {
    max_steps: 100000,
    max_hidden_layers: 6,
    max_hidden_units: 64,
    max_compared_runs: 8,
    max_seed: 4294967295,
  },
  defaults: {
    comparison: {
      runs: [run("SGD", { lr: 0.1 }), run("SGD", { lr: 0.1, momentum: 0.9 }), run("Adam", { lr: 0.05 })],
    },
  },
};
