/** What went through the units in one step, and what gradient came back, of one sample of its minibatch. */

/**
 * @typedef {import("../../wire.d.ts").StepAnatomy} StepAnatomy
 *
 * @typedef {object} Signal  of one unit
 * @property {number} value  its activation, or the input
 * @property {number | null} gradient  of the loss by that; null where none flows
 * @property {boolean} masked  whether its ReLU passes nothing on
 *
 * @typedef {object} Signals
 * @property {number} samples  of the minibatch
 * @property {number} sample  the one that is shown, from 0
 * @property {Signal[][]} columns  the units, from the inputs to the outputs
 *
 * @typedef {{name: string, input: unknown[][], output: unknown[][]}} Layer
 * @typedef {{name: string, grad_input: unknown[][] | null, grad_output: unknown[][] | null}} Flow
 */

/**
 * @param {StepAnatomy} anatomy
 * @param {number} wanted  a sample; the last one of a smaller minibatch
 * @param {boolean} isRelu  whether there are ReLUs between the layers
 * @returns {Signals | null}  null where the step had no forward pass
 */
export function signalsOf({ phases }, wanted, isRelu) {
  const forward = /** @type {any} */ (phases.find(({ phase }) => phase === "forward"));
  if (forward === undefined) return null;
  const backward = /** @type {any} */ (phases.find(({ phase }) => phase === "backward"));
  /** @type {Layer[]} */
  const layers = forward.layers;
  /** @type {Flow[]} */
  const flows = backward?.layers ?? [];
  const samples = layers[0].input.length;
  const sample = Math.min(wanted, samples - 1);
  const columns = layers.map(({ input }, i) => {
    const before = isRelu && i > 0 ? layers[i - 1].output[sample] : null;
    return signalsIn(input[sample], flows[i]?.grad_input?.[sample] ?? null, before);
  });
  const last = layers.length - 1;
  const out = signalsIn(layers[last].output[sample], flows[last]?.grad_output?.[sample] ?? null, null);
  return { samples, sample, columns: [...columns, out] };
}

/**
 * @param {unknown[]} values
 * @param {unknown[] | null} gradients
 * @param {unknown[] | null} before  the ReLU
 * @returns {Signal[]}
 */
function signalsIn(values, gradients, before) {
  return values.map((value, i) => ({
    value: Number(value),
    gradient: gradients === null ? null : Number(gradients[i]),
    masked: before !== null && !(Number(before[i]) > 0),
  }));
}

/**
 * The largest activation, which is drawn strongest.
 *
 * @param {Signals} signals
 */
export function signalScale({ columns }) {
  const sizes = columns.flat().map(({ value }) => Math.abs(value));
  return Math.max(0, ...sizes.filter(Number.isFinite)) || 1;
}
