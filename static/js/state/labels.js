/**
 * Short names that tell the runs of a comparison apart: "Adam", "SGD momentum 0.9".
 */

import { tellAverage } from "./average.js";
import { tellFactors } from "./factors.js";
import { windowsOf } from "./freezing.js";
import { departuresOf } from "./loop.js";
import { nameOf } from "./schedule.js";
import { isWatchedCard } from "./watched.js";

/**
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("../languages/translator.js").Translator["t"]} Translate
 */

/**
 * With numbers in four digits, and in all of them where runs would read the same by fewer.
 *
 * @param {Run[]} runs
 * @param {Translate} t
 * @returns {string[]}
 */
export function labelsOf(runs, t) {
  const short = namesOf(runs, t, rounded);
  return numbered(
    namesOf(runs, t, String).map((exact, index, all) =>
      short.some((other, i) => other === short[index] && all[i] !== exact) ? exact : short[index],
    ),
  );
}

/**
 * The same with all digits.
 *
 * @param {Run[]} runs
 * @param {Translate} t
 * @returns {string[]}
 */
export function exactLabelsOf(runs, t) {
  return numbered(namesOf(runs, t, String));
}

/** @param {string[]} labels */
function numbered(labels) {
  return labels.map((label, index) => {
    const before = labels.slice(0, index).filter((other) => other === label).length;
    return before === 0 ? label : `${label} (${before + 1})`;
  });
}

/**
 * A number as it is read at a glance: a fraction in four significant digits.
 *
 * @param {unknown} value
 */
export function rounded(value) {
  return String(typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value);
}

/**
 * @param {Run[]} runs
 * @param {Translate} t
 * @param {(value: Json) => string} tell  a number
 */
function namesOf(runs, t, tell) {
  const own = runs.filter((run) => !isWatchedCard(run));
  return runs.map((run) => {
    if (run.kept?.watched !== undefined) return run.kept.watched;
    const { name } = run.optimizer;
    const namesakes = own.filter((other) => other.optimizer.name === name);
    const others = own.filter((other) => other.optimizer.name !== name);
    const isTaken = others.some((other) => shortName(other.optimizer.name) === shortName(name));
    return [isTaken ? name : shortName(name), ...distinctions(run, namesakes, t, tell)].join(" ");
  });
}

/**
 * The name of a class without that of its package.
 *
 * @param {string} name  such as "Adam" or "pytorch_optimizer.Lion"
 */
export function shortName(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * What a run has that not all of its namesakes have, as little as that may be: what the fewest of them have.
 *
 * @param {Run} run
 * @param {Run[]} namesakes  the run itself among them
 * @param {Translate} t
 * @param {(value: Json) => string} tell  a number
 * @returns {string[]}
 */
function distinctions(run, namesakes, t, tell) {
  const features = namesakes.map((one) => featuresOf(one, t));
  const common = (/** @type {string} */ feature) => features.every((others) => others.includes(feature));
  const all = featuresOf(run, t);
  const told = featuresOf(run, t, tell);
  const own = all.filter((feature) => !common(feature));
  const names = own.filter((feature) => !feature.startsWith("lr "));
  const [first, second] = (names.length > 0 ? names : own)
    .map((feature) => ({ feature, count: features.filter((others) => others.includes(feature)).length }))
    .sort((a, b) => a.count - b.count);
  return told.filter((_, i) => own.includes(all[i]) && [first?.feature, second?.feature].includes(all[i]));
}

/**
 * @param {Run} run
 * @param {Translate} t
 * @param {(value: Json) => string} [tell]  a number
 */
function featuresOf(
  {
    optimizer,
    lr_scheduler: scheduler,
    freeze,
    clip_grad: clip,
    loop,
    average,
    hyperparameter_schedules: factors,
    kept,
  },
  t,
  tell = String,
) {
  const hyperparameters = Object.entries(optimizer.hyperparameters).map(([name, value]) =>
    value === true ? name : value === false ? `${name}=False` : `${name} ${show(value, tell)}`,
  );
  return [
    ...(kept === undefined || kept.first === 0 ? [] : [t("labels.forked", { step: kept.first })]),
    ...(kept === undefined || kept.without.length === 0 ? [] : [t("labels.without")]),
    ...hyperparameters,
    ...groupFeatures(optimizer, t),
    ...(scheduler === null ? [] : [nameOf(scheduler)]),
    ...freezeFeatures(freeze, t),
    ...(clip === null ? [] : [tellClipping(clip, t)]),
    ...loopFeatures({ loop, lr_scheduler: scheduler }, t),
    ...(average === undefined ? [] : [tellAverage(average, t)]),
    ...(factors === undefined ? [] : [tellFactors(factors)]),
  ];
}

/**
 * How gradients are clipped, and to what.
 *
 * @param {NonNullable<Run["clip_grad"]>} clip
 * @param {Translate} t
 */
function tellClipping({ name, ...bounds }, t) {
  const { max_norm: norm, clip_value: value } = /** @type {Record<string, Json | undefined>} */ (bounds);
  return name === "clip_grad_norm_"
    ? t("labels.clippedNorm", { bound: String(norm ?? "") })
    : t("labels.clippedValue", { bound: String(value ?? "") });
}

/**
 * What is frozen and when, each window once; whether it clears `.grad` beside it.
 *
 * @param {import("./types.js").Freeze[]} freeze
 * @param {Translate} t
 */
function freezeFeatures(freeze, t) {
  /** @type {Map<string, string[]>} names by what is said of them */
  const said = new Map();
  for (const { name, from, to, clears, rest } of windowsOf(freeze)) {
    const key = JSON.stringify([from, to, clears, rest?.by ?? "requires_grad"]);
    said.set(key, [...(said.get(key) ?? []), name]);
  }
  return [...said].map(([key, names]) => {
    const [from, to, clears, by] = JSON.parse(key);
    if (by !== "requires_grad") return t("labels.taken", { layers: names.join(" "), by });
    const when = to !== null ? "window" : from > 0 ? "since" : "frozen";
    const frozen = t(`labels.${when}`, { layers: names.join(" "), from, to: to ?? "" });
    return clears ? frozen : `${frozen} clear_grad=False`;
  });
}

/**
 * What a loop does otherwise than the tutorial's.
 *
 * @param {Pick<Run, "loop" | "lr_scheduler">} run
 * @param {Translate} t
 */
export function loopFeatures({ loop = {}, lr_scheduler: scheduler }, t) {
  const { accumulate = 1, autocast, order, restart, replaced, gradient_delay: delay = 0, drift } = loop;
  const { optimizer: hasOptimizer = false, lr_scheduler: hasScheduler = true } = restart ?? {};
  return [
    ...(loop.zero_grad === false ? [t("labels.loop.noZeroGrad")] : []),
    ...(loop.set_to_none === false ? ["set_to_none=False"] : []),
    ...(loop.scheduler_first ? [t("labels.loop.schedulerFirst")] : []),
    ...(order
      ? departuresOf(order, scheduler !== null).map((departure) => t(`labels.loop.${departure}`))
      : []),
    ...(accumulate > 1 ? [t("labels.loop.accumulate", { count: accumulate })] : []),
    ...(loop.scale_loss === false && accumulate > 1 ? [t("labels.loop.sum")] : []),
    ...(autocast ? [autocast] : []),
    ...(restart ? [t("labels.loop.restart", { step: restart.step })] : []),
    ...(restart && !hasOptimizer ? [t("labels.loop.without.optimizer")] : []),
    ...(restart && !hasScheduler ? [t("labels.loop.without.scheduler")] : []),
    ...(replaced ? [t("labels.loop.replaced", { layers: replaced.join(" ") })] : []),
    ...(delay > 0 ? [t("labels.loop.delay", { count: delay })] : []),
    ...(drift ? [t("labels.loop.drift")] : []),
  ];
}

/**
 * @param {Json | undefined} groups
 * @returns {number[]}  the steps after which a group is added
 */
function addedSteps(groups) {
  const all = /** @type {import("./groups.js").Group[]} */ (Array.isArray(groups) ? groups : []);
  return [...new Set(all.map(({ from_step: from }) => Number(from ?? 0)).filter((from) => from > 0))];
}

/**
 * @param {import("./types.js").Call} optimizer
 * @param {Translate} t
 */
function groupFeatures({ param_groups: groups, rest }, t) {
  const second = /** @type {import("./types.js").Call | undefined} */ (rest);
  return [
    ...(Array.isArray(groups) && groups.length > 1 ? [t("labels.groups", { count: groups.length })] : []),
    ...addedSteps(groups).map((step) => t("labels.addedAt", { step })),
    ...(second === undefined ? [] : [`+ ${shortName(second.name)}`]),
  ];
}

/** @param {Json} value @param {(value: Json) => string} tell */
function show(value, tell) {
  return Array.isArray(value) ? value.map(tell).join(", ") : tell(value);
}
