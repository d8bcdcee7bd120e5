/**
 * Where gradient descent with momentum stops being stable on a quadratic, by the eigenvalues of its step.
 *
 * Along an eigenvector of curvature λ a step is a linear map of position and momentum, which shrinks both for
 * lr · λ < 2 (1 + β) / (1 − dampening), and with Nesterov's momentum for lr · λ < 2 (1 + β) / (1 + 2β).
 */

/**
 * @typedef {import("../../wire.d.ts").SweepStarted} SweepStarted
 */

/** The largest curvature of each problem that is a quadratic. @type {Record<string, number>} */
const CURVATURE = { "quadratic-bowl": 100 };

const RATE = "/optimizer/hyperparameters/lr";
const MOMENTUM = "/optimizer/hyperparameters/momentum";

/** Points of the line between two cells. */
const FINENESS = 4;

/**
 * The border over a map of rate and momentum; none where the theory says nothing of the run.
 *
 * @param {Pick<SweepStarted, "axes" | "runs">} started
 * @param {number} optimizer  its index in the sweep
 * @returns {[number, number][][]}  in cells
 */
export function theoryOf({ axes, runs }, optimizer) {
  const run = /** @type {any} */ (runs[optimizer]);
  const curvature = CURVATURE[run.problem.name];
  const [x, y] = axes;
  if (curvature === undefined || x.path !== RATE || y?.path !== MOMENTUM || !isPlain(run)) return [];
  const { nesterov = false, dampening = 0 } = run.optimizer.hyperparameters;
  const border = (/** @type {number} */ beta) => {
    const most = (2 * (1 + beta)) / curvature;
    return nesterov ? most / (1 + 2 * beta) : most / (1 - dampening);
  };
  const [rates, momenta] = [x, y].map(({ values }) => values.map(Number));
  const count = (momenta.length - 1) * FINENESS + 1;
  /** @type {[number, number][]} */
  const line = [];
  for (let i = 0; i < count; i += 1) {
    const up = i / FINENESS;
    const at = placeOf(border(between(momenta, up)), rates);
    if (at !== null) line.push([at + 0.5, up + 0.5]);
  }
  return line.length > 1 ? [line] : [];
}

/** @param {any} run  whether nothing but rate and momentum moves it */
function isPlain({ optimizer, lr_scheduler: scheduler, clip_grad: clip, hyperparameter_schedules: factors }) {
  const { weight_decay: decay = 0 } = optimizer.hyperparameters;
  return optimizer.name === "SGD" && decay === 0 && !scheduler && !clip && (factors ?? []).length === 0;
}

/**
 * @param {number[]} values
 * @param {number} at  an index, with a fraction
 */
function between(values, at) {
  const first = Math.min(values.length - 2, Math.floor(at));
  return values.length === 1 ? values[0] : values[first] + (at - first) * (values[first + 1] - values[first]);
}

/**
 * Where a value lies among ascending ones, as an index with a fraction; null outside of them. Between neighbours it is
 * taken by ratio where they are positive, which differs little from equal steps.
 *
 * @param {number} value
 * @param {number[]} values
 */
function placeOf(value, values) {
  const after = values.findIndex((one) => one >= value);
  if (after < 1) return values[0] === value ? 0 : null;
  const [low, high] = [values[after - 1], values[after]];
  const part = low > 0 ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return after - 1 + part;
}
