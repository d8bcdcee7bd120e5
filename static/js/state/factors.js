/**
 * Hyperparameters that follow a factor of the step, as people set them by hand before `optimizer.step()`.
 */

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Hyperparameter} Hyperparameter
 *
 * @typedef {object} Factor
 * @property {string} hyperparameter  weight_decay, betas/0, …
 * @property {string} factor  an expression of step
 * @property {number[]} [groups]  the param groups that follow; unless given, all that have the hyperparameter
 */

/** How many numbers a value is, where it is several. @type {Record<string, number | undefined>} */
export const LENGTHS = { pair: 2, triple: 3 };

/**
 * Factors as a field of a run; nothing if there are none.
 *
 * @param {{hyperparameter: string, factor: string, groups?: number[] | null}[] | null | undefined} factors
 * @returns {{hyperparameter_schedules?: Factor[]}}
 */
export function factorsField(factors) {
  if (factors === null || factors === undefined || factors.length === 0) return {};
  return {
    hyperparameter_schedules: factors.map(({ hyperparameter, factor, groups }) => ({
      hyperparameter,
      factor,
      ...(groups !== null && groups !== undefined && { groups }),
    })),
  };
}

/**
 * What a factor can move of a class: its numbers but lr, those of a tuple by their places.
 *
 * @param {Choice} choice
 * @returns {string[]}
 */
export function movableOf({ hyperparameters }) {
  return hyperparameters.flatMap(({ name, kind }) => {
    const length = LENGTHS[kind];
    if (length !== undefined) return Array.from({ length }, (_, place) => `${name}/${place}`);
    return kind === "float" && name !== "lr" ? [name] : [];
  });
}

/**
 * What is moved first: weight decay where there is any, else what the class has.
 *
 * @param {string[]} movable
 * @param {Factor[]} factors  those that there are
 */
export function firstMoved(movable, factors) {
  const free = movable.filter((name) => factors.every(({ hyperparameter }) => hyperparameter !== name));
  return free.find((name) => name === "weight_decay") ?? free[0];
}

/**
 * The factors of a run that its optimizers still know, in groups that there still are.
 *
 * @param {Factor[] | undefined} factors
 * @param {string[]} movable
 * @param {number} groups  how many param groups there are
 * @returns {{hyperparameter_schedules?: Factor[]}}
 */
export function knownFactors(factors, movable, groups) {
  const known = (factors ?? []).filter(({ hyperparameter }) => movable.includes(hyperparameter));
  return factorsField(
    known.map((factor) => {
      const there = factor.groups?.filter((group) => group < groups);
      return { ...factor, groups: there?.length === 0 ? null : there };
    }),
  );
}

/**
 * @param {Factor[]} factors
 * @returns {string}  what they move: "weight_decay(t)"
 */
export function tellFactors(factors) {
  return factors.map(({ hyperparameter }) => `${hyperparameter}(t)`).join(", ");
}
