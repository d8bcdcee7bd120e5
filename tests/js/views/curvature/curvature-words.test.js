import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, OfflineError } from "../../../../static/js/api/request.js";
import { describeRefusal } from "../../../../static/js/api/trouble.js";
import { curvatureOf } from "../../../../static/js/views/curvature/curvature-figure.js";
import {
  describeCurvature,
  describeMethod,
  writtenBound,
} from "../../../../static/js/views/curvature/curvature-words.js";
import { parametersOf } from "../../../../static/js/views/drawing/parameters.js";
import { answerOf } from "../../curvature.js";
import { historyOf, runOf } from "../../drawn.js";
import { translatorOf } from "../../languages.js";

const english = translatorOf("en");
const run = runOf("0", { label: "SGD" });
const say = (/** @type {any} */ changes, /** @type {number} */ step, of = run) =>
  describeCurvature(curvatureOf(answerOf(changes)), of, step, english);

test("The verdict names the step, the bound and the side that the sharpness is on.", () => {
  const below = say({}, 3);
  assert.equal(below.side, "below");
  assert.match(
    below.verdict,
    /^SGD, step 0: Sharpness λ_max 8\.00 is below 2\s\/\slr = 10\.0 \(gradient descent\)/,
  );
  const above = say({}, 10);
  assert.equal(above.side, "above");
  assert.match(above.verdict, /step 10: .* 12\.0 is above .* grow\.$/);
});

test("What an adaptive optimizer meets is named, and explained below.", () => {
  const stability = { name: "preconditioned", value: [80, 80, 80] };
  assert.match(say({ stability }, 0).verdict, /Preconditioned sharpness 80\.0 is above/);
  assert.match(say({ stability: { value: [9, 9, 9] } }, 0).verdict, /Effective sharpness 9\.00/);
  const [compared] = describeMethod(curvatureOf(answerOf({ stability })), english.t);
  assert.match(compared, /P\^\(−½\)/);
});

test("Where there is no bound, the reason is said.", () => {
  assert.match(say({ stability: null }, 0).verdict, /λ_max 8\.00\. No bound is known for this optimizer\.$/);
  const nan = [NaN, NaN, NaN];
  assert.match(say({ stability: { bound: nan } }, 0).verdict, /no bound in common/);
  assert.match(say({ stability: { value: nan } }, 0).verdict, /divides by zero/);
  assert.equal(say({ stability: null }, 0).side, "unknown");
});

test("A reason is said in the language of the page.", () => {
  const { verdict } = describeCurvature(
    curvatureOf(answerOf({ stability: null, no_bound_code: "no_bound_known", no_bound_params: {} })),
    run,
    0,
    translatorOf("zh"),
  );
  assert.match(verdict, /这个优化器没有已知的界。$/);
});

test("The figures at the step: negative eigenvalues, condition, and the next change of the loss.", () => {
  const values = (/** @type {number} */ step) => say({}, step).facts.map(({ value }) => value);
  assert.deepEqual(values(0), ["1 of 2, down to −1.00", "8.00", "−1.00", "−0.900"]);
  assert.deepEqual(values(10).slice(0, 2), ["none of 2", "6.00"]);
  assert.deepEqual(values(20).slice(1), ["∞ (singular)", "the run ends here", "the run ends here"]);
});

test("What is left out is said: frozen parameters, parameters that are no numbers, steps before a fork.", () => {
  assert.deepEqual(say({ parameters: [1, 2, 2], eigenvalues: [8, NaN, 12, 2, 6, 0] }, 0).notes, [
    "1 of 2 parameters are frozen, and left out.",
  ]);
  assert.deepEqual(say({ parameters: [1, 2, 2], drifting: [1, 0, 0] }, 0).notes, [
    "1 of 2 parameters are frozen, and left out.",
    "1 of them moves in the next step all the same: the quadratic change counts it.",
  ]);
  assert.match(say({ parameters: [0, 2, 2] }, 0).verdict, /Every parameter is frozen/);
  assert.match(say({ eigenvalues: [NaN, NaN, 12, 2, 6, 0] }, 0).verdict, /no longer finite/);
  assert.match(say({ steps: [5, 10, 20] }, 3).verdict, /SGD begins at step 5/);
});

test("Batches and clipping are said, as the bound is about neither.", () => {
  const config = { batch_size: 16, clip_grad: { name: "clip_grad_norm_", max_norm: 1 } };
  const { notes } = say({}, 0, { ...run, config });
  assert.match(notes.join(" "), /batches.*clipping/);
});

test("How often the Hessian is computed is said, unless it is at every record.", () => {
  const method = (/** @type {number[]} */ steps) =>
    describeMethod(curvatureOf(answerOf({ steps })), english.t);
  assert.match(method([0, 10, 20]).join(" "), /a paper.*one record in 10/);
  assert.doesNotMatch(method([0, 1, 2]).join(" "), /every/);
});

test("A refusal is a sentence, whatever it comes from.", () => {
  const refused = new ApiError(422, { errors: [{ pointer: "/every", detail: "too many" }] });
  assert.match(describeRefusal(refused, english), /too many/);
  assert.match(describeRefusal(new ApiError(429, {}, 3), english), /3 seconds/);
  assert.match(describeRefusal(new OfflineError(null), english), /does not answer/);
});

test("The parameters of a network are counted from its shapes.", () => {
  const history = historyOf({ "fc1.weight": [2, 3], "fc1.bias": [3] }, 1, () => 0);
  assert.equal(parametersOf({ ...run, history }), 9);
  assert.equal(parametersOf(run), 0);
});

test("A formula is written with its letters.", () => {
  assert.equal(
    writtenBound("2 (1 + beta1) / (lr (1 - beta1))"),
    "2 (1 + β₁) / (lr (1 − β₁))".replaceAll(" ", "\u00a0"),
  );
});
