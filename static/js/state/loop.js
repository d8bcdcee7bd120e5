/**
 * The training loop: in which order and with which habits it calls torch. Only what departs from the tutorial's loop is
 * kept.
 */

/**
 * @typedef {"zero_grad" | "forward" | "loss" | "backward" | "clip" | "optimizer_step" | "scheduler_step"} LoopLine
 * @typedef {{step: number, optimizer?: boolean, lr_scheduler?: boolean}} Restart
 *
 * @typedef {{name: "linear", velocity: [number, number]} | {name: "circular", radius: number, period: number}} Drift
 *
 * @typedef {object} Loop
 * @property {boolean} zero_grad
 * @property {boolean} set_to_none
 * @property {boolean} scheduler_first
 * @property {number} accumulate  forward and backward passes of a step
 * @property {boolean} scale_loss  whether the loss of each pass is divided by their number
 * @property {"bfloat16" | null} autocast
 * @property {LoopLine[] | null} order  null is the one that the other fields say
 * @property {Restart | null} restart  at a step the model is restored; what is false is made anew
 * @property {string[] | null} replaced  layers whose parameters are replaced after the optimizer was made
 * @property {number} gradient_delay  how many steps late gradients arrive
 * @property {Drift | null} drift  the path of the optimum of a test function; null where it stands still
 */

/** @type {readonly LoopLine[]} the tutorial's */
export const LOOP_LINES = Object.freeze(
  /** @type {LoopLine[]} */ ([
    "zero_grad",
    "forward",
    "loss",
    "backward",
    "clip",
    "optimizer_step",
    "scheduler_step",
  ]),
);

/** @type {Readonly<Loop>} the tutorial's */
export const TUTORIAL_LOOP = Object.freeze({
  zero_grad: true,
  set_to_none: true,
  scheduler_first: false,
  accumulate: 1,
  scale_loss: true,
  autocast: null,
  order: null,
  restart: null,
  replaced: null,
  gradient_delay: 0,
  drift: null,
});

const FIELDS = /** @type {(keyof Loop)[]} */ (Object.keys(TUTORIAL_LOOP));

/** What is on or off, in the order that it is shown in. @type {("zero_grad" | "set_to_none" | "scheduler_first")[]} */
export const LOOP_HABITS = ["zero_grad", "set_to_none", "scheduler_first"];

/**
 * What departs from the tutorial's loop, as a field of a run; nothing if nothing does.
 *
 * @param {Partial<Loop> | null | undefined} loop
 * @returns {{loop?: Partial<Loop>}}
 */
export function loopField(loop) {
  const own = FIELDS.filter((field) => loop?.[field] !== undefined && !isTutorial(field, loop[field]));
  if (own.length === 0) return {};
  return { loop: Object.fromEntries(own.map((field) => [field, loop?.[field]])) };
}

/**
 * @param {keyof Loop} field
 * @param {unknown} value
 */
function isTutorial(field, value) {
  return JSON.stringify(value) === JSON.stringify(TUTORIAL_LOOP[field]);
}

/**
 * The lines of a loop in their order.
 *
 * @param {Pick<Loop, "order" | "zero_grad" | "scheduler_first">} loop
 * @returns {readonly LoopLine[]}
 */
export function orderOf({ order, zero_grad: clears, scheduler_first: first }) {
  if (order !== null) return order;
  const lines = LOOP_LINES.filter((line) => clears || line !== "zero_grad");
  return first ? [...lines.slice(-1), ...lines.slice(0, -1)] : lines;
}

/**
 * In what an order of lines departs from the tutorial's; of lines that a run may do without, only where they are moved.
 *
 * @param {readonly LoopLine[]} order
 * @param {boolean} [hasScheduler]  whether there is one whose line can be missed
 * @returns {("noZeroGrad" | "zeroGradLate" | "noBackward" | "backwardTwice" | "noStep" | "stepEarly" | "clipLate"
 *   | "noScheduler" | "schedulerFirst" | "ownOrder")[]}
 */
export function departuresOf(order, hasScheduler = true) {
  const at = (/** @type {LoopLine} */ line) => order.indexOf(line);
  const count = (/** @type {LoopLine} */ line) => order.filter((one) => one === line).length;
  const [zero, backward, step] = [at("zero_grad"), at("backward"), at("optimizer_step")];
  const found = /** @type {const} */ ([
    ["noZeroGrad", zero < 0],
    ["zeroGradLate", backward >= 0 && zero > backward && zero < step],
    ["noBackward", backward < 0],
    ["backwardTwice", count("backward") > 1],
    ["noStep", step < 0],
    ["stepEarly", step >= 0 && step < backward],
    ["clipLate", step >= 0 && at("clip") > step],
    ["noScheduler", hasScheduler && at("scheduler_step") < 0],
    ["schedulerFirst", step > at("scheduler_step") && at("scheduler_step") >= 0],
  ]);
  const departures = found.flatMap(([departure, is]) => (is ? [departure] : []));
  const shown = (/** @type {readonly LoopLine[]} */ lines) =>
    String(lines.filter((line) => hasScheduler || line !== "scheduler_step"));
  return departures.length === 0 && shown(order) !== shown(LOOP_LINES) ? ["ownOrder"] : departures;
}

/**
 * How far the optimum has moved once so many steps are done, as the server computes it.
 *
 * @param {Drift} drift
 * @param {number} step
 * @returns {[number, number]}
 */
export function driftAt(drift, step) {
  if (drift.name === "linear") return [drift.velocity[0] * step, drift.velocity[1] * step];
  const angle = (2 * Math.PI * step) / drift.period;
  return [drift.radius * (Math.cos(angle) - 1), drift.radius * Math.sin(angle)];
}
