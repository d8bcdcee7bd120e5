/**
 * One step of the training loop, line by line: the code that was run, and what it did in this step.
 *
 * Record k holds the loss and the gradients that step k was given, and the parameters and the state after it.
 */

import { nameOfRate, ownRateAt } from "../../rates.js";
import { shortName } from "../../state/labels.js";
import { TUTORIAL_LOOP, orderOf } from "../../state/loop.js";
import { calledAt } from "../../state/schedule.js";
import { updateAngle, updateOf } from "../../updates.js";
import { exactNumber, formatNumber } from "../drawing/numbers.js";
import { hasBitten } from "../charts/series.js";
import { movedAt, movedIn } from "../../moved.js";
import { groupConfigOf, groupOf, groupPlace, optimizerOf } from "../drawing/parameters.js";
import { freezeVerdict, leftSaid } from "./step-freezing.js";
import { addingLines, movingLines } from "./step-groups.js";
import { driftedTo, lateLines } from "./step-late.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../history.js").TypedArray} TypedArray
 * @typedef {import("../types.js").Needs} Needs
 *
 * @typedef {{key: string, params?: import("../../languages/translator.js").Params}} Said  a message, under `views.step.said` unless it begins with `views.`
 * @typedef {{part: "zero_grad" | "forward" | "backward" | "delay" | "clip" | "step" | "average" | "schedule" | "groups" | "moved", code: string, said: Said[]}} Line
 *
 * @typedef {object} Element  what a step made of one number of a parameter
 * @property {number} before
 * @property {number | null} grad  null where `.grad` is None
 * @property {number | null} plain  −lr · grad
 * @property {number} update  what was added to it
 */

/** Roundings of a float32 that a step of `param -= lr * param.grad` may be off by. */
const ROUNDING = 2 ** -22;

/**
 * The lines of step k, in the order of the run's loop.
 *
 * @param {History} history
 * @param {number} k  a step, so not the first record
 * @param {string} loss  the call that computes it
 * @param {Needs} needs
 * @returns {Line[]}
 */
export function linesOf(history, k, loss, needs) {
  const { config } = history;
  const loop = { ...TUTORIAL_LOOP, ...config.loop };
  const order = orderOf(loop);
  /** @type {Record<import("../../state/loop.js").LoopLine, Line[]>} */
  const lines = {
    zero_grad: [zeroGradLine({ ...loop, zero_grad: order.includes("zero_grad") }, config)],
    forward: [],
    loss: [{ part: "forward", code: `loss = ${loss}`, said: forwardSaid(history, k, loop) }],
    backward: loop.gradient_delay
      ? lateLines(history, k, loop, backwardCode(loop))
      : [{ part: "backward", code: backwardCode(loop), said: backwardSaid(history, k, order) }],
    clip: clipLines(history, k, order),
    optimizer_step: [
      ...movingLines(history, k),
      {
        part: "step",
        code: calls(config, needs.closure ? "step(closure)" : "step()"),
        said: evaluationsSaid(history, k, needs),
      },
    ],
    scheduler_step: scheduleLines(history, k, needs, order),
  };
  const told = withMissing(order);
  const ending = told.length - [...told].reverse().findIndex((line) => line !== "scheduler_step");
  return [
    ...addingLines(history, k),
    ...told.slice(0, ending).flatMap((line) => lines[line]),
    ...averageLines(history, k),
    ...told.slice(ending).flatMap((line) => lines[line]),
  ];
}

/**
 * What follows the step beside the parameters, before its schedule.
 *
 * @param {History} history
 * @param {number} k
 * @returns {Line[]}
 */
function averageLines(history, k) {
  const loss = history.averageLoss(k);
  if (loss === null) return [];
  const isOwn = !history.config.average;
  return [
    {
      part: "average",
      code: isOwn ? "optimizer.eval()" : "averaged.update_parameters(model)",
      said: [{ key: isOwn ? "averageOfOptimizer" : "averaged", params: { value: number(loss) } }],
    },
  ];
}

/**
 * The lines of an order, and where the tutorial has them those that it lacks and that are shown as left out.
 *
 * @param {readonly import("../../state/loop.js").LoopLine[]} order
 */
function withMissing(order) {
  const first = order[0] === "scheduler_step" ? 1 : 0;
  const begun = order.includes("zero_grad")
    ? order
    : [...order.slice(0, first), /** @type {const} */ ("zero_grad"), ...order.slice(first)];
  return order.includes("scheduler_step") ? begun : [...begun, /** @type {const} */ ("scheduler_step")];
}

/**
 * @param {History} history
 * @param {number} k
 * @param {import("../../state/loop.js").Loop} loop
 * @returns {Said[]}
 */
function forwardSaid(history, k, { accumulate, autocast, drift }) {
  return [
    ...(accumulate > 1 ? [{ key: "passes", params: { count: accumulate } }] : []),
    {
      key: history.hasBatches ? "lossOfBatch" : "loss",
      params: { step: k, value: number(history.lossAt(k)) },
    },
    ...(autocast ? [{ key: "lowPrecision" }] : []),
    ...(drift ? [{ key: "drifted", params: driftedTo(drift, k - 1) }] : []),
  ];
}

/** @param {import("../../state/loop.js").Loop} loop */
function backwardCode({ accumulate, scale_loss: isScaled }) {
  return accumulate > 1 && isScaled ? `(loss / ${accumulate}).backward()` : "loss.backward()";
}

/** @param {number} value */
export function number(value) {
  return formatNumber(value);
}

/**
 * A call of the optimizer, or of both.
 *
 * @param {History["config"]} config
 * @param {string} call
 */
function calls({ optimizer }, call) {
  const names = optimizer?.rest ? ["optimizers[0]", "optimizers[1]"] : ["optimizer"];
  return names.map((name) => `${name}.${call}`).join("\n");
}

/**
 * @param {import("../../state/loop.js").Loop} loop
 * @param {History["config"]} config
 * @returns {Line}
 */
function zeroGradLine({ zero_grad: clears, set_to_none: toNone }, config) {
  const code = calls(config, `zero_grad(${toNone ? "" : "set_to_none=False"})`);
  if (!clears) return { part: "zero_grad", code: code.replace(/^/gm, "# "), said: [{ key: "adds" }] };
  return { part: "zero_grad", code, said: [{ key: toNone ? "toNone" : "toZero" }] };
}

/**
 * @param {History} history
 * @param {number} k
 * @param {readonly import("../../state/loop.js").LoopLine[]} order
 * @returns {Said[]}
 */
function backwardSaid(history, k, order) {
  const [last, step] = [order.lastIndexOf("backward"), order.indexOf("optimizer_step")];
  if (last > step) return [{ key: "unseen" }];
  if (order.slice(last, step).includes("zero_grad")) return [{ key: "thrownAway" }];
  const norm = history.gradNorm(k);
  const filled = norm === null ? [] : [{ key: "filled", params: { norm: number(norm) } }];
  return [...filled, ...leftSaid(history, k)];
}

/**
 * @param {History} history
 * @param {number} k
 * @param {readonly import("../../state/loop.js").LoopLine[]} order
 * @returns {Line[]}
 */
function clipLines(history, k, order) {
  const clip = history.config.clip_grad;
  const [before, after] = [history.gradNorm(k), history.clippedGradNorm(k)];
  if (!clip) return [];
  const { name, ...given } = clip;
  const values = Object.entries(given).map(([argument, value]) => `${argument}=${value}`);
  const code = `nn.utils.${name}(${["model.parameters()", ...values].join(", ")})`;
  if (order.indexOf("clip") > order.indexOf("optimizer_step"))
    return [{ part: "clip", code, said: [{ key: "clippedLate" }] }];
  if (before === null || after === null) return [];
  const params = { before: number(before), after: number(after) };
  return [{ part: "clip", code, said: [{ key: hasBitten(history, k) ? "clipped" : "unclipped", params }] }];
}

/**
 * How often an optimizer with a closure evaluated the loss.
 *
 * @param {History} history
 * @param {number} k
 * @param {Needs} needs
 * @returns {Said[]}
 */
function evaluationsSaid(history, k, { closure }) {
  const name = history.names.find((one) => history.state(one, "func_evals", k) !== null);
  if (!closure || name === undefined) return [];
  const [now, before] = [k, k - 1].map((record) => history.state(name, "func_evals", record)?.[0] ?? 0);
  return [{ key: "evaluated", params: { count: now - before } }];
}

/**
 * @param {History} history
 * @param {number} k
 * @param {Needs} needs
 * @param {readonly import("../../state/loop.js").LoopLine[]} order
 * @returns {Line[]}
 */
function scheduleLines(history, k, { metric }, order) {
  const { lr_scheduler: scheduler, optimizer } = history.config;
  if (!scheduler) return [];
  const interval = scheduler.interval ?? 1;
  const { schedule, index, count } = calledAt(/** @type {any} */ (scheduler), Math.ceil(k / interval) - 1);
  const length = schedule.epoch_steps ?? null;
  const epoch = length === null ? count + 1 : Math.floor(count / length);
  const told = length === null ? "" : `${epoch} + ${count % length} / ${length}`;
  const call = `step(${metric.includes(schedule.name) ? "loss.item()" : told})`;
  const lists = optimizer?.rest ? ["schedulers[0]", "schedulers[1]"] : null;
  const names = lists ?? [index === null ? "scheduler" : "schedulers"];
  const code = names.map((name) => `${name}${index === null ? "" : `[${index}]`}.${call}`).join("\n");
  if (!order.includes("scheduler_step"))
    return [{ part: "schedule", code: code.replace(/^/gm, "# "), said: [{ key: "never" }] }];
  if (k % interval !== 0) {
    const said = [{ key: "waits", params: { interval, left: interval - (k % interval) } }];
    return [{ part: "schedule", code: code.replace(/^/gm, "# "), said }];
  }
  const isFirst = order.indexOf("scheduler_step") < order.indexOf("optimizer_step");
  const [from, to] = isFirst ? [k - 1, k] : [k, k + 1];
  const said = [{ key: "epoch", params: { epoch } }];
  if (to <= history.last)
    said.push({ key: "rates", params: /** @type {any} */ ({ from: rates(history, from), to: rates(history, to) }) }); // prettier-ignore
  return [{ part: "schedule", code, said }];
}

/**
 * What `get_last_lr()` answers where step k is about to be taken.
 *
 * @param {History} history
 * @param {number} k
 */
export function rates(history, k) {
  return `[${Array.from({ length: history.groups }, (_, group) => number(history.lr(k, group))).join(", ")}]`;
}

/**
 * What step k did to the elements of a parameter.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {Element[]}  empty for the first record
 */
export function elementsAt(history, name, k) {
  const update = updateOf(history, name, k);
  if (update === null) return [];
  const before = history.param(name, k - 1);
  const grad = history.grad(name, k);
  const lr = history.lr(k, groupOf(history, name));
  return Array.from(update, (moved, i) => ({
    before: before[i],
    grad: grad === null ? null : grad[i],
    plain: grad === null ? null : -lr * grad[i],
    update: moved,
  }));
}

/**
 * What the optimizer made of a parameter's gradient, beside `param -= lr * param.grad`.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {Said}
 */
export function verdictOf(history, name, k) {
  const elements = elementsAt(history, name, k);
  const optimizer = holderOf(history, name);
  const [moved, planned] = [
    length(elements.map(({ update }) => update)),
    length(elements.map(({ plain }) => plain ?? 0)),
  ];
  const ofFreezing = freezeVerdict(history, name, k);
  if (ofFreezing !== null) return ofFreezing;
  if (optimizer === null) return { key: "outside", params: { name } };
  const { from } = groupPlace(history, name);
  if (k <= from) return { key: "notYet", params: { name, count: from } };
  if (!Number.isFinite(moved)) return { key: "notFinite" };
  if (planned === 0) return { key: moved === 0 ? "flat" : "carried", params: { name, optimizer } };
  if (moved === 0) return { key: "still", params: { name, optimizer } };
  if (elements.every(isPlain)) return { key: "plain" };
  const angle = updateAngle(history, [name], k) ?? NaN;
  return {
    key: "other",
    params: { optimizer, times: formatNumber(moved / planned, 3), angle: formatNumber(angle, 3) },
  };
}

/**
 * What the optimizer holds for a parameter: its entry of `param_groups`, and its `state`.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @param {import("../../rates.js").OwnRate | null} [ownRate]
 * @returns {{code: string, value: string, note?: string}[]}  note: a message, under `views.step`
 */
export function holdingsOf(history, name, k, ownRate = null) {
  if (holderOf(history, name) === null) return [];
  const { rest } = history.config.optimizer;
  const { column: group, place: own, from } = groupPlace(history, name);
  if (k <= from) return [];
  const holder = rest ? `optimizers[${optimizerOf(history, name) === rest ? 1 : 0}]` : "optimizer";
  const entries = history.stateKeys(name).flatMap((key) => {
    const values = history.state(name, key, k);
    if (values === null) return [];
    return [`${key}: ${heldOf(values, history.stateShape(name, key, k), history.shapes[name])}`];
  });
  return [
    { code: `${holder}.param_groups[${own}]["lr"]`, value: number(history.lr(k, group)) },
    ...movedIn(history).flatMap((moved) => {
      const value = movedAt(history, moved, k, group);
      const code = `${holder}.param_groups[${own}]["${moved.replace("/", '"][')}${moved.includes("/") ? "]" : '"]'}`;
      return value === null ? [] : [{ code, value: number(value) }];
    }),
    ...usedOf(history, name, k, ownRate),
    { code: `${holder}.state[${name}]`, value: `{${entries.join(", ")}}` },
  ];
}

/**
 * The rate that step k really had for a parameter, where the optimizer keeps one itself.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @param {import("../../rates.js").OwnRate | null} ownRate
 */
function usedOf(history, name, k, ownRate) {
  if (ownRate === null) return [];
  const used = ownRateAt(history, ownRate, k, ownRate.in_group ? history.names : [name]);
  return used === null ? [] : [{ code: nameOfRate(ownRate), value: number(used), note: "rateUsed" }];
}

/**
 * A value of the state in few words: a number, the place of a tensor, or how many a list holds.
 *
 * @param {TypedArray} values
 * @param {number[] | null} shape
 * @param {number[]} ofParameter
 */
function heldOf(values, shape, ofParameter) {
  if (values.length === 1) return exactNumber(values[0], true);
  return shape === null || String(shape) === String(ofParameter) ? "[…]" : `[… ${shape.join(" × ")}]`;
}

/**
 * Whether an element moved by −lr · grad, as far as its digits go.
 *
 * @param {Element} element
 */
function isPlain({ before, plain, update }) {
  return plain !== null && Math.abs(update - plain) <= ROUNDING * (Math.abs(before) + 8 * Math.abs(plain));
}

/**
 * The name of the optimizer that holds a parameter.
 *
 * @param {History} history
 * @param {string} name
 * @returns {string | null}  null where no param group holds it
 */
function holderOf(history, name) {
  return groupConfigOf(history, name) === undefined ? null : shortName(optimizerOf(history, name).name);
}

/** @param {number[]} values */
function length(values) {
  return Math.hypot(...values);
}
