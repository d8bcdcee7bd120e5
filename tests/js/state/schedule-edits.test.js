import assert from "node:assert/strict";
import { test } from "node:test";

import { depthOf, layOut, milestoneBounds, pieceAt } from "../../../static/js/state/schedule.js";
import {
  follow,
  handOver,
  join,
  makePiece,
  moveAt,
  obstacle,
  removeAt,
  replaceAt,
  setMilestone,
  settled,
} from "../../../static/js/state/schedule-edits.js";
import {
  EPOCHS,
  cosine,
  step,
  whole,
  warmUp,
  fall,
  sequence,
  handed,
  chain,
  limits,
  make,
} from "../schedules.js";

test("A new piece spans its length; what it does not know of the old one is left out.", () => {
  assert.deepEqual(makePiece(cosine, 70), { name: "CosineAnnealingLR", hyperparameters: { T_max: 70 } });
  assert.deepEqual(makePiece(step, 70, { name: "ExponentialLR", hyperparameters: { gamma: 0.5 } }), {
    name: "StepLR",
    hyperparameters: { step_size: 100, gamma: 0.5 },
  });
});

test("A piece that follows the only one makes a sequence, keeps the interval outside, and halves the time.", () => {
  const { schedule, path } = follow({ ...whole, interval: 1 }, [], make, EPOCHS);
  assert.deepEqual(path, [1]);
  assert.deepEqual(schedule, {
    name: "SequentialLR",
    hyperparameters: {},
    interval: 1,
    schedulers: [
      { name: "CosineAnnealingLR", hyperparameters: { T_max: 150 } },
      { name: "CosineAnnealingLR", hyperparameters: { T_max: 150 } },
    ],
    milestones: [150],
  });
});

test("A piece within a sequence takes half of the time of the one before it.", () => {
  const { schedule, path } = follow(sequence, [0], make, EPOCHS);
  assert.deepEqual(path, [1]);
  assert.deepEqual(schedule.milestones, [15, 30]);
  assert.deepEqual(
    schedule.schedulers?.map((piece) => Object.values(piece.hyperparameters)),
    [[15], [15], [270]],
  );
});

test("A sequence that is longer than the run still takes a further piece at its end.", () => {
  const long = { ...sequence, milestones: [400] };
  assert.deepEqual(follow(long, [1], make, EPOCHS).schedule.milestones, [400, 401]);
});

test("A piece that acts at the same time makes a chain, or joins the one that is there.", () => {
  const made = join({ ...whole, interval: 4 }, [], make, EPOCHS);
  assert.deepEqual([made.schedule.name, made.schedule.interval, made.path], ["ChainedScheduler", 4, [1]]);
  assert.equal(made.schedule.schedulers?.[0].interval, undefined);
  const joined = join(made.schedule, [0], make, EPOCHS);
  assert.deepEqual([joined.schedule.schedulers?.length, joined.path], [3, [1]]);
});

test("A chain can stand at the head of a sequence.", () => {
  const { schedule, path } = join(sequence, [0], make, EPOCHS);
  assert.deepEqual(path, [0, 1]);
  assert.deepEqual(schedule.schedulers?.map(({ name }) => name), ["ChainedScheduler", "CosineAnnealingLR"]); // prettier-ignore
  assert.equal(depthOf(schedule), 3);
});

test("What is removed gives its time to its neighbour, and one piece is no sequence.", () => {
  assert.deepEqual(removeAt({ ...sequence, interval: 2 }, [0], EPOCHS), { ...whole, interval: 2 });
  assert.deepEqual(removeAt(sequence, [1], EPOCHS), {
    name: "LinearLR",
    hyperparameters: { total_iters: 300 },
  });
  assert.deepEqual(removeAt(chain, [0], EPOCHS), whole);
  assert.equal(removeAt(whole, [], EPOCHS), null);
});

test("A border that moves takes with it what spanned the pieces, and stays between its neighbours.", () => {
  const moved = setMilestone(sequence, [], 0, 50, EPOCHS);
  assert.deepEqual(moved.milestones, [50]);
  assert.deepEqual(moved.schedulers?.[0].hyperparameters, { total_iters: 50 });
  assert.deepEqual(moved.schedulers?.[1].hyperparameters, { T_max: 250 });
  assert.deepEqual(setMilestone(sequence, [], 0, -5, EPOCHS).milestones, [1]);
  assert.deepEqual(milestoneBounds({ ...sequence, milestones: [5, 9, 20] }, 1), [6, 19]);
});

test("An argument that did not span its piece stays as it is.", () => {
  const own = { ...sequence, schedulers: [{ ...warmUp, hyperparameters: { total_iters: 7 } }, fall] };
  assert.deepEqual(setMilestone(own, [], 0, 50, EPOCHS).schedulers?.[0].hyperparameters, { total_iters: 7 });
});

test("Pieces that change places keep their lengths.", () => {
  const { schedule, path } = moveAt(sequence, [0], 1, EPOCHS);
  assert.deepEqual([schedule.milestones, path], [[270], [1]]);
  assert.deepEqual(schedule.schedulers, [fall, warmUp]);
  assert.deepEqual(moveAt(sequence, [1], 1, EPOCHS).schedule, sequence);
});

test("Another piece in the place of one changes nothing else.", () => {
  const next = replaceAt({ ...sequence, interval: 3 }, [1], warmUp);
  assert.deepEqual(next, { ...sequence, interval: 3, schedulers: [warmUp, warmUp] });
  assert.deepEqual(replaceAt({ ...whole, interval: 3 }, [], warmUp), { ...warmUp, interval: 3 });
  assert.equal(pieceAt(layOut(sequence, EPOCHS), [5]), null);
});

test("It is said what torch or the server would refuse.", () => {
  assert.equal(obstacle(sequence, [1], "follow", limits), null);
  assert.equal(obstacle(sequence, [1], "join", limits), "milestone");
  assert.equal(obstacle(sequence, [0], "join", limits), null);
  assert.equal(obstacle(chain, [0], "follow", limits), null);
  const deep = { ...chain, schedulers: [sequence, whole] };
  assert.equal(obstacle(deep, [0, 0], "join", limits), "depth");
  assert.equal(obstacle(sequence, [1], "follow", { ...limits, max_schedulers: 2 }), "count");
  assert.equal(obstacle(handed, [1], "join", limits), null);
});

test("The loop takes over from SequentialLR where a piece needs the loss or is told the epoch.", () => {
  const plateau = { name: "ReduceLROnPlateau", hyperparameters: {} };
  assert.deepEqual(handOver(sequence, true), handed);
  assert.deepEqual(settled(sequence, ["ReduceLROnPlateau"]), sequence);
  assert.equal(
    settled({ ...sequence, schedulers: [warmUp, plateau] }, ["ReduceLROnPlateau"]).name,
    "HandOver",
  );
  assert.equal(
    settled({ ...sequence, schedulers: [warmUp, { ...fall, epoch_steps: 3 }] }, []).name,
    "HandOver",
  );
  const { schedule } = follow(plateau, [], make, EPOCHS);
  assert.equal(settled(schedule, ["ReduceLROnPlateau"]).name, "HandOver");
  assert.deepEqual(setMilestone(handed, [], 0, 50, EPOCHS).milestones, [50]);
  assert.equal(
    join({ ...fall, epoch_steps: 3 }, [], make, EPOCHS).schedule.schedulers?.[0].epoch_steps,
    undefined,
  );
});
