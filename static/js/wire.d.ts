// What travels between server and page. Written by `make wire` from the OpenAPI document: do not edit.

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** It is above this number. */
export type Above = {
  /** The number. */
  above: number;
};

/** An activation function. */
export type ActivationEntry = {
  /** MathML. */
  formula: string;
  /** LaTeX, or Python for a problem. */
  formula_text: string;
  /** The name in a RunConfig. */
  name: string;
  /** How a script calls it. */
  function: string;
};

/** Which step of which run. */
export type AnatomyRequest = {
  /** A config, which is trained up to the step, or the id of a kept run. */
  run: RunConfig | KeptRun;
  /** Any step that the run takes. */
  step: number;
  /** Layers or parameters whose updates are told; all of them, unless given. */
  parameters?: string[] | null;
  /** Of LBFGS: which inner iteration the updates are of, counted from 1; the last one, unless given. */
  iteration?: number | null;
};

/** Who trains what. */
export type Audited = {
  /** The param groups of all optimizers. */
  groups: AuditedGroup[];
  /** Parameters that did not require a gradient when the run began. */
  frozen: string[];
  /** Parameters that no optimizer held when the run began. */
  unowned: string[];
  /** Parameters in two groups when the run began, some of them where they are many. */
  twice: string[];
};

/** A param group, as it was when the run began. */
export type AuditedGroup = {
  /** The class that steps it. */
  optimizer: string;
  /** How many parameters it holds. */
  tensors: number;
  /** How many numbers it holds. */
  numel: number;
  /** Its learning rate. */
  lr: number | "NaN" | "Infinity" | "-Infinity";
  /** null where its optimizer has none. */
  weight_decay: number | "NaN" | "Infinity" | "-Infinity" | null;
};

/** One axis of the plane. */
export type Axis = {
  /** What is drawn along it, in English. */
  label: string;
  /** What `label` says, as data. */
  code: string;
  /** What fills the holes of the sentence, by name. */
  params: Record<string, Json>;
  /** Of a principal axis: the share along it, 0 to 1, of the squared distances of all fitted records of all runs from the centre of the plane; of their variance, if that is the mean. */
  variance_explained?: number | null;
  /** d·Hd / d·d of its direction d: of the loss of the whole dataset, at what the plane is laid through, by Hessian-vector products of autograd in float64. null where that is no point (`function`), and for networks beyond `max_hessian_parameters`. */
  curvature?: number | "NaN" | "Infinity" | "-Infinity" | null;
};

/** One field of the run, and the values that it takes: a list, or numbers between two ends. */
export type AxisConfig = {
  /** A JSON pointer into the run with all defaults filled in. */
  path: string;
  /** The values, of whatever kind the field is. */
  values?: Json[] | null;
  /** The first of count numbers. */
  from?: number | null;
  /** The last of count numbers. */
  to?: number | null;
  /** How many numbers. */
  count?: number | null;
  /** Whether the numbers have equal differences or equal ratios. */
  scale?: "linear" | "log";
};

/** It is below this number. */
export type Below = {
  /** The number. */
  below: number;
};

/** All seeds of the place with the least median of `end_loss`; divergence counts as infinite. */
export type BestCellFound = {
  /** Its place on each axis, from 0. */
  at: number[];
  /** One for each seed. */
  members: number[];
  /** What the axes say there, by path. */
  values: Record<string, Json>;
  /** Of `end_loss` over its seeds, at 0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0. */
  quantiles: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** The median; null where there are no held-out samples. */
  test_loss: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** The median, infinite if half of the seeds do not get there; null without a target. */
  steps_to_target: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** The share of its seeds that got to the target. */
  reached: number | null;
  /** The share of its seeds that diverged or failed. */
  diverged: number;
};

/** Records as columns, each with the steps as its first dimension (`layout=columns`). */
export type BlockOfSteps = {
  event: "block";
  /** Its index, where the stream is of several. */
  run?: number | null;
  /** The step of its first record. */
  first: number;
  /** How many records it holds. */
  count: number;
  /** Records of first, first + every, …; left out if 1. */
  every?: number;
  loss: TypedArray;
  lr: TypedArray;
  /** As in a step; NaN for a group without. */
  momentum: TypedArray | null;
  /** Before clipping; null at record 0. */
  grad_norm: TypedArray | null;
  /** As in a step; left out where nothing clips. */
  clipped_grad_norm?: TypedArray | null;
  /** Those that follow a factor, by name and group. */
  hyperparameters?: Record<string, TypedArray> | null;
  /** The average of the parameters, by name; left out where there is none. */
  average?: Record<string, TypedArray> | null;
  /** Of all samples, at that average. */
  average_loss?: TypedArray | null;
  /** Of a watched run: each quantity [records, layers], NaN where it is unknown. */
  layers?: Record<string, TypedArray> | null;
  /** Of a watched run: what its program logged, by name. */
  logged?: Record<string, TypedArray> | null;
  /** Of a watched run: steps that were skipped so far. */
  skipped?: TypedArray | null;
  /** Of a watched run: samples seen so far. */
  samples?: TypedArray | null;
  /** Of a watched run: epochs so far. */
  epoch?: TypedArray | null;
  /** Of a watched run: last_epoch of each scheduler, [records, schedulers]. */
  scheduled?: TypedArray | null;
  /** Of a watched run: the rate above which its step raises the loss. */
  critical_rate?: TypedArray | null;
  /** Of a watched run: two rates that the critical one lies between. */
  critical_bracket?: TypedArray | null;
  /** Of a watched run: 2 by the critical rate. */
  critical_sharpness?: TypedArray | null;
  /** Of a watched run: the largest one of the Hessian. */
  top_eigenvalue?: TypedArray | null;
  /** Of a watched run: the norm of Hv - λv for that eigenvalue. */
  eigenvalue_residual?: TypedArray | null;
  /** Of a watched run: forward passes that looking at the loss took there. */
  passes?: TypedArray | null;
  /** Of a watched run: the loss around the parameters, where it was asked for. */
  surface?: Record<string, TypedArray> | null;
  /** Of a watched run: what was noticed in each step, by its code. */
  noticed?: Record<string, TypedArray> | null;
  /** By name: as they are after the step. */
  params: Record<string, TypedArray>;
  /** By parameter: what the step was given; null where `.grad` is None. */
  grads: Record<string, TypedArray | null> | null;
  /** By parameter and by torch's own key: what the optimizer keeps after the step. */
  state: Record<string, Record<string, TypedArray>>;
};

/** One run at each of the steps. */
export type BoundaryFrames = {
  /** Records shown: the last one of a run that ended earlier, the first one of a later fork. */
  steps: number[];
  /** [steps, resolution, resolution]; rows follow y. */
  z: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [steps], over all training samples. */
  train_loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [steps], over all held-out samples. */
  test_loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [steps, units, 2, 2]: both ends of each first-layer unit's line, NaN outside the window. */
  hinges: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray | null;
  /** ReLU units that no sample activates, by layer. */
  dead: Record<string, number[]>[];
  /** How many entries of z are not finite. */
  masked: number;
};

/** Which runs, at which steps, how fine. */
export type BoundaryRequest = {
  /** A config or id; or several as `runs`. */
  run?: RunConfig | KeptRun | null;
  /** Runs of one dataset; their networks may differ. */
  runs?: (RunConfig | KeptRun)[] | null;
  /** One record; -1 is the last. Or several as `steps`. */
  step?: number | null;
  /** Records; the last one, unless given. */
  steps?: number[] | null;
  /** Grid points along each side. */
  resolution?: number;
  /** [[xmin, xmax], [ymin, ymax]]; unless given, the problem's own and all data. */
  window?: [[number, number], [number, number]] | null;
  /** Which two features are drawn, from 0, of samples that have more; the others are held at their means over the training samples. */
  features?: [number, number];
  /** Arrays as nested lists, or as base64 typed arrays. */
  encoding?: "list" | "base64";
};

/** Everything that a run can be made of. */
export type Catalog = {
  /** Of this server. */
  version: string;
  /** The version of PyTorch that trains. */
  torch: string;
  /** What can be minimised. */
  problems: ProblemEntry[];
  /** Other packages that bring problems. */
  problem_plugins: PluginEntry[];
  /** What bends between the layers. */
  activations: ActivationEntry[];
  /** Optimizers of torch and of other packages. */
  optimizers: OptimizerEntry[];
  /** Other packages that bring optimizers. */
  optimizer_plugins: PluginEntry[];
  /** Learning-rate schedulers. */
  lr_schedulers: LRSchedulerEntry[];
  /** Other packages that bring schedulers. */
  lr_scheduler_plugins: PluginEntry[];
  /** Usual schedules, composed. */
  lr_scheduler_presets: PresetEntry[];
  /** Ways of clipping gradients. */
  clipping: ClippingEntry[];
  /** Classic mistakes of the training loop. */
  loop_mistakes: LoopMistakeEntry[];
  /** The bounds of this server, by the names of its settings. */
  limits: Record<string, number>;
  defaults: Defaults;
};

/** An entry of the catalog, by its kind. */
export type CatalogEntry = ProblemEntry | ActivationEntry | OptimizerEntry | LRSchedulerEntry | ClippingEntry | LoopMistakeEntry;

/** The catalog in brief; a field that an entry leaves out is its default here. */
export type CatalogSummary = {
  /** Of Optiscope. */
  version: string;
  /** The version of PyTorch that trains. */
  torch: string;
  /** What can be minimised. */
  problems: ProblemSummary[];
  /** What bends between the layers. */
  activations: EntrySummary[];
  /** Optimizers of torch and of other packages. */
  optimizers: OptimizerSummary[];
  /** Learning-rate schedulers. */
  lr_schedulers: LRSchedulerSummary[];
  /** Ways of clipping gradients. */
  clipping: ClippingSummary[];
  /** The bounds of a request, as in the catalog. */
  limits: Record<string, number>;
  defaults: Defaults;
};

/** Some cells as columns, [n] unless another shape is said, in any order. */
export type CellsOfMembers = {
  event: "cells";
  /** Of a sweep that is kept: which; to go on behind it, ask `from` the next. */
  part?: number | null;
  /** Their indices, in C order of `shape`; each comes once. */
  members: TypedArray;
  /** Of all training samples, at the initial parameters. */
  initial_loss: TypedArray;
  /** What record `last_step` says: of its minibatch, before its step. */
  final_loss: TypedArray;
  /** Of all training samples, at the last parameters; NaN after divergence. */
  end_loss: TypedArray;
  /** Of all held-out samples there; left out where data are fixed. */
  test_loss?: TypedArray | null;
  /** The least recorded number, NaN if none. */
  best_loss: TypedArray;
  /** The first step whose recorded loss is at most `target`, NaN if none. */
  steps_to_target?: TypedArray | null;
  last_step: TypedArray;
  /** Index into `reasons`. */
  ended: TypedArray;
  /** [n, 2], the last point, where the model is one. */
  end?: TypedArray | null;
};

/** The flow, or why there is none. */
export type CentralFlowAnswer = {
  /** null where there is none. */
  flow: PredictedPath | null;
  /** Why there is no flow; null where there is one. */
  no_flow: string | null;
  /** What `no_flow` says, as data. */
  no_flow_code: string | null;
  /** What fills the holes of the sentence, by name. */
  no_flow_params?: Record<string, Json>;
};

/** Of which run, and from where on. */
export type CentralFlowRequest = {
  /** A run: a config (trained unless it just was) or an id. */
  run: RunConfig | KeptRun;
  /** Where the flow begins; unless given, at the first record that is stable. */
  from_step?: number | null;
  /** The last record that is looked at. */
  to_step?: number | null;
  /** Records that what was measured is averaged over. */
  window?: number;
  /** Arrays as nested lists, or as base64 typed arrays. */
  encoding?: "list" | "base64";
};

/** Which choice is right, as the real run says it: the one whose number is as ``is`` says. Each field is one for all choices, or a list with one for each choice. */
export type Check = {
  /** The index of the run. */
  run?: number | number[];
  /** A number of a record by its path (`loss`, `lr/0`, `grads/fc2.weight/0/1`), `ended`, or one of `config/…`; `norm/…` is the 2-norm of an array, `singular/0/…` a matrix's largest singular value, `change/…` what a step has added. */
  quantity: string | string[];
  /** The record; `end` is the last. */
  step?: number | "end" | (number | "end")[];
  /** What is true there. */
  is: "none" | "zero" | "not zero" | "least" | "greatest" | Equals | Below | Above | ("none" | "zero" | "not zero" | "least" | "greatest" | Equals | Below | Above)[];
};

/** A circle through the place where the function is defined, anticlockwise. */
export type CircularDriftConfig = {
  name: "circular";
  /** Of the circle, in units of the function. */
  radius: number;
  /** Steps of a round. */
  period: number;
};

/** ``torch.nn.utils.clip_grad_norm_``. */
export type ClipNormConfig = {
  name: "clip_grad_norm_";
  /** What the norm of all gradients together is at most. */
  max_norm: number;
  /** Which norm: a number from 1, or inf. */
  norm_type?: number | "inf";
};

/** ``torch.nn.utils.clip_grad_value_``. */
export type ClipValueConfig = {
  name: "clip_grad_value_";
  /** What the magnitude of each entry is at most. */
  clip_value: number;
};

/** A way of clipping gradients. */
export type ClippingEntry = {
  /** MathML. */
  formula: string;
  /** LaTeX, or Python for a problem. */
  formula_text: string;
  /** The name in a RunConfig. */
  name: string;
  /** null of what a loop does without a class. */
  class: string | null;
  /** The name for people. */
  title: string;
  /** What it does, in a line. */
  summary: string;
  /** Its arguments, in their order. */
  hyperparameters: Hyperparameter[];
};

/** A way of clipping gradients. */
export type ClippingSummary = {
  /** The name in a RunConfig. */
  name: string;
  /** Left out where it is the name. */
  title?: string;
  /** What it does, in a line. */
  summary: string;
  /** Its arguments, in their order. */
  hyperparameters?: HyperparameterSummary[];
};

/** A script. */
export type Code = {
  /** The script. */
  code: string;
};

/** Runs to train side by side. */
export type Comparison = {
  /** The columns to send, such as `loss`; all, unless given. Without params, grads, state and average there may be `max_streamed_runs` runs. */
  record?: ("loss" | "lr" | "momentum" | "grad_norm" | "clipped_grad_norm" | "hyperparameters" | "average" | "average_loss" | "params" | "grads" | "state" | "layers" | "logged" | "skipped" | "samples" | "epoch" | "scheduled" | "noticed" | "critical_rate" | "critical_sharpness" | "critical_bracket" | "top_eigenvalue" | "eigenvalue_residual" | "passes" | "surface")[] | null;
  /** A RunConfig each, over one problem and one start to be comparable. */
  runs: RunConfig[];
};

/** A run to keep and start: a RunConfig, alone or with what to call it. */
export type Creation = NewRun | RunConfig;

/** Which runs, and at which of their records. */
export type CurvatureRequest = {
  /** Runs: configs (trained unless they just were) or ids. */
  runs: (RunConfig | KeptRun)[];
  /** Look at every k-th record and the last; unless given, at about a hundred. */
  every?: number | null;
  /** Look at these records instead. */
  steps?: number[] | null;
  /** Give the eigenvectors of so many largest eigenvalues. */
  top?: number;
  /** Arrays as nested lists, or as base64 typed arrays. */
  encoding?: "list" | "base64";
};

/** Every run. */
export type Curvatures = {
  /** In the order of the request. */
  runs: RunCurvature[];
};

/** What a run is trained on: lists, or typed arrays where the records are blocks. */
export type Data = {
  /** Inputs, [n, 2]. */
  x: number[][] | TypedArray;
  /** Targets, [n, 1]. */
  y: number[][] | TypedArray;
};

/** A dataset that a run brings with it. */
export type DataPointsConfig = {
  /** Inputs [points, features]: finite numbers, as many in each row. */
  x: number[][];
  /** A target for each point: the labels 0 and 1, or values. */
  y: number[];
  /** Of torch.nn.functional: mse_loss for values, binary_cross_entropy_with_logits for labels; null is that of labels if all targets are 0 or 1 and both are there. */
  loss?: "mse_loss" | "binary_cross_entropy_with_logits" | null;
  /** Share of the points that is not trained on, rounded down to whole points; the problem's seed chooses which. With 0, all are trained on and the held-out loss is theirs. */
  held_out?: number;
  /** Whether each feature is shifted and scaled to mean 0 and standard deviation 1 over the points that are trained on. */
  standardize?: boolean;
};

/** The grid, the data, and every run on it. */
export type DecisionBoundary = {
  /** [resolution] coordinates of the first input. */
  x: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [resolution] coordinates of the second input. */
  y: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** Which two features those are, from 0. */
  features: number[];
  /** For each feature where it is held, as the network sees it; null for the two. */
  held: (number | null)[];
  /** [[xmin, xmax], [ymin, ymax]] of the two features. */
  window: number[][];
  /** What the dataset is for. */
  task: "classification" | "regression";
  /** What z is. */
  shows: "probability" | "value";
  train: Samples;
  test: Samples;
  /** In the order of the request. */
  runs: BoundaryFrames[];
};

/** The comparison that the page opens with. */
export type DefaultComparison = {
  /** A RunConfig each. */
  runs: RunConfig[];
};

/** What is shown when nothing is asked for. */
export type Defaults = {
  comparison: DefaultComparison;
};

/** A sweep that a map is of. */
export type DrawnSweep = {
  /** A kept sweep, or what `POST /api/sweeps` takes. */
  sweep: SweepConfig | KeptSweepId;
  /** Which of `runs` its optimizers are, by index; unless given, all of them. None of one that is asked for after the others, as what judges a race. */
  runs?: number[] | null;
};

/** ``get_ema_multi_avg_fn``: an average that forgets. */
export type EMAConfig = {
  name: "EMA";
  /** Steps done before the first one that is averaged. */
  from_step?: number;
  /** Steps for each update_parameters(). */
  every?: number;
  /** Average the model's buffers, too, instead of copying them. */
  use_buffers?: boolean;
  /** What is kept in each update. */
  decay?: number;
};

/** What to change about a run that is not its training. */
export type Edit = {
  /** What it is called from now on. */
  name?: string | null;
  /** Whether it is kept whatever the quota says. */
  pinned?: boolean | null;
};

/** The gradient and the Hessian's top eigenvector at a record. The axes are orthogonal and of length 1: straight downhill, and of the eigenvector the part across that. If less than a tenth of it is left, the second eigenvector takes its place. Downhill stays where it is, along x and forwards, whatever `axes` says. */
export type EigenConfig = {
  /** Which axis is drawn along x and which along y; with a minus, the other way round than towards where the paths, together, go. */
  axes?: [number, number];
  /** The `basis` of another surface of this network: of all `axes` those that are nearest to it are taken, and answered in `plane`. So a picture does not flip when its runs change. */
  like?: [number[], number[]] | null;
  kind: "eigen";
  at?: RecordConfig;
  /** Leave out parameters that no run moves. */
  trainable_only?: boolean;
};

/** The end of a run. */
export type End = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** How it ended. */
  reason: "completed" | "diverged" | "failed" | "stopped";
  /** The step of the last record. */
  step: number;
};

/** What every entry has. */
export type EntrySummary = {
  /** The name in a RunConfig. */
  name: string;
  /** Left out where it is the name. */
  title?: string;
};

/** It is this number or text, to the last bit. */
export type Equals = {
  /** The number. */
  equals: number | string;
};

/** Runs to take away as a file; as HTML also the map of sweeps, or a lesson. */
export type Export = {
  /** Configs or ids; of sweeps, unless given, those that they begin with. */
  runs?: (RunConfig | KeptRun)[];
  /** Of the file; several runs come as a zip, unless it is html. */
  format?: "csv" | "parquet" | "npz" | "safetensors" | "jsonl" | "tensorboard" | "html";
  /** Of `html`: how the page looks at it, as a query of its own. */
  address?: string;
  /** Of `html`: that the surface is drawn on. */
  plane?: PcaConfig | ParametersConfig | RandomConfig | PointsConfig | EigenConfig | HeldConfig | FunctionConfig | null;
  /** Whether the loss on held-out samples is one more column. */
  held_out?: boolean;
  /** Of `html`: what a map is of. */
  sweeps?: DrawnSweep[];
  /** Of `html`: the id of a lesson, or one of one's own. */
  lesson?: Lesson | string | null;
  /** What each page of the lesson shows; known of those that come with Optiscope. */
  pages?: LessonPage[];
};

/** Steps to add. */
export type Extension = {
  /** How many are added. */
  steps: number;
};

/** The optimizers of one idea. */
export type Family = {
  /** What sets them apart. */
  idea: "gradient" | "averages" | "squares" | "signs" | "matrices" | "curvature" | "own-rate" | "layers" | "memory" | "schedule-free" | "sharpness" | "wrappers" | "other";
  /** A paragraph on them. */
  detail: string;
  /** What `detail` says, as data. */
  code: string;
  /** What fills the holes of the sentence, by name. */
  params: Record<string, Json>;
};

/** One field that cannot be used. */
export type FieldError = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** JSON pointer into the body, or the name of a parameter of the address behind a slash. */
  pointer: string;
  /** Its name, if it is a parameter of the address. */
  parameter?: string | null;
};

/** Where to fork a run, and what to change. */
export type Fork = {
  /** Any recorded step; the fork begins there. */
  step: number;
  /** A merge patch (RFC 7396) of the config; an optimizer, scheduler or problem of another name replaces the one before whole. */
  changes?: Record<string, Json>;
  /** What to take over besides the parameters. */
  restore?: Restore;
  /** Unless given: the parent's name and the step. */
  name?: string | null;
};

/** Parameters that are frozen while ``from_step <= steps done < to_step``, or taken to be. */
export type FreezeConfig = {
  /** Layers (fc2) or parameters (fc2.weight). */
  params: string[];
  /** Steps that are done before it is frozen. */
  from_step?: number;
  /** Steps that are done when it thaws; null is never. */
  to_step?: number | null;
  /** Also set .grad to None, as freezing should. */
  clear_grad?: boolean;
  /** What is done to them: requires_grad_(False) freezes. The others are taken for it: the layer is computed under torch.no_grad(), its output is detached, or layer.eval() is called. */
  by?: "requires_grad" | "no_grad" | "detach" | "eval";
};

/** The test function itself, over x and y. */
export type FunctionConfig = {
  kind: "function";
};

/** What was measured, or why there is nothing to measure. */
export type GradientNoiseAnswer = {
  /** null where there is none. */
  noise: MeasuredNoise | null;
  /** Why there is no noise; null where there is some. */
  no_noise: string | null;
  /** What `no_noise` says, as data. */
  no_noise_code: string | null;
  /** What fills the holes of the sentence, by name. */
  no_noise_params?: Record<string, Json>;
};

/** Which run, and at which of its records. */
export type GradientNoiseRequest = {
  /** A run: a config (trained unless it just was) or an id. */
  run: RunConfig | KeptRun;
  /** The record whose parameters are taken; the last one unless given. */
  step?: number | null;
  /** Of the minibatches that are drawn. */
  seed?: number;
};

/** The server as it is now. `status` tells what starting it again could mend. A full disk or a damaged database is told by `storage`, `held_up` and `runs`: it answers, and computes what is not to be kept. */
export type Health = {
  /** ok once a worker has answered; degraded while workers cannot be started or die. */
  status: "starting" | "ok" | "degraded" | "stopping";
  /** Why it is degraded, else empty. */
  reason: string;
  /** What `reason` says, as data. */
  reason_code: string | null;
  /** What fills the holes of the sentence, by name. */
  reason_params?: Record<string, Json>;
  /** Of Optiscope. */
  version?: string;
  /** Answers that are being streamed. */
  streams?: number;
  /** Recorded runs that are kept in memory. */
  finished_runs?: number;
  /** Kept runs that are being trained. */
  training?: number;
  /** The training processes. */
  workers?: Workers;
  /** Jobs of each kind that wait for a training process. */
  waiting?: Record<string, number>;
  /** How many kept runs are in each state; damaged is one. */
  runs?: Record<string, number>;
  /** Kept runs that are being trained and cannot go on now. */
  held_up?: number;
  /** Why the first of them cannot, else empty. */
  held_up_by: string;
  /** What `held_up_by` says, as data. */
  held_up_by_code: string | null;
  /** What fills the holes of the sentence, by name. */
  held_up_by_params?: Record<string, Json>;
  /** ok, or why runs cannot be kept. */
  storage: string;
  /** What `storage` says, as data; null where it is ok. */
  storage_code: string | null;
  /** What fills the holes of the sentence, by name. */
  storage_params?: Record<string, Json>;
};

/** A plane by its numbers, such as those of another surface, whatever the runs are. */
export type HeldConfig = {
  kind: "held";
  /** What lies at (0, 0): all parameters, in the model's order. */
  origin: number[];
  /** What one unit along each axis is. */
  basis: [number[], number[]];
};

/** One run at some of its records. */
export type HeldOut = {
  /** How many held-out samples there are. */
  samples: number;
  /** The records that it is told at. */
  steps: number[];
  /** [records]: mean over all held-out samples, at the parameters of the record. */
  loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
};

/** Which runs, and at which of their records. */
export type HeldOutLossRequest = {
  /** Runs: configs (trained unless they just were) or ids. */
  runs: (RunConfig | KeptRun)[];
  /** Look at every k-th record and the last; unless given, at about a thousand. */
  every?: number | null;
  /** Look at these records instead. */
  steps?: number[] | null;
  /** Arrays as nested lists, or as base64 typed arrays. */
  encoding?: "list" | "base64";
};

/** Every run. */
export type HeldOutLosses = {
  /** In the order of the request. */
  runs: RunHeldOutLoss[];
};

/** One keyword argument of a torch class. */
export type Hyperparameter = {
  /** The keyword, as torch spells it. */
  name: string;
  /** The type of its value. */
  kind: "float" | "int" | "bool" | "pair" | "triple" | "choice" | "int_list" | "expression";
  /** torch's own; null where a value must be given, or is the default. */
  default: boolean | number | string | Json[] | null;
  /** Where a control starts. */
  suggested: boolean | number | string | Json[] | null;
  /** The least value, or of each element; null where none is too small. */
  minimum: number | null;
  /** The greatest value, or of each element; null where none is too great. */
  maximum: number | null;
  /** Whether the minimum itself is refused. */
  exclusive_minimum: boolean;
  /** Whether the maximum itself is refused. */
  exclusive_maximum: boolean;
  /** The least and the most that is usual, where torch takes more than that. */
  usual: number[] | null;
  /** How a slider should move over the usual range. */
  scale: "linear" | "log";
  /** Of a number: words that it may be instead. */
  choices: (boolean | number | string)[];
  /** Whether null is a value too. */
  optional: boolean;
  /** Whether it may be a list, with a value for each param group. */
  per_group: boolean;
  /** Whether it must be given, as torch has no default. */
  required: boolean;
  /** What it does, in a line. */
  description: string;
  /** What stands for it in the formula, as MathML; empty if nothing does. */
  symbol: string;
};

/** A hyperparameter that follows a factor of the step, set by hand before each ``optimizer.step()``. */
export type HyperparameterScheduleConfig = {
  /** A number of the param groups other than lr: weight_decay, momentum, betas/0, … */
  hyperparameter: string;
  /** What the initial value is multiplied by: an expression of step, counted from 0. */
  factor: string;
  /** The param groups that follow, by their places in the config, the rest's last; null is every group that has the hyperparameter. */
  groups?: number[] | null;
};

/** One keyword argument of a torch class. */
export type HyperparameterSummary = {
  /** The keyword, as torch spells it. */
  name: string;
  /** The type of its value. */
  kind: "float" | "int" | "bool" | "pair" | "triple" | "choice" | "int_list" | "expression";
  /** torch's own; null where there is none. */
  default: boolean | number | string | Json[] | null;
  /** Where a control starts; left out where that is `default`. */
  suggested?: boolean | number | string | Json[] | null;
  /** The least value, or of each element. */
  minimum?: number | null;
  /** The greatest value, or of each element. */
  maximum?: number | null;
  /** Whether the minimum itself is refused. */
  exclusive_minimum?: boolean;
  /** Whether the maximum itself is refused. */
  exclusive_maximum?: boolean;
  /** The least and the most that is usual. */
  usual?: number[] | null;
  /** How a slider should move. */
  scale?: "linear" | "log";
  /** The values that it may be, or words beside numbers. */
  choices?: (boolean | number | string)[];
  /** Whether null is a value, too. */
  optional?: boolean;
  /** Whether it may be a list, a value for each param group. */
  per_group?: boolean;
  /** Whether it must be given. */
  required?: boolean;
};

/** How much is kept, and how much may be. */
export type Kept = {
  /** How many are kept. */
  runs: number;
  /** Their size on the disk. */
  bytes: number;
  /** Ended runs beyond it are pruned, oldest first, unless pinned. */
  max_runs: number;
  /** How large all of them may be before old ones are removed. */
  max_bytes: number;
};

/** How much is kept, and how much may be. */
export type KeptOfSweeps = {
  /** How many are kept. */
  sweeps: number;
  /** Their size on the disk. */
  bytes: number;
  /** Ended sweeps beyond it are pruned, oldest first, unless pinned. */
  max_sweeps: number;
  /** How large all of them may be before old ones are removed. */
  max_bytes: number;
};

/** A kept run, as far as it has come: a fork cannot be told by a config alone. */
export type KeptRun = {
  /** Of a kept run. */
  id: string;
};

/** A kept sweep; one that is being trained is waited for. */
export type KeptSweepId = {
  /** Of a kept sweep. */
  id: string;
};

/** Value k is what step k + 1 would use. */
export type LRSchedule = {
  /** The param groups, of all optimizers in turn. */
  groups: ScheduledGroup[];
  /** [groups, n]; null if only a run could tell. */
  lr: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray | null;
  /** [groups, n] momentum or beta1; null for a group without (NaN in a typed array), and null if no group has one. */
  momentum: (number | "NaN" | "Infinity" | "-Infinity" | Json[] | null)[] | TypedArray | null;
  /** [n] scheduler.last_epoch; null without a scheduler or of a HandOver. */
  last_epoch: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray | null;
  /** [groups, n] what get_lr() answers between two steps, where it is not get_last_lr(). */
  get_lr?: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray | null;
  /** [groups, n] what else follows a factor, by its name; NaN for a group without. */
  hyperparameters?: Record<string, (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray>;
  /** What stops the schedule before the last step. */
  ended: ScheduleEnd | null;
  /** Whether the schedule depends on the losses of a run. */
  needs_run: boolean;
  /** Why it does. */
  reason: string | null;
  /** What `reason` says, as data: see the `code` of a refusal. */
  reason_code: string | null;
  /** What fills the holes of the sentence, by name. */
  reason_params?: Record<string, Json>;
  /** The Python that builds optimizer and scheduler. */
  code: string;
};

/** A class of ``torch.optim.lr_scheduler`` and its arguments, or several that the loop hands over. */
export type LRSchedulerConfig = {
  /** A scheduler of the catalog. */
  name: string;
  /** Its arguments by keyword; what is left out keeps torch's default. */
  hyperparameters?: Record<string, Json>;
  /** Steps for each scheduler.step(). */
  interval?: number;
  /** The parts of SequentialLR, ChainedScheduler and HandOver. */
  schedulers?: LRSchedulerConfig[] | null;
  /** SequentialLR: the scheduler steps at which the next part takes over. HandOver: the calls from which the loop calls the next part. */
  milestones?: number[] | null;
  /** CosineAnnealingWarmRestarts: steps of an epoch, so that the loop calls scheduler.step(epoch + i / epoch_steps). */
  epoch_steps?: number | null;
};

/** A learning-rate scheduler. */
export type LRSchedulerEntry = {
  /** MathML. */
  formula: string;
  /** LaTeX, or Python for a problem. */
  formula_text: string;
  /** The name in a RunConfig. */
  name: string;
  /** null of what a loop does without a class. */
  class: string | null;
  /** The name for people. */
  title: string;
  /** What it does, in a line. */
  summary: string;
  /** Its arguments, in their order. */
  hyperparameters: Hyperparameter[];
  /** Where it comes from. */
  package: string;
  /** Where it was described; empty where nowhere. */
  paper: string;
  /** Whether it is made of others. */
  composite: boolean;
  /** Whether its parts follow each other. */
  milestones: boolean;
  /** Whether the loop calls one part at a time: no class of torch. */
  hands_over: boolean;
  /** Whether scheduler.step() takes an epoch, as epoch_steps says. */
  takes_epoch: boolean;
  /** Whether it looks at the loss, so that only a run can show it. */
  needs_metric: boolean;
  /** Whether it moves momentum, too. */
  cycles_momentum: boolean;
};

/** A learning-rate scheduler. */
export type LRSchedulerSummary = {
  /** The name in a RunConfig. */
  name: string;
  /** Left out where it is the name. */
  title?: string;
  /** What it does, in a line. */
  summary: string;
  /** Its arguments, in their order. */
  hyperparameters?: HyperparameterSummary[];
  /** Whether it is made of other schedulers. */
  composite?: boolean;
  /** Whether it takes milestones of its own. */
  milestones?: boolean;
  /** Whether the loop calls its parts one after the other. */
  hands_over?: boolean;
  /** Whether it can be given fractions of an epoch. */
  takes_epoch?: boolean;
  /** Whether it is given the loss. */
  needs_metric?: boolean;
  /** Whether it moves momentum, too. */
  cycles_momentum?: boolean;
};

/** Parameters of one module and param group of a watched run. */
export type Layer = {
  /** As the model calls it. */
  name: string;
  /** Their names. */
  parameters: string[];
  /** How many numbers its parameters hold. */
  numel: number;
  /** Their param group, counted over all optimizers; null without one. */
  group: number | null;
  /** What the module is. */
  module?: string | null;
};

/** A lesson as its file says it. */
export type Lesson = {
  /** By which an address names it. */
  id: string;
  /** What it is called. */
  title: string;
  /** What one knows after it, in a sentence. */
  summary: string;
  /** Its pages. */
  steps: WrittenStep[];
};

/** A lesson as it is told. */
export type LessonDocument = {
  /** By which an address names it. */
  id: string;
  /** What it is called. */
  title: string;
  /** What it is about, in a line. */
  summary: string;
  /** What it is told in; English where there is no translation. */
  language: string;
  /** Its pages. */
  steps: LessonStep[];
};

/** A number of a text: as it is written, and where a run has it. */
export type LessonNumber = {
  /** As the text writes it. */
  shown: string;
  /** The index of the run. */
  run: number;
  /** What is meant, as a record has it. */
  quantity: string;
  /** The record, or the last one as `end`; null of what has no step. */
  step: number | string | null;
};

/** What a page of a lesson shows. */
export type LessonPage = {
  /** A RunConfig, or the id of a kept run, each. */
  runs: (RunConfig | KeptRun)[];
  /** That the surface is drawn on. */
  plane?: PcaConfig | ParametersConfig | RandomConfig | PointsConfig | EigenConfig | HeldConfig | FunctionConfig | null;
};

/** A question to answer before Play. The right choice is not in it: `check` says how the run tells. */
export type LessonQuestion = {
  /** What is asked. */
  text: string;
  /** What may be answered. */
  choices: string[];
  /** Why that is so, as a text. */
  because: string;
  /** The same, with the numbers of the run apart. */
  because_parts: (string | LessonNumber)[];
};

/** A text, what the workbench shows beside it, and what it points at. */
export type LessonStep = {
  /** The text as it reads: **strong**, and `code` between backticks. */
  text: string;
  /** The same, cut at the numbers that come from a run. */
  parts: (string | LessonNumber)[];
  /** What the workbench shows: a query of the page's address. */
  address: string;
  /** The view or control that it speaks of. */
  points_at: string | null;
  /** null where nothing is asked. */
  question: LessonQuestion | null;
  /** How the run tells which choice is right; null without a question. */
  check: Check | null;
};

/** The lessons, in their order. */
export type Lessons = LessonDocument[];

/** A straight path. */
export type LinearDriftConfig = {
  name: "linear";
  /** How far the optimum moves in each step, along x and y. */
  velocity: [number, number];
};

/** A kept sweep, as a list has it. */
export type ListedSweep = {
  /** By which it is asked for. */
  id: string;
  /** What it is called. */
  name: string;
  /** Whether it is trained now, paused, or over. */
  state: "running" | "paused" | "ended";
  /** Why it is in this state, in one sentence; empty while it is trained. */
  detail: string;
  /** What `detail` says, as data; null while it is trained. */
  code: string | null;
  /** What fills the holes of the sentence, by name. */
  params?: Record<string, Json>;
  /** When, in ISO 8601 and UTC. */
  created: string;
  /** When it changed last, in ISO 8601 and UTC. */
  updated: string;
  /** Whether it is kept whatever the quota says. */
  pinned: boolean;
  /** Optimizers if given, the axes, seeds if given. */
  shape: number[];
  /** How many runs it has. */
  members: number;
  /** Members whose cells are on the disk. */
  done: number;
  /** Size on the disk. */
  bytes: number;
  /** How its members are trained. */
  ways: WayOfMembers[];
};

/** The order and the habits of the training loop; the defaults are the tutorial's. */
export type LoopConfig = {
  /** Call optimizer.zero_grad() in every step. */
  zero_grad?: boolean;
  /** zero_grad(set_to_none=…). */
  set_to_none?: boolean;
  /** Call scheduler.step() before optimizer.step(). */
  scheduler_first?: boolean;
  /** The lines of the loop, in order, with repeats and omissions; null is the tutorial's, with what zero_grad and scheduler_first change in it. What a run has not, such as clip, is skipped. */
  order?: ("zero_grad" | "forward" | "loss" | "backward" | "clip" | "optimizer_step" | "scheduler_step")[] | null;
  /** Forward and backward passes, each of its own minibatch, for each optimizer.step(). */
  accumulate?: number;
  /** Divide the loss of each pass by accumulate before its backward(). */
  scale_loss?: boolean;
  /** Compute each forward pass and loss under torch.autocast("cpu", bfloat16). */
  autocast?: "bfloat16" | null;
  /** Begin again from the model at a step, with or without its optimizer and scheduler. */
  restart?: RestartConfig | null;
  /** Layers that are replaced by copies of themselves once the optimizer is made. */
  replaced?: string[] | null;
  /** How many steps late gradients arrive: step k is given those of step k - gradient_delay, and the first ones are given none, as with workers that send theirs asynchronously. */
  gradient_delay?: number;
  /** The path along which the optimum of a test function moves, step by step. */
  drift?: LinearDriftConfig | CircularDriftConfig | null;
};

/** A classic mistake of the training loop, as the change to a run that makes it. */
export type LoopMistakeEntry = {
  /** What it is called by. */
  name: string;
  /** The name for people. */
  title: string;
  /** What goes wrong. */
  summary: string;
  /** A merge patch (RFC 7396) of a RunConfig. */
  change: Record<string, Json>;
  /** The same, for a run that lacks what the mistake is about. */
  given: Record<string, Json>;
  /** JSON pointers into `change` and `given` where a layer or a step of the run belongs. */
  choices: Record<string, "layer" | "step">;
  /** Whether it takes a network with two layers or more. */
  of_networks: boolean;
};

/** The classic mistakes of the training loop. */
export type LoopMistakes = {
  /** All of them. */
  loop_mistakes: LoopMistakeEntry[];
};

/** The surface and the paths. */
export type LossSurface = {
  /** [resolution] coordinates. */
  x: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [resolution] coordinates. */
  y: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [resolution, resolution] losses; rows follow y. */
  z: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** The two directions of the plane. */
  axes: Axis[];
  /** [[xmin, xmax], [ymin, ymax]] in units of the plane. */
  window: number[][];
  /** Of the runs, in their order. */
  paths: Path[];
  /** How many losses of z are not finite. */
  masked: number;
  /** The plane, with everything that was left out filled in. */
  plane: Record<string, Json>;
  /** [parameters], what lies at (0, 0): all of them, in the model's order. */
  origin: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [2, parameters], what one unit along each axis is there. */
  basis: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** What a person who looks at it should know. */
  notices: Notice[];
};

/** The lowest recorded loss and its step: as recorded, of that step before it. */
export type Lowest = {
  /** The lowest one that was recorded. */
  loss: number;
  /** The record that has it. */
  step: number;
};

/** The noise of the gradient at one record. */
export type MeasuredNoise = {
  /** The record that it was measured at. */
  step: number;
  /** Of the dataset. */
  samples: number;
  /** How many parameters the next step trains; the others are left out. */
  parameters: number;
  /** Samples that a step of the run sees. */
  seen: number;
  /** Of the gradient of all samples. */
  gradient_norm: number | "NaN" | "Infinity" | "-Infinity";
  /** tr(Σ): mean squared distance of the gradient of a sample from it. */
  trace: number | "NaN" | "Infinity" | "-Infinity";
  /** tr(Σ) / |G|², the simple noise scale. */
  noise_scale: number | "NaN" | "Infinity" | "-Infinity";
  /** The batch size, of this dataset, at which the spread is as large as the gradient. */
  balance: number | "NaN" | "Infinity" | "-Infinity";
  /** Of the minibatches that were drawn. */
  seed: number;
  /** One for each size of minibatch. */
  sizes: NoiseBySize[];
};

/** The network and where it starts; for a test function only ``start`` matters. */
export type ModelConfig = {
  /** Units of each hidden layer; TinyNet is [2, 2]. */
  hidden?: number[];
  /** An activation of the catalog. */
  activation?: string;
  /** Seed of the initialisation, as in torch.manual_seed(seed). */
  seed?: number;
  /** Initial parameters by name, instead of the seed's. */
  state_dict?: Record<string, Json[]> | null;
  /** Where a test function is started. */
  start?: [number, number] | null;
};

/** A parameter. */
export type NamedShape = {
  /** Of the parameter. */
  name: string;
  /** Its dimensions. */
  shape: number[];
};

/** A run to keep and start. */
export type NewRun = {
  config: RunConfig;
  /** Unless given: the optimizer and the problem. */
  name?: string | null;
  /** Keep it whatever the quota says. */
  pinned?: boolean;
};

/** Minibatches of one size, drawn without replacement. */
export type NoiseBySize = {
  /** Samples of a minibatch. */
  size: number;
  /** Root mean square distance of its gradient from that of all samples: exact, over all minibatches of the size. */
  spread: number | "NaN" | "Infinity" | "-Infinity";
  /** Mean cosine of the angle between the two; NaN where one is zero. */
  cosine: number | "NaN" | "Infinity" | "-Infinity";
  /** The 10 % and the 90 % quantile of the cosines. */
  cosine_range: [number | "NaN" | "Infinity" | "-Infinity", number | "NaN" | "Infinity" | "-Infinity"];
  /** How many the cosines are of: every one where `exact`, else drawn by `seed`. */
  minibatches: number;
  /** Whether the cosines are of all minibatches of the size. */
  exact: boolean;
};

/** What the cells cannot say. */
export type Noted = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** JSON pointer into the request. */
  pointer: string;
};

/** Something that a person who looks at the surface should know. */
export type Notice = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** The index of the run that it is about; null of all. */
  run?: number | null;
};

/** Something that was seen of a loop: what, why it matters and what to do. */
export type Observation = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** The first step where it was seen; null where it is of the whole run. */
  step: number | null;
  /** Which of the `layers` of `run_started` it is of. */
  layers: number[];
};

/** A class of ``torch.optim`` and its arguments; what is left out keeps torch's default. */
export type OptimizerConfig = {
  /** An optimizer of the catalog. */
  name: string;
  /** Its arguments by keyword; what is left out keeps torch's default. */
  hyperparameters?: Record<string, Json>;
  /** As in torch: a parameter in no group is not trained. */
  param_groups?: ParamGroupConfig[] | null;
  /** The optimizer of the parameters that this one cannot take (Muon: all but 2-D weights). */
  rest?: OptimizerConfig | null;
};

/** An optimizer. */
export type OptimizerEntry = {
  /** MathML. */
  formula: string;
  /** LaTeX, or Python for a problem. */
  formula_text: string;
  /** The name in a RunConfig. */
  name: string;
  /** null of what a loop does without a class. */
  class: string | null;
  /** The name for people. */
  title: string;
  /** What it does, in a line. */
  summary: string;
  /** Its arguments, in their order. */
  hyperparameters: Hyperparameter[];
  /** Where it comes from. */
  package: string;
  /** What it is built on. */
  idea: "gradient" | "averages" | "squares" | "signs" | "matrices" | "curvature" | "own-rate" | "layers" | "memory" | "schedule-free" | "sharpness" | "wrappers" | "other";
  /** Whether it can be trained with here. */
  available: boolean;
  /** Why it is not available. */
  reason: string | null;
  /** What it keeps for each parameter. */
  state_keys: StateKey[];
  /** Where it was described; empty where nowhere. */
  paper: string;
  /** Whether it takes more than one. */
  param_groups: boolean;
  /** Whether it evaluates the loss itself. */
  closure: boolean;
  /** Whether it takes 2-D parameters alone. */
  matrices_only: boolean;
  /** What schedulers call its momentum. */
  momentum_key: string | null;
  /** null where steps have the lr of their group. */
  own_rate: OwnRateDocument | null;
};

/** An optimizer in a list to choose from. */
export type OptimizerLine = {
  /** The name in a RunConfig. */
  name: string;
  /** Where it comes from. */
  package: string;
  /** What sets it apart. */
  idea: "gradient" | "averages" | "squares" | "signs" | "matrices" | "curvature" | "own-rate" | "layers" | "memory" | "schedule-free" | "sharpness" | "wrappers" | "other";
  /** What it does, in a line. */
  summary: string;
  /** Where it was described; empty where nowhere. */
  paper: string;
  /** Whether it can be trained with here. */
  available: boolean;
  /** Why it is not available, else null. */
  reason: string | null;
  /** The reason by its code, for other languages. */
  why: SaidReason | null;
};

/** All optimizers, as a list to choose from. */
export type OptimizerList = {
  /** All of them. */
  optimizers: OptimizerLine[];
  /** What sets optimizers apart, with words on each. */
  families: Family[];
};

/** An optimizer. */
export type OptimizerSummary = {
  /** The name in a RunConfig. */
  name: string;
  /** Left out where it is the name. */
  title?: string;
  /** Left out for optimizers of other packages: their list and their entries tell it. */
  summary?: string;
  /** Left out for optimizers of other packages, as `state_keys`: their entries tell them. */
  hyperparameters?: HyperparameterSummary[];
  /** Where it comes from. */
  package?: string;
  /** Whether it can be trained with here. */
  available?: boolean;
  /** Why it is not available. */
  reason?: string | null;
  /** What it keeps for each parameter. */
  state_keys?: StateKey[];
  /** Whether it takes param groups. */
  param_groups?: boolean;
  /** Whether it evaluates the loss by itself, several times a step. */
  closure?: boolean;
  /** Whether it takes 2-D parameters alone. */
  matrices_only?: boolean;
  /** The rate that its steps have in place of lr. */
  own_rate?: OwnRateDocument | null;
  /** The hyperparameter that is its momentum. */
  momentum_key?: string | null;
};

/** Where a run was forked from, or that it began with a file. */
export type Origin = {
  /** Id of the parent, which may have been deleted since. */
  run?: string | null;
  /** Whether it began with an uploaded checkpoint. */
  checkpoint?: boolean;
  /** Where it begins. */
  step: number;
  /** What was merged into the config of the parent. */
  changes?: Record<string, Json>;
  restore?: Restore;
  /** What could not be taken over. */
  notes?: string[];
  /** The notes, also as data. */
  notices?: Sentence[];
};

/** Where an optimizer keeps a rate of its own, which its steps have in place of the group's lr. */
export type OwnRateDocument = {
  /** Of the state in a record. */
  key: string;
  /** Whether a step uses what it leaves there, else what it found. */
  after: boolean;
  /** Whether it is kept in the group: see its first parameter. */
  in_group: boolean;
  /** Whether the lr of the group is multiplied by it. */
  times_lr: boolean;
};

/** One param group: layers or parameters by name, and the hyperparameters that differ for them. */
export type ParamGroupConfig = {
  /** Layers (fc3) or parameters (fc3.bias). */
  params: string[];
  /** The group is added by add_param_group after so many steps; 0: it is there at the start. */
  from_step?: number;
} & Record<string, Json>;

/** A parameter of the network. */
export type Parameter = {
  /** As `named_parameters()` has it. */
  name: string;
  /** Its dimensions. */
  shape: number[];
  /** The layer that it is of. */
  layer: string | null;
};

/** What `optimizer.step()` did to one parameter. The last of `lines` is `result`. */
export type ParameterUpdate = {
  /** Its name. */
  parameter: string;
  /** Which holds it; null where none does. */
  optimizer: string | null;
  /** The place of its param group in the record's `lr`. */
  group: number | null;
  /** The update in symbols, as MathML. */
  formula: string | null;
  /** The same in LaTeX. */
  formula_text: string | null;
  /** Why there are no lines; null where there are. */
  why: string | null;
  /** What `why` says, as data. */
  why_code: string | null;
  /** What fills the holes of the sentence, by name. */
  why_params?: Record<string, Json>;
  /** Its values before the step. */
  before: number | "NaN" | "Infinity" | "-Infinity" | (number | "NaN" | "Infinity" | "-Infinity" | Json[])[];
  /** Its values after the step: those of the record. */
  result: number | "NaN" | "Infinity" | "-Infinity" | (number | "NaN" | "Infinity" | "-Infinity" | Json[])[];
  /** The numbers of the lines, by key. */
  values: Record<string, UpdateValue>;
  /** From the gradient to the new value. */
  lines: UpdateLine[];
  /** What the step leaves for the next one. */
  after: UpdateLine[];
};

/** Two single parameters; all others are held at a record. */
export type ParametersConfig = {
  kind: "parameters";
  /** Two entries of parameters, such as fc1.weight[0,0]. */
  names: [string, string];
  at?: RecordConfig;
};

/** One run on the plane: its parameters, and what goes along with them. */
export type Path = {
  /** [records, 2], the nearest point of the plane. */
  xy: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], how far the record is off the plane. */
  distance: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the loss of the whole dataset at the record. */
  loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the loss at xy: what the surface shows there. */
  plane_loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** Its average, as in a step; left out where nothing is averaged. */
  average?: Points | null;
  /** The z of a schedule-free optimizer, which gradients are added to; its x is `average`, and the run itself is its y. */
  z?: Points | null;
};

/** The two principal axes of all paths together: the plane that keeps most of what the paths do. All fitted records of all runs count alike. The axes have length 1. */
export type PcaConfig = {
  /** Which axis is drawn along x and which along y; with a minus, the other way round than towards where the paths, together, go. */
  axes?: [number, number];
  /** The `basis` of another surface of this network: of all `axes` those that are nearest to it are taken, and answered in `plane`. So a picture does not flip when its runs change. */
  like?: [number[], number[]] | null;
  kind: "pca";
  /** The mean of all records, or the last or first record of a run. */
  through?: "mean" | "final" | "start";
  /** Whose last or first record. */
  run?: number;
};

/** One line of the loop, what stood there after it, and the fields that the phase has. `zero_grad`: `grads`. `forward`: `layers` (`name`, `input`, `output` before the activation), `prediction`. `loss`: `loss`, and where the problem draws something for every pass, `noise` or `drawn`, and where its optimum moves, `origin`. `backward`: `grads`, `grad_norm`, and `layers` (`name`; `grad_input`, `grad_output`, the gradients of what went in and came out, null where none flows; `norm` of the latter). `delay`, where gradients arrive late: `grads` and `grad_norm` of those that have arrived, and of how many passes they are on their way, `waiting`. `clip`: `grads`, `clipped_grad_norm`. `optimizer_step`: `lr`, `momentum`, `update`, `params`, `state`. `scheduler_step`: `lr`, which the next step uses; where it raised an error, which ended the run, `failed`: a sentence with its `detail`, `code` and `params`. */
export type PhaseDocument = {
  /** Which line of the loop it is. */
  phase: "zero_grad" | "forward" | "loss" | "backward" | "delay" | "clip" | "optimizer_step" | "scheduler_step";
  /** The line as a script has it. */
  code: string;
} & Record<string, Json>;

/** A small picture of a problem, from its own values, each as one of 12 levels that hold equally many. */
export type Picture = {
  /** What is drawn. */
  kind: "contour" | "scatter" | "matrix";
  /** contour, matrix: the levels from the top down, a digit of base 12 a cell. */
  rows: string[];
  /** scatter: x and y as shares of the bounds, from below left, and the target's level. */
  points: [number, number, number][];
};

/** What another package brings, or why it brings nothing. */
export type PluginEntry = {
  /** Of the entry point, which stands before the dot of its names. */
  name: string;
  /** What is installed, with its version. */
  distribution: string;
  /** The names of what it brings. */
  entries: string[];
  /** Why it brings nothing, else null. */
  error: string | null;
};

/** Points on the plane, a row for each record. */
export type Points = {
  /** [records, 2], the nearest point of the plane. */
  xy: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], how far the record is off the plane. */
  distance: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the loss of the whole dataset at the record. */
  loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the loss at xy: what the surface shows there. */
  plane_loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
};

/** The plane through three records; unless given, the start and the ends of the first two runs. Its axes are orthogonal and of length 1: towards the second point, and the rest of the way to the third. */
export type PointsConfig = {
  kind: "points";
  /** Three that the plane is laid through. */
  points?: [RecordConfig, RecordConfig, RecordConfig];
};

/** One number, averaged over all records from the edge on; of a run that never comes to it, over all. */
export type PredictedAndMeasured = {
  /** By the flow. */
  predicted: number | "NaN" | "Infinity" | "-Infinity";
  /** Of the run. */
  measured: number | "NaN" | "Infinity" | "-Infinity";
};

/** The flow and the run, a row for each record. */
export type PredictedPath = {
  /** The records that it is told at. */
  steps: number[];
  /** [records, parameters], in the order of the model's parameters. */
  path: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], on the path itself. */
  loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the mean loss that is predicted of the run: `loss` + ½ ⟨H, Σ⟩. */
  predicted_loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], of the run, of the whole dataset at the record. */
  run_loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the same averaged over `window` records. */
  measured_loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the largest eigenvalue on the path, of P^-1/2 (H + decay) P^-1/2 with P relative to the learning rate; of gradient descent it is that of the Hessian. */
  sharpness: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** 2 / lr, which `sharpness` does not pass. */
  bound: number | "NaN" | "Infinity" | "-Infinity";
  /** [records], tr Σ, of the oscillation about the path. */
  predicted_variance: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], the mean squared swing of the run in the directions at the bound, averaged. A swing is how far a record is from the middle of the steps to it and from it. */
  measured_variance: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** In how many directions the flow oscillates. */
  oscillating: number[];
  /** [records], from the flow to the middle of the run's steps. */
  distance: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** Over how many records the measured values are averaged. */
  window: number;
  /** The first step at which the flow oscillates; null: it never does. */
  edge: number | null;
  mean_loss: PredictedAndMeasured;
  mean_variance: PredictedAndMeasured;
  /** The first step where the mean losses are apart by more than a quarter; null: nowhere. */
  departs: number | null;
  /** Why the flow ends before the run; null if it does not. */
  stopped: string | null;
  /** What `stopped` says, as data. */
  stopped_code: string | null;
  /** What fills the holes of the sentence, by name. */
  stopped_params?: Record<string, Json>;
};

/** A schedule that people use, composed for a run. */
export type Preset = {
  /** What it is called by. */
  name: string;
  /** The name for people. */
  title: string;
  /** What it does, in a line. */
  summary: string;
  /** Where it was described; empty where nowhere. */
  paper: string;
  /** Where its parts come from. */
  package: string;
  lr_scheduler: LRSchedulerConfig;
};

/** A schedule that people use; `/api/lr-scheduler-presets` composes it for a run. */
export type PresetEntry = {
  /** What it is called by. */
  name: string;
  /** The name for people. */
  title: string;
  /** What it does, in a line. */
  summary: string;
  /** Where it was described; empty where nowhere. */
  paper: string;
  /** Whose schedule it is; of torch are those that are composed of its schedulers. */
  package: string;
  /** What the linter says of it, as codes. */
  warnings: string[];
  /** For 300 steps at 0.1. */
  example: LRSchedulerConfig;
};

/** All of them. */
export type Presets = {
  /** All of them. */
  presets: Preset[];
};

/** What is wrong, as `application/problem+json` (RFC 9457). */
export type Problem = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** Always about:blank: the status says the kind. */
  type?: string;
  /** What kind of refusal it is, in a few words. */
  title: string;
  /** The status of the answer. */
  status: number;
  /** That of the header X-Request-ID and of the lines in the log of the server. */
  request_id: string;
  /** Empty where no field is to blame. */
  errors: FieldError[];
};

/** What is minimised: a dataset with a network and a loss, a 2-D test function, or a loss of matrices. */
export type ProblemConfig = {
  /** A problem of the catalog. */
  name?: string;
  /** Training samples of a generated dataset. */
  samples?: number | null;
  /** Standard deviation of the noise of a generated dataset. */
  noise?: number | null;
  /** Seed of a generated dataset, or of what is held out of the problem points. */
  seed?: number | null;
  /** The function of x and y of the problem expression. */
  expression?: string | null;
  /** The window of the problem expression: [[xmin, xmax], [ymin, ymax]]. */
  bounds?: [[number, number], [number, number]] | null;
  /** The data of the problem points. */
  points?: DataPointsConfig | null;
};

/** A dataset with a loss, a 2-D test function, or a problem of matrices. */
export type ProblemEntry = {
  /** MathML. */
  formula: string;
  /** LaTeX, or Python for a problem. */
  formula_text: string;
  /** The name in a RunConfig. */
  name: string;
  /** Which brings it; null for those of Optiscope. */
  package: string | null;
  /** The name for people. */
  title: string;
  /** What the model is: a network, a point, or matrices. */
  kind: "dataset" | "function" | "matrix";
  /** What it teaches, in a sentence or two. */
  description: string;
  /** What goes wrong on it, and for whom; empty where it is no failure mode. */
  failure: string;
  /** What is minimised, as a script calls it. */
  loss: string;
  /** Features of a sample; of one's own points, those of the points. */
  inputs: number;
  /** Numbers that a network predicts for a sample. */
  outputs: number;
  /** null where there are no data. */
  task: "classification" | "regression" | null;
  /** [[xmin, xmax], [ymin, ymax]] to look at; null for matrices. */
  bounds: [[number, number], [number, number]] | null;
  /** Where a test function is started. */
  start: [number, number] | null;
  /** Those within the bounds, unless the description says which. */
  minima: Stationary[];
  /** Those within the bounds, unless the description says which. */
  saddles: Stationary[];
  /** The least value of a problem of matrices. */
  minimum: number | null;
  /** Those that such a problem brings. */
  parameters: NamedShape[];
  /** Where it comes from; empty where from nowhere. */
  citation: string;
  /** Fields of `problem` that it takes besides the name. */
  options: string[];
  /** What the options are unless given. */
  option_defaults: Record<string, Json>;
  /** x and y, where they are few. */
  data: Record<string, Json[]> | null;
  suggested: Suggestion;
  rates: SuggestedRates;
  /** null where it is no failure mode. */
  race: Race | null;
  /** null where the function cannot be drawn. */
  picture: Picture | null;
};

/** A problem. */
export type ProblemSummary = {
  /** The name in a RunConfig. */
  name: string;
  /** Left out where it is the name. */
  title?: string;
  /** What the model is: a network, a point, or matrices. */
  kind: "dataset" | "function" | "matrix";
  /** What is minimised, as a script calls it. */
  loss: string;
  /** Features of a sample. */
  inputs?: number;
  /** Numbers that a network predicts for a sample. */
  outputs?: number;
  /** What a dataset is for. */
  task?: "classification" | "regression" | null;
  /** The window that shows it well. */
  bounds?: [[number, number], [number, number]] | null;
  /** Where runs on a function begin. */
  start?: [number, number] | null;
  /** Of a function, within its bounds. */
  minima?: Stationary[];
  /** Of a function, within its bounds. */
  saddles?: Stationary[];
  /** The least value of a problem of matrices. */
  minimum?: number | null;
  /** Of a problem of matrices. */
  parameters?: NamedShape[];
  /** Fields of `problem` that it takes beside its name. */
  options?: string[];
  /** What the options are unless given. */
  option_defaults?: Record<string, Json>;
  suggested: Suggestion;
};

/** A run that the quota removed. */
export type Pruned = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** By which it was asked for. */
  id: string;
  /** What it was called. */
  name: string;
  /** When, in ISO 8601 and UTC. */
  at: string;
};

/** A question to answer before Play. */
export type Question = {
  /** What is asked. */
  text: string;
  /** What may be answered. */
  choices: string[];
  /** Why the right choice is right; shown after the answer. */
  because: string;
};

/** Where a run waits for a worker. */
export type QueuePlace = {
  /** 1 is the next. */
  position: number;
  /** How many wait. */
  of: number;
};

/** Where a run waits for a worker (`queue=true`): sent while it waits, and again where it has moved up. */
export type Queued = {
  event: "queued";
  /** Its index, where the stream is of several. */
  run?: number | null;
  /** 1 is the next. */
  position: number;
  /** How many wait. */
  of: number;
};

/** Optimizers on a failure mode, each at its best rate under an equal budget, the best first. */
export type Race = {
  /** Length of each trial. */
  steps: number;
  /** How many each optimizer is judged on. */
  trials: number;
  /** One for each optimizer, the best first. */
  rows: RaceRow[];
};

/** An optimizer at its best rate, on trials that it was not tuned on. */
export type RaceRow = {
  /** The class and its arguments. */
  optimizer: string;
  /** The rate that it was tuned to. */
  lr: number;
  /** Median of what is left of the loss, (end - minimum) / (start - minimum); null: diverged. */
  left: number | null;
  /** Of the best trial. */
  low: number | null;
  /** Of the worst trial. */
  high: number | null;
  /** How many trials diverged. */
  diverged: number;
};

/** Two random directions, each filter scaled to the norm of the network's own (Li et al. 2018). Biases are left out. The directions are not orthogonal: coordinates are multiples of them. */
export type RandomConfig = {
  kind: "random";
  /** Of the two directions. */
  seed?: number;
  at?: RecordConfig;
  /** Leave out parameters that no run moves. */
  trainable_only?: boolean;
};

/** A record of one of the runs: a place in parameter space. */
export type RecordConfig = {
  /** The index of the run. */
  run?: number;
  /** -1 is the last record; of a run that diverges, the last before it leaves the surface. */
  step?: number;
};

/** What is to be said of a watched run. */
export type Report = {
  /** Of the run. */
  id: string;
  /** The last step that was looked at. */
  step: number;
  /** How many records were looked at. */
  records: number;
  /** The usual distance of records: of few steps, only some are measured. */
  every: number;
  /** Causes before symptoms; nothing, if all is well. */
  found: Observation[];
  audit: Audited;
};

/** A run that is begun again from its model: what is not restored is made anew. */
export type RestartConfig = {
  /** Steps done by then. */
  step: number;
  /** Restore the optimizer, too. */
  optimizer?: boolean;
  /** Restore the scheduler, too. */
  lr_scheduler?: boolean;
};

/** What a fork takes over besides the parameters. */
export type Restore = {
  /** Call optimizer.load_state_dict: moments and param groups. */
  optimizer?: boolean;
  /** Call scheduler.load_state_dict: where the schedule stands. */
  lr_scheduler?: boolean;
};

/** What came of a run so far. */
export type Result = {
  /** Of the last step, before it, as its record says: of one minibatch, if there are any. */
  loss: number | "NaN" | "Infinity" | "-Infinity";
  /** The loss here, after the last step: of all training samples, at the parameters of the last record; NaN after divergence. Runs are compared by it. Absent until a run has ended, and of one kept before this was computed. */
  end_loss?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** null while no loss was finite. */
  lowest: Lowest | null;
};

/** One training of one problem: the same config always gives the same run, bit for bit. */
export type RunConfig = {
  problem: ProblemConfig;
  model?: ModelConfig;
  optimizer: OptimizerConfig;
  /** What moves the learning rate; null is nothing. */
  lr_scheduler?: LRSchedulerConfig | null;
  /** What is moved by hand beside the learning rate, such as weight decay. */
  hyperparameter_schedules?: HyperparameterScheduleConfig[];
  /** What is frozen, and while which steps. */
  freeze?: FreezeConfig[];
  /** Gradients are clipped before the step; null is not at all. */
  clip_grad?: ClipNormConfig | ClipValueConfig | null;
  /** Samples of a step, reshuffled every epoch; null is the whole dataset. */
  batch_size?: number | null;
  /** Seed of the order of minibatches; null is the seed of the problem, or 0. */
  batch_seed?: number | null;
  /** How many times `optimizer.step()` is called. */
  steps?: number;
  /** Of parameters and data. */
  dtype?: "float32" | "float64";
  loop?: LoopConfig;
  /** An average of the parameters beside them, recorded with its own loss. */
  average?: EMAConfig | SWAConfig | null;
};

/** One run, a row for each record. */
export type RunCurvature = {
  /** The records that are looked at. */
  steps: number[];
  /** How many parameters the next step trains. */
  parameters: number[];
  /** [records], of the whole dataset at the record. */
  loss: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records] */
  gradient_norm: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records, parameters], largest first; NaN behind the last where some are frozen. */
  eigenvalues: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records, top, parameters], where asked for. */
  eigenvectors: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray | null;
  /** [records], the largest eigenvalue. */
  sharpness: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], largest by smallest magnitude of the eigenvalues. */
  condition: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** How many eigenvalues are negative beyond rounding. */
  negative: number[];
  /** How many parameters the next step moves though they are frozen, by momentum, decay or since the optimizer does not ask. They count in `predicted`; the eigenvalues leave them out. */
  drifting: number[];
  /** [records], change of the loss by all that the next step moves, in the quadratic model. */
  predicted: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records], what it really was; NaN at the last record. */
  real: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** null where there is no bound. */
  stability: StabilityBound | null;
  /** Why there is no bound; null where there is one. */
  no_bound: string | null;
  /** What `no_bound` says, as data. */
  no_bound_code: string | null;
  /** What fills the holes of the sentence, by name. */
  no_bound_params?: Record<string, Json>;
};

/** A kept run. */
export type RunDocument = {
  /** By which it is asked for. */
  id: string;
  /** What it is called. */
  name: string;
  /** Whether it is trained now, paused, over, or cannot be read. */
  state: "running" | "paused" | "ended" | "damaged";
  /** Why it is in this state, in one sentence; empty while it is trained. */
  detail: string;
  /** What `detail` says, as data; null while it is trained. */
  code: string | null;
  /** What fills the holes of the sentence, by name. */
  params?: Record<string, Json>;
  /** How it ended; null while it may go on. */
  ended: End | null;
  /** While it waits for its turn, where. */
  queue?: QueuePlace | null;
  /** Changes that people made; a command may insist on it with If-Match. */
  version: number;
  /** When, in ISO 8601 and UTC. */
  created: string;
  /** When it changed last, in ISO 8601 and UTC. */
  updated: string;
  /** Whether it is kept whatever the quota says. */
  pinned: boolean;
  /** Step of the first record. */
  first: number;
  /** Step of the last record. */
  step: number;
  /** Steps that it is to reach; null for a run that is not ours. */
  steps: number | null;
  /** Size on the disk. */
  bytes: number;
  /** What came of it so far; null before the first record. */
  result: Result | null;
  /** Where it was forked from, if from somewhere. */
  origin: Origin | null;
  /** null for a run that is not ours. */
  config: RunConfig | null;
  /** Where a run comes from that is not ours. */
  source: Record<string, Json> | null;
  /** How many numbers of its parameters each record of such a run holds, 0 where it was measured by layer; null for a run of ours. */
  whole?: number | null;
};

/** The last event of a run. A stream without it is broken. */
export type RunEnded = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  event: "run_ended";
  /** Its index, where the stream is of several. */
  run?: number | null;
  /** How it ended. */
  reason: "completed" | "diverged" | "failed" | "stopped" | "paused" | "damaged";
  /** The step of the last record. */
  step: number;
  /** The loss here, after the last step: of all training samples, at the parameters of the last record; NaN after divergence. null where the run may go on, and of one kept before this was computed. */
  end_loss: number | "NaN" | "Infinity" | "-Infinity" | null;
};

/** One run, or why there is nothing held out. */
export type RunHeldOutLoss = {
  /** null where nothing is held out. */
  held_out: HeldOut | null;
  /** Why there are no held-out samples; null where there are. */
  no_held_out: string | null;
  /** What `no_held_out` says, as data. */
  no_held_out_code: string | null;
  /** What fills the holes of the sentence, by name. */
  no_held_out_params?: Record<string, Json>;
};

/** Runs, newest first. */
export type RunPage = {
  /** Newest first. */
  runs: RunDocument[];
  /** `before` of the next page; null on the last. */
  next: number | null;
  kept: Kept;
  /** What the quota removed last, newest first. */
  pruned: Pruned[];
};

/** The first event of a run. */
export type RunStarted = {
  event: "run_started";
  /** Index of the run, in a comparison. */
  run?: number | null;
  /** Of a kept run. */
  id?: string | null;
  /** With all defaults filled in; null for a run that is not ours or damaged. */
  config: RunConfig | null;
  /** Where a run comes from that has no config. */
  source?: Record<string, Json> | null;
  /** What a watched run calls itself. */
  name?: string | null;
  /** Of a watched run those that are recorded whole. */
  parameters: Parameter[];
  /** Of a watched run, what is measured together. */
  layers?: Layer[] | null;
  /** null where there are none. */
  data: Data | null;
  /** What is likely not meant in the recipe. */
  warnings: Warned[];
  /** The version of PyTorch that trains. */
  torch: string;
};

/** The mean of all that is averaged. */
export type SWAConfig = {
  name: "SWA";
  /** Steps done before the first one that is averaged. */
  from_step?: number;
  /** Steps for each update_parameters(). */
  every?: number;
  /** Average the model's buffers, too, instead of copying them. */
  use_buffers?: boolean;
};

/** A sentence, and what it is in any language. */
export type SaidReason = {
  /** In English. */
  detail: string;
  /** What kind of sentence it is. */
  code: string;
  /** What fills its holes. */
  params: Record<string, Json>;
};

/** Data points. */
export type Samples = {
  /** The two features, [n, 2]. */
  x: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** Targets, [n, 1]. */
  y: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
};

/** Why there are fewer values than steps. */
export type ScheduleEnd = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** The last step that has a value. */
  step: number;
};

/** A RunConfig of which the problem may be left out: its network then names the parameters. */
export type ScheduleRequest = {
  problem?: ProblemConfig;
  model?: ModelConfig;
  optimizer: OptimizerConfig;
  /** What moves the learning rate; null is nothing. */
  lr_scheduler?: LRSchedulerConfig | null;
  /** What is moved by hand beside the learning rate, such as weight decay. */
  hyperparameter_schedules?: HyperparameterScheduleConfig[];
  /** What is frozen, and while which steps. */
  freeze?: FreezeConfig[];
  /** Gradients are clipped before the step; null is not at all. */
  clip_grad?: ClipNormConfig | ClipValueConfig | null;
  /** Samples of a step, reshuffled every epoch; null is the whole dataset. */
  batch_size?: number | null;
  /** Seed of the order of minibatches; null is the seed of the problem, or 0. */
  batch_seed?: number | null;
  /** How many times `optimizer.step()` is called. */
  steps?: number;
  /** Of parameters and data. */
  dtype?: "float32" | "float64";
  loop?: LoopConfig;
  /** An average of the parameters beside them, recorded with its own loss. */
  average?: EMAConfig | SWAConfig | null;
  /** Arrays as nested lists, or as base64 typed arrays. */
  encoding?: "list" | "base64";
};

/** A param group. */
export type ScheduledGroup = {
  /** The class that steps it. */
  optimizer: string;
  /** The names of its parameters. */
  params: string[];
};

/** Something said to a person. */
export type Sentence = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
};

/** The singular values of one matrix in a step. */
export type SpectrumDocument = {
  /** The name of the matrix. */
  parameter: string;
  /** From the gradient to the update, in order, and the parameter after it. */
  stages: SpectrumStage[];
  /** Between the update and the first step of a fresh SGD or Adam on this gradient. */
  cosines: Record<string, number | "NaN" | "Infinity" | "-Infinity">;
};

/** One matrix on the way from the gradient to the moved parameter. */
export type SpectrumStage = {
  /** Which it is: the gradient, a state, an iterate, the update, or the parameter after it. */
  of: "grad" | "state" | "iterate" | "update" | "param";
  /** Of the state, as torch calls it; empty for what is none. */
  key: string;
  /** Of Muon's Newton-Schulz iteration, 0 what it begins with; null for what is no iterate. */
  iteration: number | null;
  /** Singular values, from the largest. */
  values: (number | "NaN" | "Infinity" | "-Infinity")[];
};

/** What decides whether steps grow. */
export type StabilityBound = {
  /** Which bound it is, in English. */
  name: string;
  /** What `name` says, as data. */
  name_code: string;
  /** What fills the holes of the sentence, by name. */
  name_params: Record<string, Json>;
  /** Of the bound. */
  formula: string;
  /** Where it comes from. */
  source: string;
  /** [records]: λ_max of P^-1/2 (H + decay) P^-1/2; P = 1 unless the optimizer is adaptive. */
  value: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
  /** [records]: above it, steps along that direction grow. With the rates of the step that follows the record; at the last one, of the step that led to it. */
  bound: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | TypedArray;
};

/** What is being done with a run. */
export type State = "running" | "paused" | "ended" | "damaged";

/** An entry of an optimizer's state. */
export type StateKey = {
  /** As torch calls it in `state_dict()`. */
  key: string;
  /** What it is, in a line. */
  meaning: string;
};

/** A point where the gradient of a test function is zero. */
export type Stationary = {
  /** Where the gradient is zero. */
  at: [number, number];
  /** The value there. */
  value: number;
};

/** One record: iteration `step` of the loop; step 0 is the initial state. */
export type Step = {
  event: "step";
  /** Its index, where the stream is of several. */
  run?: number | null;
  /** Its number; record 0 is the start. */
  step: number;
  /** Of this step, before it: of its forward pass, at the parameters of the record before, and on its minibatch if there are any. Of the first record: of all samples, at its own parameters. null where the loop of a watched run said none. */
  loss: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** What this step used, for each param group. */
  lr: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** momentum or beta1 that this step used, for each param group; null for one without, and instead of the list if no group has any. */
  momentum: (number | "NaN" | "Infinity" | "-Infinity" | null)[] | null;
  /** 2-norm of all gradients, before clipping; null at step 0. */
  grad_norm: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** The same after clipping, where there is any. */
  clipped_grad_norm?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** What else this step used that follows a factor of `hyperparameter_schedules`, by name, for each param group; NaN for one without. */
  hyperparameters?: Record<string, (number | "NaN" | "Infinity" | "-Infinity")[]> | null;
  /** An average of the parameters, after the step: that of `average` of the config, or what `optimizer.eval()` shows of a schedule-free optimizer, whose `params` are those it trains at. */
  average?: Record<string, number | "NaN" | "Infinity" | "-Infinity" | Json[]> | null;
  /** The loss of all samples at the average. */
  average_loss?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** Of a watched run, by quantity what was measured of each layer; NaN where unknown. */
  layers?: Record<string, (number | "NaN" | "Infinity" | "-Infinity")[]> | null;
  /** What else its loop said; NaN where nothing. */
  logged?: Record<string, number | "NaN" | "Infinity" | "-Infinity"> | null;
  /** Steps that mixed precision has skipped so far. */
  skipped?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** Samples seen so far, as its loop said. */
  samples?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** Epochs that were over. */
  epoch?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** `last_epoch` of each of its schedulers. */
  scheduled?: (number | "NaN" | "Infinity" | "-Infinity")[] | null;
  /** Of a watched run with a closure: the smallest rate at which the loss along the update rises, beside `lr` of the first param group; 0 where it always rises, Infinity where it did not as far as was tried, and like all of these NaN where it was not looked for. */
  critical_rate?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** The largest rate that was tried at which it did not rise, the smallest at which it did. */
  critical_bracket?: (number | "NaN" | "Infinity" | "-Infinity")[] | null;
  /** 2 / `critical_rate`. */
  critical_sharpness?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** The largest one of the Hessian, by Lanczos. */
  top_eigenvalue?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** An eigenvalue lies no farther from `top_eigenvalue` than that. */
  eigenvalue_residual?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** Forward passes of the closure that this record took. */
  passes?: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** The loss over a plane, in records that have one: `x` [m], `y` [n], `z` [n, m], and `path` [2, 2], the parameters before and after the step; `source.surfaces` says which plane. */
  surface?: Record<string, number | "NaN" | "Infinity" | "-Infinity" | Json[]> | null;
  /** After the step. */
  params: Record<string, number | "NaN" | "Infinity" | "-Infinity" | Json[]>;
  /** As optimizer.step() was given them; null where .grad is None, as in a frozen layer. */
  grads: Record<string, number | "NaN" | "Infinity" | "-Infinity" | Json[] | null> | null;
  /** Optimizer state after it, under torch's keys; at step 0 what there is from the start. Several tensors under one key are one array [length, …]; where shapes differ, each has a key such as `GG[0]`. */
  state: Record<string, Record<string, number | "NaN" | "Infinity" | "-Infinity" | Json[]>>;
};

/** A step, phase by phase, in the order of the run's own loop. */
export type StepAnatomy = {
  /** Its number, from 1. */
  step: number;
  /** The parameters that it leaves out. */
  frozen: string[];
  /** The samples of its first minibatch; null for all of them. */
  rows: number[] | null;
  /** The loss of each forward pass; of several with a closure the phases show the first. */
  evaluations: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** The lines of the loop in their order. */
  phases: PhaseDocument[];
  /** What `optimizer.step()` did, line by line, to each parameter that was asked for. */
  updates: ParameterUpdate[];
  /** The same of the average beside each, of which `optimizer` is the name (EMA, SWA or schedule-free); empty in a run without one. */
  averages: ParameterUpdate[];
  /** Singular values of each matrix, with every iterate of torch's Muon; empty where neither the problem nor the optimizer is about matrices. */
  spectra: SpectrumDocument[];
  /** How many inner iterations an optimizer like LBFGS made; null for others. */
  iterations: number | null;
  /** Which of them `updates` are of; null where there is none. */
  iteration: number | null;
};

/** A good learning rate of an optimizer on a problem. */
export type SuggestedRate = {
  /** Of the optimizer. */
  name: string;
  /** Hyperparameters that it is for. */
  with: Record<string, number>;
  /** The learning rate. */
  lr: number;
  /** comparison: of the problem's suggested comparison, chosen by looking at runs. race: the smallest rate that ended near the best of those that were tried, in the median over networks. measured: the same of one network, or a start. */
  source: "comparison" | "race" | "measured";
  /** Where the measured run ended; of a race the median over networks that were not tuned on. */
  end_loss: number | null;
  /** How many a race was tuned on, and as many others judged on. */
  networks: number | null;
};

/** Good learning rates on a problem, by optimizer; one that is missing has not been measured. */
export type SuggestedRates = {
  /** The rates of a measurement. */
  tried: number[];
  /** How near the best: a share of what the best lowers the loss by. */
  within: number;
  /** Of each measured run. */
  steps: number;
  /** One for each optimizer that has one. */
  optimizers: SuggestedRate[];
};

/** What to compare first on a problem. */
export type Suggestion = {
  /** `model` of a RunConfig. */
  model: Record<string, Json>;
  /** `optimizer` of a RunConfig, one a run. */
  optimizers: Record<string, Json>[];
  /** Length of the runs. */
  steps: number;
};

/** What is said of one optimizer. */
export type SummedUp = {
  /** Its index among the `optimizers` of the request, 0 without. */
  optimizer: number;
  /** Of the optimizer. */
  name: string;
  /** null if no cell has a finite median. */
  best: BestCellFound | null;
  /** The median over the seeds of that cell. */
  initial_loss: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** null without a best cell, or an axis of a rate. */
  tolerance: ToleranceFound | null;
  /** The share of all its members that diverged or failed. */
  diverged: number;
};

/** Which runs, which plane, how fine. */
export type SurfaceRequest = {
  /** Runs of one problem and network: configs (trained unless they just were) or ids. */
  runs: (RunConfig | KeptRun)[];
  /** Unless given: the principal axes of the paths, or a test function itself. */
  plane?: PcaConfig | ParametersConfig | RandomConfig | PointsConfig | EigenConfig | HeldConfig | FunctionConfig | null;
  /** Grid points along each side. */
  resolution?: number;
  /** [[xmin, xmax], [ymin, ymax]]; unless given, all paths and some space around them. */
  window?: [[number, number], [number, number]] | null;
  /** Arrays as nested lists, or as base64 typed arrays. */
  encoding?: "list" | "base64";
};

/** Everything that determines a sweep: the same one always has the same members, in the same order. */
export type SweepConfig = {
  /** The run that all members are variations of. */
  run: RunConfig;
  /** What is varied, the outermost first. */
  axes: AxisConfig[];
  /** Each takes the place of the run's; outside of all axes. */
  optimizers?: OptimizerConfig[] | null;
  /** Seeds of the network; inside of all axes. */
  seeds?: number[] | null;
  /** The loss whose first step is noted. */
  target?: number | null;
  /** Train every member by torch's own loop, one by one, with the bits of a run. */
  exact?: boolean;
};

/** A kept sweep. */
export type SweepDocument = {
  /** By which it is asked for. */
  id: string;
  /** What it is called. */
  name: string;
  /** Whether it is trained now, paused, or over. */
  state: "running" | "paused" | "ended";
  /** Why it is in this state, in one sentence; empty while it is trained. */
  detail: string;
  /** What `detail` says, as data; null while it is trained. */
  code: string | null;
  /** What fills the holes of the sentence, by name. */
  params?: Record<string, Json>;
  /** When, in ISO 8601 and UTC. */
  created: string;
  /** When it changed last, in ISO 8601 and UTC. */
  updated: string;
  /** Whether it is kept whatever the quota says. */
  pinned: boolean;
  /** Optimizers if given, the axes, seeds if given. */
  shape: number[];
  /** How many runs it has. */
  members: number;
  /** Members whose cells are on the disk. */
  done: number;
  /** Size on the disk. */
  bytes: number;
  /** How its members are trained. */
  ways: WayOfMembers[];
  /** What is swept; POST it to have it once more. */
  sweep: SweepConfig;
  /** One entry an optimizer; null unless complete. */
  summary: SummedUp[] | null;
};

/** The last event. A sweep without it is broken. */
export type SweepEndedEvent = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  event: "sweep_ended";
  /** `paused` and `stopped` are of one that is kept, and goes on when it is resumed or the server is back. */
  reason: "completed" | "cancelled" | "failed" | "paused" | "stopped";
  /** One entry an optimizer; null unless completed. */
  summary: SummedUp[] | null;
};

/** Sweeps, newest first. */
export type SweepPageDocument = {
  /** Newest first. */
  sweeps: ListedSweep[];
  /** `before` of the next page; null on the last. */
  next: number | null;
  kept: KeptOfSweeps;
};

/** What a sweep comes to, before it is trained. */
export type SweepPlan = {
  /** Optimizers if given, the axes, seeds if given; members in C order. */
  shape: number[];
  /** What is varied, the outermost first. */
  axes: SweptAxis[];
  /** How many runs there are. */
  members: number;
  /** What `ended` of a cell indexes. */
  reasons: string[];
  /** How members are trained. */
  ways: WayOfMembers[];
  /** The run of the first member of each optimizer. That of any other one is this, with its values at the paths of the axes, and its seed at /model/seed. */
  runs: Record<string, Json>[];
  /** That losses along an axis of the problem do not compare; that float32 is an overview; where an optimizer is refused, so that runs have no numbers. */
  notes: Noted[];
  /** Of the base run, without a step of it. */
  warnings: Warned[];
  /** The version of PyTorch that trains. */
  torch: string;
};

/** The first event of a sweep: what its cells stand for. */
export type SweepStarted = {
  /** Optimizers if given, the axes, seeds if given; members in C order. */
  shape: number[];
  /** What is varied, the outermost first. */
  axes: SweptAxis[];
  /** How many runs there are. */
  members: number;
  /** What `ended` of a cell indexes. */
  reasons: string[];
  /** How members are trained. */
  ways: WayOfMembers[];
  /** The run of the first member of each optimizer. That of any other one is this, with its values at the paths of the axes, and its seed at /model/seed. */
  runs: Record<string, Json>[];
  /** That losses along an axis of the problem do not compare; that float32 is an overview; where an optimizer is refused, so that runs have no numbers. */
  notes: Noted[];
  /** Of the base run, without a step of it. */
  warnings: Warned[];
  /** The version of PyTorch that trains. */
  torch: string;
  event: "sweep_started";
  /** Of a sweep that is kept. */
  id?: string | null;
};

/** One axis, with the values used. */
export type SweptAxis = {
  /** The field, as a JSON pointer into the run. */
  path: string;
  /** What the field is, in order. */
  values: Json[];
};

/** How far a rate may be from the best one, with all else as in the best cell. */
export type ToleranceFound = {
  /** The first axis that is a rate. */
  path: string;
  /** 1 where the largest good rate is ten times the smallest. */
  decades: number | "NaN" | "Infinity" | "-Infinity";
  /** What a finer grid could make of `decades`: those between the nearest rates that are not good; null where the good ones reach an end of the axis. */
  at_most: number | "NaN" | "Infinity" | "-Infinity" | null;
  /** The smallest and the largest rate around the best one, with none between them whose median is above `bound`. */
  between: [number | "NaN" | "Infinity" | "-Infinity", number | "NaN" | "Infinity" | "-Infinity"];
  /** The best median, and a tenth of what it is below the initial loss. */
  bound: number | "NaN" | "Infinity" | "-Infinity";
};

/** Little-endian numbers in base64: the form of an array that Plotly reads. */
export type TypedArray = {
  /** f4 is float32, f8 is float64. */
  dtype: "f4" | "f8";
  /** Dimensions, with commas between. */
  shape: string;
  /** The numbers in base64, in C order. */
  bdata: string;
};

/** One line of an update, evaluated from the values of the lines before. */
export type UpdateLine = {
  /** Its value among `values`. */
  key: string;
  /** As torch computes it. */
  code: string;
  /** The statement in symbols, as MathML. */
  symbols: string;
  /** Its right side, with `@key@` for the number of a value and `@@key@@` for a whole tensor. */
  numbers: string;
  /** The keys in `numbers`. */
  uses: string[];
  /** What the line is for. */
  what: Sentence;
  /** Torch's own number that our evaluation is held against: `grad`, `param` or a key of the state; null where torch keeps none, so that the value is ours. */
  torch: string | null;
  /** Units in the last place that our evaluation is off at most; 0: equal to the last bit. */
  ulps: number | null;
  /** The same element by element, where it is not 0. */
  ulps_of: (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | number | null;
  /** Our own evaluation, where it is not 0. */
  ours: number | "NaN" | "Infinity" | "-Infinity" | (number | "NaN" | "Infinity" | "-Infinity" | Json[])[] | null;
};

/** A number of an update, or a tensor. */
export type UpdateValue = {
  /** In LaTeX. */
  symbol: string;
  /** Torch's own where torch keeps it, else ours. */
  value: number | "NaN" | "Infinity" | "-Infinity" | (number | "NaN" | "Infinity" | "-Infinity" | Json[])[];
};

/** Something about a run that its author should know: what, why and what to do; its code is the rule's. */
export type Warned = {
  /** One plain sentence in English. */
  detail: string;
  /** What kind of thing is said: stable, for programs. */
  code: string;
  /** What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, params}` of a part that is said for itself. */
  params: Record<string, Json>;
  /** JSON pointer into the config. */
  pointer: string;
};

/** Everything that is worth saying; nothing, if the recipe is sound. */
export type Warnings = {
  /** In the order of the config. */
  warnings: Warned[];
};

/** How some members are trained. */
export type WayOfMembers = {
  /** How many go this way. */
  members: number;
  /** Many at once by a kernel or by torch, or one by one. */
  way: "compiled" | "stacked" | "one by one";
  /** What they are thought to take, with all workers to themselves. */
  seconds: number;
  /** Why no faster; null where there is no faster way. */
  because: string | null;
  /** What `because` says, as data. */
  because_code: string | null;
  /** What fills the holes of the sentence, by name. */
  because_params?: Record<string, Json>;
};

/** How many training processes are how. */
export type Workers = {
  /** Processes that can train. */
  ready?: number;
  /** Processes that are on their way. */
  starting?: number;
  /** Processes that could not be started. */
  failing?: number;
  /** Processes that were started in the place of another one. */
  restarts?: number;
};

/** A text, what the workbench shows beside it, and what it points at. */
export type WrittenStep = {
  /** What is told. */
  text: string;
  /** What the workbench shows: a query of the page's address, with its version. */
  address: string;
  /** A view or control of the page. */
  points_at?: string | null;
  /** null where nothing is asked. */
  question?: Question | null;
  /** How the run tells which choice is right; only with a question. */
  check?: Check | null;
};

export type Calls = {
  "GET /api/health": { body: undefined; answer: Health };
  "GET /api/catalog": { body: undefined; answer: Catalog };
  "GET /api/catalog/summary": { body: undefined; answer: CatalogSummary };
  "GET /api/catalog/loop_mistakes": { body: undefined; answer: LoopMistakes };
  "GET /api/catalog/optimizers": { body: undefined; answer: OptimizerList };
  "GET /api/catalog/{kind}/{name}": { body: undefined; answer: CatalogEntry };
  "POST /api/train": { body: RunConfig; answer: RunStarted | Queued | Step | BlockOfSteps | RunEnded };
  "POST /api/compare": { body: Comparison; answer: RunStarted | Queued | BlockOfSteps | RunEnded };
  "POST /api/loss-surface": { body: SurfaceRequest; answer: LossSurface };
  "POST /api/curvature": { body: CurvatureRequest; answer: Curvatures };
  "POST /api/central-flow": { body: CentralFlowRequest; answer: CentralFlowAnswer };
  "POST /api/gradient-noise": { body: GradientNoiseRequest; answer: GradientNoiseAnswer };
  "POST /api/held-out-loss": { body: HeldOutLossRequest; answer: HeldOutLosses };
  "POST /api/decision-boundary": { body: BoundaryRequest; answer: DecisionBoundary };
  "POST /api/lr-schedule": { body: ScheduleRequest; answer: LRSchedule };
  "GET /api/lr-scheduler-presets": { body: undefined; answer: Presets };
  "POST /api/lint": { body: RunConfig; answer: Warnings };
  "POST /api/code": { body: RunConfig; answer: Code };
  "GET /api/runs/{id}/report": { body: undefined; answer: Report };
  "POST /api/runs": { body: Creation; answer: RunDocument };
  "GET /api/runs": { body: undefined; answer: RunPage };
  "GET /api/runs/follow": { body: undefined; answer: RunStarted | BlockOfSteps | RunEnded };
  "GET /api/runs/{id}": { body: undefined; answer: RunDocument };
  "PATCH /api/runs/{id}": { body: Edit; answer: RunDocument };
  "DELETE /api/runs/{id}": { body: undefined; answer: unknown };
  "POST /api/runs/{id}/extend": { body: Extension; answer: RunDocument };
  "POST /api/runs/{id}/pause": { body: undefined; answer: RunDocument };
  "POST /api/runs/{id}/resume": { body: undefined; answer: RunDocument };
  "POST /api/runs/{id}/fork": { body: Fork; answer: RunDocument };
  "GET /api/runs/{id}/steps": { body: undefined; answer: RunStarted | Step | BlockOfSteps | RunEnded };
  "POST /api/runs/{id}/steps": { body: BlockOfSteps | RunEnded; answer: RunDocument };
  "POST /api/runs/import": { body: RunStarted | BlockOfSteps | RunEnded; answer: RunDocument };
  "GET /api/runs/{id}/checkpoints/{step}": { body: undefined; answer: Blob };
  "POST /api/runs/from-checkpoint": { body: Blob; answer: RunDocument };
  "GET /api/runs/{id}/export": { body: undefined; answer: Blob };
  "POST /api/export": { body: Export; answer: Blob };
  "POST /api/anatomy": { body: AnatomyRequest; answer: StepAnatomy };
  "GET /api/runs/{id}/steps/{step}/anatomy": { body: undefined; answer: StepAnatomy };
  "GET /api/lessons": { body: undefined; answer: Lessons };
  "POST /api/lessons": { body: Lesson; answer: LessonDocument };
  "POST /api/sweeps": { body: SweepConfig; answer: SweepStarted | CellsOfMembers | SweepEndedEvent };
  "GET /api/sweeps": { body: undefined; answer: SweepPageDocument };
  "POST /api/sweeps/plan": { body: SweepConfig; answer: SweepPlan };
  "GET /api/sweeps/{id}": { body: undefined; answer: SweepDocument };
  "PATCH /api/sweeps/{id}": { body: Edit; answer: SweepDocument };
  "DELETE /api/sweeps/{id}": { body: undefined; answer: unknown };
  "POST /api/sweeps/{id}/pause": { body: undefined; answer: SweepDocument };
  "POST /api/sweeps/{id}/resume": { body: undefined; answer: SweepDocument };
  "GET /api/sweeps/{id}/cells": { body: undefined; answer: SweepStarted | CellsOfMembers | SweepEndedEvent };
  "GET /api/sweeps/{id}/export": { body: undefined; answer: Blob };
};
