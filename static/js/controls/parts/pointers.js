/**
 * From a JSON pointer into a run's configuration to the controls that it is about.
 */

/**
 * @typedef {import("../../api/request.js").FieldProblem} FieldProblem
 */

/** The ids of controls that stand for a part of the configuration: a pattern, and what the id begins with. */
const CONTROLS = /** @type {const} */ ([
  [/^\/optimizer\/rest/, "rest"],
  [/^\/optimizer\/param_groups/, "groups"],
  [/^\/optimizer/, "optimizer"],
  [/^\/lr_scheduler\/interval/, "interval"],
  [/^\/lr_scheduler/, "scheduler"],
  [/^\/clip_grad/, "clip"],
  [/^\/freeze/, "freeze"],
  [/^\/loop/, "loop"],
  [/^\/average/, "average"],
  [/^\/hyperparameter_schedules/, "factors"],
]);

/** Controls of what all runs share. */
const SHARED = new Map([
  ["/problem", "problem-picker"],
  ["/steps", "setup-steps"],
  ["/batch_size", "setup-batch"],
  ["/batch_seed", "setup-batch-seed"],
  ["/dtype", "setup-dtype"],
  ["/model/seed", "setup-seed"],
  ["/model/activation", "setup-activation"],
  ["/model/start", "setup-start"],
]);

/**
 * The ids that a pointer's control may have, the most exact first.
 *
 * @param {string} pointer
 * @param {string} card  prefix of the ids of the run's card
 * @returns {string[]}
 */
export function controlIds(pointer, card) {
  const shared = SHARED.get(pointer);
  if (shared !== undefined) return [shared];
  const [pattern, part] = CONTROLS.find(([start]) => start.test(pointer)) ?? [];
  if (pattern === undefined) return [];
  const tokens = pointer
    .replace(pattern, "")
    .split("/")
    .filter((token) => token !== "" && token !== "hyperparameters");
  const names = tokens.map((_, index) => tokens.slice(0, tokens.length - index).join("-"));
  return [
    ...names.flatMap((name) => [`${card}-${part}-${name}`, `${card}-${part}-${name}-0`]),
    `${card}-${part}`,
  ];
}

/**
 * The piece of a schedule that a pointer is about.
 *
 * @param {string} pointer
 * @returns {{path: number[], name: string | null} | null}  null if it is not about a piece within another scheduler
 */
export function pieceOf(pointer) {
  const [, parts, rest] = /^\/lr_scheduler((?:\/schedulers\/\d+)+)(.*)$/.exec(pointer) ?? [];
  if (parts === undefined) return pointer === "/lr_scheduler/milestones" ? { path: [0], name: null } : null;
  const path = [...parts.matchAll(/\d+/g)].map(([index]) => Number(index));
  const [, argument, field] = /^\/(?:hyperparameters\/(\w+)|(epoch_steps))/.exec(rest) ?? [];
  return { path, name: argument ?? field ?? null };
}

/**
 * The name of what a pointer is about, as torch calls it.
 *
 * @param {string} pointer
 * @returns {string}
 */
export function nameAt(pointer) {
  const tokens = pointer.split("/").filter((token) => token !== "" && !/^\d+$/.test(token));
  const last = tokens.filter((token) => token !== "hyperparameters" && token !== "name").pop();
  return last ?? "";
}

/**
 * What is said of a class as such, not of one of its arguments.
 *
 * @param {FieldProblem[]} errors
 * @param {string} pointer  of the class
 * @returns {string | null}
 */
export function ownError(errors, pointer) {
  const own = [pointer, `${pointer}/name`, `${pointer}/hyperparameters`];
  return errors.find((error) => own.includes(error.pointer))?.detail ?? null;
}

/**
 * @param {FieldProblem[]} errors
 * @param {string} pointer
 * @returns {FieldProblem[]}  those below it, with pointers from there
 */
export function below(errors, pointer) {
  return errors
    .filter((error) => error.pointer.startsWith(`${pointer}/`))
    .map((error) => ({ ...error, pointer: error.pointer.slice(pointer.length) }));
}
