/**
 * What the views are given.
 *
 * @typedef {import("../history.js").History} History
 * @typedef {import("../player/player.js").Player} Player
 * @typedef {"circle" | "square" | "diamond" | "triangle" | "triangle-down" | "cross" | "plus" | "star"} MarkerShape
 * @typedef {import("../state/types.js").Window} Window
 *
 * @typedef {object} Run  one run of the comparison, with its identity on the page
 * @property {string} id
 * @property {string} label  "Adam"
 * @property {string} exactLabel  the same with all digits of its numbers
 * @property {string} color  a CSS colour that has contrast in the theme of the moment
 * @property {number[]} dash  lengths of dashes and gaps in pixels; empty for a solid line
 * @property {MarkerShape} marker
 * @property {import("../state/types.js").RunConfig} config
 * @property {import("../api/request.js").FieldProblem[]} [errors]  why the server refuses it
 * @property {string | null} [refused]  what it would be called if the server did not refuse it
 * @property {import("../state/types.js").RunConfig | {id: string}} request  how a request names it: by its configuration, or by the id of a run that is kept
 * @property {boolean} [watched]  whether it is of a loop that is not ours: it has no config, and nothing is computed of it
 * @property {History | null} history  null until its first records are here
 * @property {boolean} stale  whether the history is of an earlier edit, shown until the new one begins
 * @property {import("../rates.js").OwnRate | null} [ownRate]  where its optimizer keeps a rate of its own
 *
 * @typedef {object} Surface  an answer of `POST /api/loss-surface`
 * @property {import("../wire.d.ts").LossSurface} response
 * @property {string[]} runs  the ids of the runs, in the order of the request
 * @property {boolean} stale  whether it is of an earlier edit
 * @property {string} frame  the same as long as its coordinates mean the same
 * @property {Window | null} window  the part that it is of; null is all of it
 *
 * @typedef {{steps: number[], values: ArrayLike<number>}} Losses  at some records
 *
 * @typedef {object} HeldOut  of the runs, while it is shown
 * @property {Map<string, Losses & {stale: boolean}>} losses  by the id of the run
 * @property {string | null} none  why there is none; null where there is
 * @property {boolean} isWaiting  whether some of it is still to come
 *
 * @typedef {{predicted: number, measured: number}} Means
 *
 * @typedef {object} CentralFlow  the averaged path that theory predicts of a run, and what is measured of it
 * @property {number[]} steps
 * @property {ArrayLike<number>} path  of shape [records, parameters]
 * @property {ArrayLike<number>} loss  on the path itself
 * @property {ArrayLike<number>} predictedLoss  of the run, on average
 * @property {ArrayLike<number>} measuredLoss
 * @property {ArrayLike<number>} sharpness
 * @property {ArrayLike<number>} predictedVariance
 * @property {ArrayLike<number>} measuredVariance
 * @property {ArrayLike<number>} distance
 * @property {number} window  records of an average
 * @property {number | null} edge  the first step at which it oscillates
 * @property {Means} meanLoss  from there on
 * @property {Means} meanVariance
 * @property {number | null} departs  the first step where it no longer holds
 * @property {import("../languages/translator.js").Said | null} stopped  why it ends before the run
 *
 * @typedef {object} Flow  that of the selected run, while it is shown
 * @property {string} run  its id
 * @property {CentralFlow | null} found
 * @property {string | null} none  why there is none
 * @property {boolean} stale
 * @property {boolean} isWaiting
 *
 * @typedef {"linear" | "log" | "symlog"} AxisScale  symlog: logarithmic on both sides of zero, linear around it
 * @typedef {"linear" | "log" | "equalised"} ColorScale
 *
 * @typedef {object} Data
 * @property {Run[]} runs
 * @property {Run | null} [ghost]  the selected run without what it freezes, to be seen beside it
 * @property {number} [aloneFrom]  the step at which the selected run begins, if it is a fork that has no ghost; else 0
 * @property {HeldOut | null} [heldOut]  what the losses on held-out samples are, where they are shown
 * @property {Flow | null} [flow]  the central flow of the selected run, where it is shown
 * @property {string | null} selected  the id of the run that the network drawing shows
 * @property {import("../state/types.js").Problem} problem  its entry in the catalog
 * @property {number} steps
 * @property {"refused" | "broken" | "watched" | null} [nothing]  why there is no surface to draw, and will not be
 * @property {Surface | null} surface
 * @property {Window | null} window  the part of the surface that is looked at; null is all of it
 * @property {boolean} arrows  whether what the step did to the selected run is drawn over the surface
 * @property {"light" | "dark"} theme
 * @property {Record<string, string>} scales  by their keys in the registry of views
 * @property {"contour" | "3d" | "data"} mode
 * @property {"weights" | "gradients" | "signals"} network
 * @property {string | null} parameter  whose optimizer state is looked at
 * @property {number} element  of that parameter, counted flat: whose update is told line by line
 * @property {string | null} quantity  `param`, `grad` or torch's key of the state
 * @property {Record<string, string>} meanings  of torch's keys, in the words of the catalog
 * @property {Needs} needs  of the selected run
 * @property {string | null} [pointsAt]  the name of what a lesson speaks of, which is not folded
 *
 * @typedef {{closure: boolean, metric: string[]}} Needs  whether the optimizer evaluates the loss itself, and which
 *   schedulers are stepped with it
 *
 * @typedef {object} Subject  what is looked at of a run
 * @property {Run} run
 * @property {History} history
 * @property {string} parameter
 * @property {string} quantity  `param`, `grad` or torch's key of the state
 * @property {number} size  elements, or tensors
 * @property {boolean} several  whether it is several tensors, of which the norms are shown
 *
 * @typedef {object} ViewPatch
 * @property {"contour" | "3d" | "data"} [mode]
 * @property {"weights" | "gradients" | "signals"} [network]
 * @property {Window | null} [window]
 * @property {string} [parameter]
 * @property {number} [element]
 * @property {string} [quantity]
 *
 * @typedef {(freeze: import("../state/types.js").Freeze[], steps: number) => import("../state/types.js").Freeze[]} FreezeChange
 *
 * @typedef {object} Context
 * @property {(key: string, params?: import("../languages/translator.js").Params) => string} t
 * @property {import("../languages/translator.js").Translator["say"]} say
 * @property {Player} player
 * @property {boolean} reducedMotion
 * @property {boolean} [isFilmed]  whether every step is drawn at once, however long that takes
 * @property {Record<string, number>} limits  of the server
 * @property {(layer: string) => void} onToggleFreeze  of the selected run
 * @property {(change: FreezeChange) => void} onFreeze  of the selected run
 * @property {() => void} onFreezeAll  what the selected run freezes, in all runs
 * @property {(runId: string) => void} onSelect
 * @property {(of: string) => void} onSave  take a picture of a view or a plot away
 * @property {() => void} onFork  the selected run, at the step that is shown
 * @property {(patch: Record<string, string>) => void} onScales
 * @property {(patch: ViewPatch) => void} onView
 * @property {import("../api/resources.js").Api} api
 * @property {import("../api/anatomies.js").AnatomySource} anatomies  steps taken apart
 * @property {(start: [number, number], isDragging: boolean) => void} onStart  of a test function
 *
 * @typedef {object} View
 * @property {(data: Data) => void} update  draw all of it
 * @property {(step: number) => void} setStep  draw what moves in a frame
 * @property {() => void} resize
 * @property {() => void} destroy
 *
 * @typedef {(element: HTMLElement, ctx: Context) => View} Mount
 *
 * @typedef {object} Entry  a view in the registry; its title in a row of tabs is the message `views.<id>.tab`
 * @property {string} id  also what the address says where it is a tab
 * @property {"learn" | "compare" | "tune" | "loops"} place
 * @property {"story" | "legend" | "surface" | "network" | "plots" | "timeline"} slot  the element that holds it; in `plots` each is a tab
 * @property {Record<string, readonly string[]>} [scales]  by their keys in the address: what may be chosen, the default first
 * @property {boolean} [mayWait]  until the paths over the surface move, as tabs do
 * @property {boolean} [followsDrag]  whether it answers a hand at once, and the rest of the page after it
 * @property {() => Promise<{mount: Mount}>} load  its module: with the page, or when its tab is first opened
 */

export {};
