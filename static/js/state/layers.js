/**
 * What a run trains, by torch's names, before there is a record of it.
 *
 * @typedef {import("./types.js").Problem} Problem
 * @typedef {{name: string, shape: number[]}} NamedShape
 */

/**
 * The layers of a network.
 *
 * @param {number[]} hidden
 * @returns {string[]}
 */
export function layerNames(hidden) {
  return [...hidden, 1].map((_, i) => `fc${i + 1}`);
}

/**
 * What can be frozen or grouped on a problem: layers of a network, or matrices; nothing of a test function.
 *
 * @param {Problem} problem
 * @param {number[]} hidden
 * @returns {string[]}
 */
export function layersOn(problem, hidden) {
  return problem.kind === "dataset" ? layerNames(hidden) : ownParameters(problem).map(({ name }) => name);
}

/**
 * The parameters of a run on a problem.
 *
 * @param {Pick<Problem, "kind" | "inputs" | "outputs" | "parameters">} problem
 * @param {number[]} hidden
 * @returns {NamedShape[]}
 */
export function shapesOn(problem, hidden) {
  if (problem.kind !== "dataset") return ownParameters(problem);
  const widths = [problem.inputs ?? 2, ...hidden, problem.outputs ?? 1];
  return widths.slice(1).flatMap((units, i) => [
    { name: `fc${i + 1}.weight`, shape: [units, widths[i]] },
    { name: `fc${i + 1}.bias`, shape: [units] },
  ]);
}

/**
 * @param {Pick<Problem, "parameters">} problem
 * @returns {NamedShape[]}
 */
function ownParameters({ parameters }) {
  return /** @type {NamedShape[]} */ (parameters ?? []);
}
