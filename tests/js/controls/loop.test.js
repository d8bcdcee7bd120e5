import assert from "node:assert/strict";
import { test } from "node:test";

import { loopCode } from "../../../static/js/controls/recipe/loop-code.js";
import { effectsOf } from "../../../static/js/controls/recipe/loop-effects.js";
import { madeOf, withoutMistakes } from "../../../static/js/state/mistakes.js";

const RUN = {
  slot: 0,
  optimizer: { name: "SGD", hyperparameters: { lr: 0.1 } },
  lr_scheduler: null,
  freeze: [],
  clip_grad: null,
};
const CLIP = { name: "clip_grad_norm_", max_norm: 1 };
const SETTING = { samples: 64, batch: 16, dtype: "float32" };
const keysOf = (run, setting = {}) =>
  effectsOf({ ...RUN, ...run }, { ...SETTING, ...setting }).map(({ key }) => key);

test("What accumulation does is said for the data, the loss, the clipping and the schedule.", () => {
  const [seen] = effectsOf({ ...RUN, loop: { accumulate: 4 } }, SETTING);
  assert.deepEqual(seen, { key: "seen", params: { count: 4, seen: 64, batch: 16 } });
  const lr_scheduler = { name: "StepLR", hyperparameters: {} };
  const loop = { accumulate: 4, scale_loss: false };
  assert.deepEqual(keysOf({ loop, clip_grad: CLIP, lr_scheduler }), [
    "seen",
    "sum",
    "clippedSum",
    "schedule",
  ]);
  assert.deepEqual(keysOf({ loop: { accumulate: 2 }, clip_grad: CLIP }, { batch: null }), [
    "again",
    "mean",
    "clipped",
  ]);
  assert.deepEqual(keysOf({ loop: { accumulate: 2 } }, { batch: 100 }), ["again", "mean"]);
});

test("Low precision and climbing are said, too; a tutorial's loop needs no word.", () => {
  assert.deepEqual(keysOf({ loop: { autocast: "bfloat16" } }), ["autocast"]);
  assert.deepEqual(keysOf({ loop: { autocast: "bfloat16" } }, { dtype: "float64" }), ["autocast64"]);
  assert.deepEqual(keysOf({ optimizer: { name: "SGD", hyperparameters: { maximize: true } } }), ["maximize"]);
  assert.deepEqual(keysOf({}), []);
});

test("The lines of a loop are those that the run has, in its order.", () => {
  const loop = {
    order: ["forward", "loss", "backward", "zero_grad", "clip", "optimizer_step", "scheduler_step"],
  };
  assert.deepEqual(loopCode({ ...RUN, loop, clip_grad: CLIP }).split("\n"), [
    "for step in range(steps):",
    "    prediction = model(x)",
    "    loss = loss_fn(prediction, y)",
    "    loss.backward()",
    "    optimizer.zero_grad()",
    "    clip_grad_norm_(model.parameters(), …)",
    "    optimizer.step()",
  ]);
});

test("Passes, a restart and replaced layers are lines of their own.", () => {
  const loop = { accumulate: 2, restart: { step: 5, optimizer: false }, replaced: ["fc2"] };
  const lr_scheduler = { name: "StepLR", hyperparameters: {}, interval: 4 };
  assert.deepEqual(loopCode({ ...RUN, loop, lr_scheduler }).split("\n"), [
    "model.fc2 = copy.deepcopy(model.fc2)",
    "for step in range(steps):",
    "    if step == 5:",
    "        model.load_state_dict(saved_model)",
    "        optimizer = make_optimizer(model)",
    "        scheduler.load_state_dict(saved_scheduler)",
    "    optimizer.zero_grad()",
    "    for _ in range(2):",
    "        prediction = model(x)",
    "        loss = loss_fn(prediction, y)",
    "        (loss / 2).backward()",
    "    optimizer.step()",
    "    scheduler.step()    # every 4 steps",
  ]);
});

const WHERE = { layer: "fc1", step: 20 };
const mistake = (change, given = {}, choices = {}) => ({ change, given, choices });

test("A mistake is a merge patch of the run, and taken out again leaves the correct one.", () => {
  const { correct, broken, isChanged } = madeOf(mistake({ loop: { zero_grad: false } }), RUN, WHERE);
  assert.deepEqual([correct, isChanged], [RUN, false]);
  assert.deepEqual(broken, { ...RUN, loop: { zero_grad: false } });
  assert.deepEqual(withoutMistakes(broken), RUN);
});

test("What a run lacks for a mistake is given to the correct one, too; what it has stays.", () => {
  const order = ["zero_grad", "forward", "loss", "backward", "optimizer_step", "clip"];
  const late = mistake({ loop: { order } }, { clip_grad: CLIP, batch_size: 4 });
  const made = madeOf(late, RUN, WHERE);
  assert.deepEqual([made.correct, made.isChanged], [{ ...RUN, clip_grad: CLIP }, true]);
  assert.deepEqual(made.broken, { ...RUN, clip_grad: CLIP, loop: { order } });
  const own = { ...RUN, clip_grad: { ...CLIP, max_norm: 7 } };
  assert.equal(madeOf(late, own, WHERE).broken.clip_grad.max_norm, 7);
});

test("A mistake is made at the layer and the step that were chosen.", () => {
  const frozen = mistake(
    { freeze: [{ params: ["fc2"], by: "eval" }] },
    { freeze: [{ params: ["fc2"] }] },
    { "/freeze/0/params/0": "layer" },
  );
  const { correct, broken } = madeOf(frozen, RUN, WHERE);
  assert.deepEqual(correct.freeze, [{ params: ["fc1"] }]);
  assert.deepEqual(broken.freeze, [{ params: ["fc1"], by: "eval" }]);
  assert.deepEqual(withoutMistakes(broken), correct);
  const restored = mistake(
    { loop: { restart: { step: 150, optimizer: false } } },
    {},
    { "/loop/restart/step": "step" },
  );
  assert.equal(madeOf(restored, RUN, WHERE).broken.loop.restart.step, 20);
});

test("A copy of a kept run is no kept run.", () => {
  const kept = { ...RUN, kept: { id: "a", first: 0, without: [] } };
  assert.equal("kept" in madeOf(mistake({ loop: { zero_grad: false } }), kept, WHERE).broken, false);
});
