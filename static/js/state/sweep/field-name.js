/**
 * How the fields of a run are called beside an axis, in the words of the page where it has any.
 */

import { shortPath } from "./axis.js";

/** @typedef {import("../../languages/translator.js").Translator["t"]} Translate */

/** Fields with words of their own. @type {Record<string, string>} */
const WORDS = {
  "/model/start/0": "startX",
  "/model/start/1": "startY",
  "/model/hidden": "hidden",
  "/model/activation": "activation",
  "/model/seed": "seed",
  "/problem/samples": "samples",
  "/problem/noise": "noise",
  "/problem/seed": "dataSeed",
  "/batch_size": "batchSize",
  "/batch_seed": "batchSeed",
  "/steps": "steps",
  "/average/decay": "averageDecay",
};

/** Arguments of a part of the run, after which they are told. @type {[RegExp, string][]} */
const PARTS = [
  [/^\/optimizer\/param_groups\/(\d+)\/(.+)$/, "group"],
  [/^\/clip_grad\/()(.+)$/, "clipping"],
  [/^\/lr_scheduler\/()hyperparameters\/(.+)$/, "schedule"],
  [/^\/lr_scheduler\/schedulers\/(\d+)\/hyperparameters\/(.+)$/, "scheduleOf"],
  [/^\/model\/hidden\/()(\d+)$/, "layer"],
];

/**
 * "lr", "betas[0]", "start x", "batch size", "schedule gamma"; a path without words as it is written in code.
 *
 * @param {string} path  a JSON pointer
 * @param {Translate} t
 */
export function fieldName(path, t) {
  if (path in WORDS) return t(`views.tune.fields.${WORDS[path]}`);
  for (const [pattern, key] of PARTS) {
    const found = pattern.exec(path);
    if (found !== null) return t(`views.tune.fields.${key}`, toldOf(found));
  }
  const tokens = shortPath(path)
    .split(":")
    .filter((token) => token !== "" && token !== "hyperparameters");
  return inCode(tokens[0] === "optimizer" ? tokens.slice(1) : tokens);
}

/** @param {RegExpExecArray} found  where in a list, if it is in one, and the name of the argument */
function toldOf([, index, name]) {
  return { number: Number(index || name) + 1, name: inCode(name.split("/")) };
}

/** @param {string[]} tokens */
function inCode(tokens) {
  return tokens
    .map((token, i) => (/^\d+$/.test(token) ? `[${token}]` : i === 0 ? token : `.${token}`))
    .join("");
}
