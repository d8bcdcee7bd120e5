/**
 * The shapes that the page passes around: what the catalog says, what the person has chosen, what is sent.
 *
 * @typedef {import("../wire.d.ts").Json} Json
 *
 * @typedef {import("../wire.d.ts").Hyperparameter} DeclaredHyperparameter
 * @typedef {Pick<DeclaredHyperparameter, "name" | "kind" | "default" | "description"> & Partial<DeclaredHyperparameter>} Hyperparameter
 *   one keyword argument of a torch class; the page has some of its own, which say less
 *
 * @typedef {import("../wire.d.ts").OptimizerEntry} OptimizerEntry
 * @typedef {import("../wire.d.ts").LRSchedulerEntry} LRSchedulerEntry
 * @typedef {import("../wire.d.ts").ClippingEntry} ClippingEntry
 * @typedef {Pick<ClippingEntry, "name" | "title" | "summary"> & {hyperparameters: Hyperparameter[]}
 *   & Partial<Omit<OptimizerEntry & LRSchedulerEntry, "hyperparameters">>} Choice
 *   an optimizer, a scheduler or a way of clipping
 *
 * @typedef {"samples" | "noise" | "seed" | "expression" | "bounds" | "points"} ProblemOption
 * @typedef {Omit<import("../wire.d.ts").ProblemEntry, "options" | "option_defaults" | "suggested" | "rates" | "picture"> & {
 *   options: ProblemOption[],
 *   option_defaults: Partial<Record<"samples" | "noise" | "seed", number>> & {expression?: string, bounds?: Window, points?: Points},
 *   suggested: Suggestion,
 *   rates?: import("../wire.d.ts").SuggestedRates,
 *   picture?: import("../wire.d.ts").Picture | null,
 * }} Problem
 *
 * @typedef {object} Points  a dataset that somebody brings
 * @property {number[][]} x  a row of features for each point
 * @property {number[]} y
 * @property {import("./points/table.js").Loss} loss
 * @property {number} held_out  the share that is not trained on
 * @property {boolean} standardize
 *
 * @typedef {object} Suggestion  what to compare first on a problem
 * @property {NonNullable<RunConfig["model"]>} model
 * @property {Call[]} optimizers
 * @property {number} steps
 *
 * @typedef {import("../wire.d.ts").ActivationEntry} Activation
 *
 * @typedef {Omit<import("../wire.d.ts").Catalog, "problems" | "optimizers" | "lr_schedulers" | "clipping" | "defaults"> & {
 *   problems: Problem[],
 *   optimizers: Choice[],
 *   lr_schedulers: Choice[],
 *   clipping: Choice[],
 *   defaults: {comparison: {runs: RunConfig[]}},
 * }} Catalog
 *
 * @typedef {{name: string, hyperparameters: Record<string, Json>, [field: string]: Json}} Call
 *   a torch class and its arguments: an OptimizerConfig or an LRSchedulerConfig
 * @typedef {{params: string[], from_step?: number, to_step?: number | null, clear_grad?: boolean, by?: "requires_grad" | "no_grad" | "detach" | "eval"}} Freeze
 * @typedef {{name: string, [argument: string]: Json}} Clip
 *
 * @typedef {object} RunConfig
 * @property {{name: string, samples?: number | null, noise?: number | null, seed?: number | null, expression?: string | null, bounds?: Window | null, points?: Parameters<typeof import("./points/whole.js").wholePoints>[0] | null}} problem
 * @property {{hidden?: number[], activation?: string, seed?: number, state_dict?: Record<string, Json> | null, start?: [number, number] | null}} [model]
 * @property {Call} optimizer
 * @property {Call | null} [lr_scheduler]
 * @property {Freeze[]} [freeze]
 * @property {Clip | null} [clip_grad]
 * @property {number | null} [batch_size]
 * @property {number | null} [batch_seed]
 * @property {number} [steps]
 * @property {"float32" | "float64"} [dtype]
 * @property {Partial<import("./loop.js").Loop>} [loop]
 * @property {import("./average.js").Average | null} [average]
 * @property {import("./factors.js").Factor[]} [hyperparameter_schedules]
 *
 * @typedef {object} Run  what one card holds
 * @property {number} slot  0, 1, 2 …: its colour, dash and marker, and its identity on the page
 * @property {Call} optimizer
 * @property {Call | null} lr_scheduler
 * @property {Freeze[]} freeze
 * @property {Clip | null} clip_grad
 * @property {Partial<import("./loop.js").Loop>} [loop]  where it departs from the tutorial's
 * @property {import("./average.js").Average} [average]  of its weights
 * @property {import("./factors.js").Factor[]} [hyperparameter_schedules]  what follows a factor of the step
 * @property {Call[]} [earlier]  what the card remembers of optimizers that it had, the last first
 * @property {KeptReference} [kept]  which of the server's runs it shows; unless given, it is trained for the page alone
 *
 * @typedef {object} KeptReference
 * @property {string} id
 * @property {number} first  0, or the step where it was forked
 * @property {("optimizer" | "lr_scheduler")[]} without  whose state was not taken over when it was forked
 * @property {string} [watched]  what a run of a loop that is not ours is called, which has no config
 *
 * @typedef {[[number, number], [number, number]]} Window  [[left, right], [bottom, top]] in coordinates of the plane
 *
 * @typedef {object} Sweep  what is trained for a map
 * @property {import("./sweep/axis.js").Axis} x
 * @property {import("./sweep/axis.js").Axis | null} y  null: the seeds of the network, or where a test function is started
 * @property {number} seeds  how many networks each cell is of
 * @property {number | null} target  the loss whose first step is noted
 * @property {number} judged  on how many other seeds the optimizers of a race are judged
 *
 * @typedef {object} Edge  how the edge of trainability is looked at
 * @property {number | null} x  the index of the layer whose rate goes across, null: the first
 * @property {number | null} y  upwards, null: the last
 * @property {Window | null} window  of rates, null: all that there is
 * @property {number} cells  along each side
 *
 * @typedef {object} Loops  how watched runs are looked at
 * @property {string | null} run  the id of the one that is open; null is the list of them
 * @property {string | null} beside  the id of another one in the same charts
 * @property {string | null} show  the quantity of the map of layers; null is the first that there is
 * @property {"step" | "epoch" | "samples"} x  what the charts go over
 * @property {number | null} layer  the index of the one whose curve is shown
 * @property {number | null} at  the step that is marked
 *
 * @typedef {object} ViewKeys  what an address may say of the views of the page
 * @property {readonly string[]} tabs  the first is open unless another is named
 * @property {Record<string, readonly string[]>} scales  by their keys: what may be chosen, the default first
 *
 * @typedef {object} State  all that a link carries; everything on the page follows from it
 * @property {string} problem
 * @property {number | null} samples  null is the problem's own
 * @property {number | null} noise
 * @property {number | null} dataSeed
 * @property {string | null} expression  of a function that a person writes; null is the catalog's
 * @property {Window | null} bounds  of such a function: what is seen of it at least
 * @property {Points | null} points  of a problem whose data somebody brings
 * @property {number[]} hidden
 * @property {string} activation
 * @property {number} seed
 * @property {[number, number] | null} start  where a test function is started; null is its own start
 * @property {number} steps
 * @property {"float32" | "float64"} dtype
 * @property {number | null} batchSize  null is the whole dataset
 * @property {number | null} batchSeed  of the order of batches; null is the data's
 * @property {Record<string, Json> | null} weights  initial parameters by name; null are the seed's
 * @property {Run[]} runs
 * @property {number} selected  the slot of a run
 * @property {import("./plane.js").Plane} plane  the slice of parameter space that the surface of a network is drawn on
 * @property {Window | null} window  the part of the surface that is looked at; null is all of it
 * @property {Record<string, string>} scales  that were chosen, by their keys in the address
 * @property {"contour" | "3d" | "data"} mode
 * @property {boolean} arrows  whether what the step did to the selected run is drawn over the surface
 * @property {"weights" | "gradients" | "signals"} network
 * @property {string | null} panel  which of the tabs is open; null is the first
 * @property {string | null} parameter  whose optimizer state is looked at; null is the first that has some
 * @property {number} element  of that parameter, counted flat
 * @property {string | null} quantity  `param`, `grad` or torch's key of the state; null is the first of them
 * @property {number | null} step  null until a step has been shown: play from the start
 * @property {number} speed  steps a second
 * @property {string | null} language  null is the browser's
 * @property {"light" | "dark" | null} theme  null is the system's
 * @property {boolean} projector  whether texts and lines are larger, and the panels beside the surface hidden
 * @property {"compare" | "learn" | "tune" | "loops"} place  what a person came for
 * @property {{kind: "map" | "curve" | "race" | "basins" | "edge", show: "end" | "best" | "test" | "target" | "diverged", of: "all" | "selected"}} tune
 *   how maps are looked at: what there is to see, what a cell says, and of which runs
 * @property {Sweep} sweep
 * @property {Edge} edge
 * @property {Loops} loops
 * @property {string | null} lesson  the one that is open; null is the list of them
 * @property {number} page  of the lesson: the index of one of its steps
 */

export {};
