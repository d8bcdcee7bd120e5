/**
 * Which ReLU units the samples activate. It is a forward pass over recorded parameters and takes only signs from it:
 * every number on the page is still PyTorch's own.
 */

/**
 * @typedef {import("../../history.js").History} History
 *
 * @typedef {object} Activity  of one hidden layer
 * @property {string} layer
 * @property {Int32Array} active  for each unit, how many samples make it positive
 * @property {number} samples
 */

/**
 * @param {History} history  of a network with ReLU between its layers
 * @param {number} record
 * @returns {Activity[]} one for each hidden layer; none where the samples or the activation are not known
 */
export function reluActivity(history, record) {
  if (history.data === null || history.config.model?.activation !== "relu") return [];
  const samples = history.data.x.shape[0];
  /** @type {ArrayLike<number>} */
  let input = history.data.x.data;
  return history.layers.slice(0, -1).map(({ name }) => {
    const { output, active } = layerForward(history, name, record, input, samples);
    input = output;
    return { layer: name, active, samples };
  });
}

/**
 * @param {History} history
 * @param {string} layer
 * @param {number} record
 * @param {ArrayLike<number>} input  of shape [samples, inputs]
 * @param {number} samples
 */
function layerForward(history, layer, record, input, samples) {
  const weight = history.param(`${layer}.weight`, record);
  const bias = history.param(`${layer}.bias`, record);
  const [units, inputs] = history.shapes[`${layer}.weight`];
  const output = new Float64Array(samples * units);
  const active = new Int32Array(units);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let unit = 0; unit < units; unit += 1) {
      let sum = bias[unit];
      for (let i = 0; i < inputs; i += 1) sum += weight[unit * inputs + i] * input[sample * inputs + i];
      if (!(sum > 0)) continue;
      output[sample * units + unit] = sum;
      active[unit] += 1;
    }
  }
  return { output, active };
}

/**
 * How much work one call is, in multiplications.
 *
 * @param {History} history
 */
export function activityCost(history) {
  const weights = history.names.reduce(
    (sum, name) => sum + history.shapes[name].reduce((a, b) => a * b, 1),
    0,
  );
  return weights * (history.data?.x.shape[0] ?? 0);
}
