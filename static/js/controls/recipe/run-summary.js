/**
 * What makes a run, in a line of torch's names.
 */

import { tellAverage } from "../../state/average.js";
import { tellFactors } from "../../state/factors.js";
import { valueOf } from "../../state/edits.js";
import { loopFeatures, shortName } from "../../state/labels.js";
import { nameOf } from "../../state/schedule.js";
import { choiceOf, rateOf } from "../../state/suggested-rates.js";
import { groupNames } from "./groups-part.js";

/**
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Json} Json
 * @typedef {import("../../state/types.js").Run} Run
 */

/**
 * @param {Pick<Run, "optimizer" | "lr_scheduler" | "clip_grad" | "loop" | "average" | "hyperparameter_schedules">} run
 * @param {Pick<import("../parts/page.js").Page, "t" | "catalog">} page
 * @param {(value: Json) => string} [tell]  a number
 */
export function tellParts(run, page, tell = String) {
  return partsOf(run, page, tell).join(" · ");
}

/**
 * @param {Parameters<typeof tellParts>[0]} run
 * @param {Parameters<typeof tellParts>[1]} page
 * @param {(value: Json) => string} tell
 */
function partsOf(run, page, tell) {
  const { optimizer, lr_scheduler: scheduler, clip_grad: clip, average } = run;
  const { t, catalog } = page;
  const choice = choiceOf(catalog, optimizer); // there is none of a loop's own class
  const lr = choice && rateOf(choice);
  const { lr: _, ...others } = optimizer.hyperparameters;
  const rest = /** @type {Call | undefined} */ (optimizer.rest);
  const groups = groupNames(optimizer);
  return [
    ...(lr === undefined ? [] : [`lr ${show(valueOf(optimizer, lr), tell)}`]),
    ...Object.entries(choice === undefined ? optimizer.hyperparameters : others).map(([name, value]) =>
      value === true ? name : `${name} ${show(value, tell)}`,
    ),
    ...(groups.length > 1 ? [t("controls.groups.count", { count: groups.length })] : []),
    ...(rest === undefined ? [] : [`+ ${shortName(rest.name)}`]),
    ...(scheduler === null ? [] : [nameOf(scheduler)]),
    ...(clip === null ? [] : [clip.name]),
    ...loopFeatures(run, t),
    ...(average === undefined ? [] : [tellAverage(average, t)]),
    ...(run.hyperparameter_schedules === undefined ? [] : [tellFactors(run.hyperparameter_schedules)]),
  ];
}

/** @param {Json} value @param {(value: Json) => string} tell */
function show(value, tell) {
  return Array.isArray(value) ? `(${value.map(tell).join(", ")})` : tell(value);
}
