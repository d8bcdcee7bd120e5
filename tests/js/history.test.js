import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../static/js/history.js";
import { watchedBlock, watchedHistory, watchedStart } from "./watched-run.js";
import { encode, startedEvent } from "./wire.js";

/** Records `first … first + count − 1` of a run whose values are functions of the step. */
function block(first, count, { frozen = [], momentum = null } = {}) {
  const steps = Array.from({ length: count }, (_, i) => first + i);
  const initial = first === 0;
  const column = (width, value) =>
    Float32Array.from(steps.flatMap((k) => Array.from({ length: width }, (_, i) => value(k, i))));
  const gradient = (name, width) =>
    frozen.includes(name)
      ? null
      : encode(
          column(width, (k, i) => -k - i),
          [count, width],
        );
  return {
    event: "block",
    first,
    count,
    loss: encode(
      Float64Array.from(steps, (k) => 1 / (k + 1)),
      [count],
    ),
    lr: encode(Float64Array.from(steps.flatMap((k) => [0.1 / (k + 1), 1])), [count, 2]),
    momentum:
      momentum === null
        ? null
        : encode(Float64Array.from(steps.flatMap(() => [momentum, momentum])), [count, 2]),
    grad_norm: initial
      ? null
      : encode(
          Float64Array.from(steps, (k) => k),
          [count],
        ),
    params: {
      "fc1.weight": encode(
        column(4, (k, i) => k + i / 10),
        [count, 2, 2],
      ),
      "fc1.bias": encode(
        column(2, (k, i) => -k - i),
        [count, 2],
      ),
    },
    grads: initial ? null : { "fc1.weight": gradient("fc1.weight", 4), "fc1.bias": gradient("fc1.bias", 2) },
    state: initial
      ? {}
      : {
          "fc1.weight": {
            exp_avg: encode(
              column(4, (k) => k),
              [count, 2, 2],
            ),
            step: encode(
              column(1, (k) => k),
              [count],
            ),
          },
        },
  };
}

const started = () =>
  startedEvent([
    { name: "fc1.weight", shape: [2, 2], layer: "fc1" },
    { name: "fc1.bias", shape: [2], layer: "fc1" },
  ]);

test("Every value of every record is found again, however the blocks were cut.", () => {
  for (const size of [1, 7, 40, 199]) {
    const history = new History(started());
    history.append(block(0, 1));
    for (let first = 1; first < 200; first += size) history.append(block(first, Math.min(size, 200 - first)));
    assert.equal(history.length, 200);
    assert.equal(history.loss.length, 200);
    for (const k of [0, 1, 42, 199]) {
      assert.equal(history.lossAt(k), 1 / (k + 1));
      assert.equal(history.loss[k], 1 / (k + 1));
      assert.deepEqual(
        [...history.param("fc1.weight", k)],
        [...Float32Array.of(k, k + 0.1, k + 0.2, k + 0.3)],
      );
      assert.deepEqual([...history.param("fc1.bias", k)], [...Float32Array.of(-k, -k - 1)]);
      assert.equal(history.lr(k), 0.1 / (k + 1));
      assert.equal(history.lr(k, 1), 1);
      assert.equal(history.gradNorm(k), k === 0 ? null : k);
    }
  }
});

test("Record 0 has no gradient and no state.", () => {
  const history = new History(started());
  history.append(block(0, 1));
  history.append(block(1, 3));
  assert.equal(history.grad("fc1.weight", 0), null);
  assert.equal(history.state("fc1.weight", "exp_avg", 0), null);
  assert.deepEqual([...history.state("fc1.weight", "exp_avg", 2)], [2, 2, 2, 2]);
  assert.deepEqual([...history.state("fc1.weight", "step", 3)], [3]);
  assert.deepEqual(history.stateKeys("fc1.weight"), ["exp_avg", "step"]);
  assert.deepEqual(history.stateKeys("fc1.bias"), []);
});

test("A list of the state that grows is found again in every record, with its shape.", () => {
  const history = new History(started());
  const lengths = [0, 1, 2, 2, 3];
  lengths.forEach((length, k) => {
    const one = block(k, 1);
    const values = Float64Array.from({ length: 2 * length }, (_, i) => 10 * k + i);
    one.state = length === 0 ? {} : { "fc1.weight": { old_dirs: encode(values, [1, length, 2]) } };
    history.append(one);
  });
  lengths.forEach((length, k) => {
    const found = history.state("fc1.weight", "old_dirs", k);
    assert.deepEqual(found && [...found], length === 0 ? null : Array.from({ length: 2 * length }, (_, i) => 10 * k + i)); // prettier-ignore
    assert.deepEqual(history.stateShape("fc1.weight", "old_dirs", k), length === 0 ? null : [length, 2]);
  });
  assert.deepEqual(history.stateShapes("fc1.weight", "old_dirs"), [[1, 2], [2, 2], [3, 2]]); // prettier-ignore
});

test("The momentum of a group without is null.", () => {
  const history = new History(started());
  const one = block(0, 1);
  one.momentum = encode(Float64Array.of(NaN, 0.9), [1, 2]);
  history.append(one);
  assert.deepEqual([history.momentum(0, 0), history.momentum(0, 1)], [null, 0.9]);
});

test("A gradient is null exactly where PyTorch's is None.", () => {
  const history = new History(started());
  history.append(block(0, 1));
  history.append(block(1, 4, { frozen: ["fc1.bias"] }));
  history.append(block(5, 4));
  history.append(block(9, 2, { frozen: ["fc1.bias", "fc1.weight"] }));
  const isNone = (name) => Array.from({ length: 11 }, (_, k) => history.grad(name, k) === null);
  assert.deepEqual(isNone("fc1.bias"), [
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
  assert.deepEqual(isNone("fc1.weight"), [true, ...Array(8).fill(false), true, true]);
  assert.deepEqual([...history.grad("fc1.bias", 7)], [-7, -8]);
});

test("An optimizer without momentum has none, and one with it has it per group.", () => {
  const without = new History(started());
  without.append(block(0, 2));
  assert.equal(without.momentum(1), null);
  const withMomentum = new History(started());
  withMomentum.append(block(0, 2, { momentum: 0.9 }));
  assert.equal(withMomentum.momentum(1, 1), 0.9);
  assert.equal(withMomentum.groups, 2);
});

test("Records that leave a gap are refused.", () => {
  const history = new History(started());
  history.append(block(0, 2));
  assert.throws(() => history.append(block(3, 2)), /records from 3 cannot follow step 1/);
  assert.throws(() => history.append(block(1, 2)), /records from 1 cannot follow step 1/);
});

test("A run that ended early stays at its last record.", () => {
  const history = new History(started());
  assert.equal(history.last, -1);
  history.append(block(0, 13));
  const end = {
    reason: /** @type {const} */ ("diverged"),
    step: 12,
    detail: "The loss is no longer a number.",
    code: "diverged_loss",
    params: { step: 12 },
    end_loss: /** @type {const} */ ("NaN"),
  };
  history.end({ event: "run_ended", ...end });
  assert.equal(history.clamp(300), 12);
  assert.equal(history.clamp(-1), 0);
  assert.deepEqual(history.ended, end);
});

test("The loss here is that of the step after it, and at the end what the run ended with.", () => {
  const history = new History(started());
  assert.equal(history.lossHere(0), null);
  history.append(block(0, 1));
  assert.equal(history.lossHere(0), 1);
  history.append(block(1, 9));
  assert.deepEqual([0, 1, 8, 9, 10].map((k) => history.lossHere(k)), [1, 1 / 3, 1 / 10, null, null]); // prettier-ignore
  const end = { reason: "completed", step: 9, detail: "", code: "completed", params: {} };
  history.end(/** @type {any} */ ({ ...end, end_loss: 0.0625 }));
  assert.equal(history.lossHere(9), 0.0625);
  history.append(block(10, 5));
  assert.equal(history.lossHere(9), 1 / 11);
  history.end(/** @type {any} */ ({ ...end, reason: "diverged", end_loss: "NaN" }));
  assert.ok(Number.isNaN(history.lossHere(14)));
  history.end(/** @type {any} */ (end)); // as an earlier version kept it
  assert.equal(history.lossHere(14), null);
});

test("Within a run of minibatches no record tells the loss here; at its start and its end it is known.", () => {
  const parameters = started().parameters;
  const data = /** @type {any} */ ({
    x: encode(new Float64Array(8), [4, 2]),
    y: encode(new Float64Array(4), [4, 1]),
  });
  const kinds = [null, 2, 4, 9].map(
    (size) => new History(startedEvent(parameters, { batch_size: size }, data)),
  );
  assert.deepEqual(kinds.map(({ hasBatches }) => hasBatches), [false, true, false, false]); // prettier-ignore
  const [, history] = kinds;
  history.append(block(0, 1));
  history.append(block(1, 3));
  history.end(/** @type {any} */ ({ reason: "completed", step: 3, end_loss: 0.5 }));
  assert.deepEqual([0, 1, 2, 3].map((k) => history.lossHere(k)), [1, null, null, 0.5]); // prettier-ignore
});

test("The memory is that of the data, at most twice, and a long run costs no object per record.", () => {
  const history = new History(started());
  history.append(block(0, 1));
  for (let first = 1; first < 20_001; first += 500) history.append(block(first, 500));
  const kept = history.param("fc1.weight", 0).buffer.byteLength;
  assert(kept <= 2 * 20_001 * 4 * Float32Array.BYTES_PER_ELEMENT, `${kept} bytes for fc1.weight`);
  assert.equal(history.param("fc1.weight", 20_000).buffer, history.param("fc1.weight", 3).buffer);
});

test("Layers group their parameters, in order.", () => {
  assert.deepEqual(new History(started()).layers, [{ name: "fc1", parameters: ["fc1.weight", "fc1.bias"] }]);
});

test("An unknown parameter is named together with those there are.", () => {
  assert.throws(
    () => new History(started()).param("fc9.weight", 0),
    /no parameter fc9.weight; there are fc1.weight, fc1.bias/,
  );
});

test("The records of a fork keep the steps of the run that it left.", () => {
  const history = new History(started(), 50);
  assert.equal(history.isEmpty, true);
  assert.throws(() => history.append(block(0, 2)), /cannot follow step 49/);
  history.append(block(50, 3));
  assert.deepEqual([history.first, history.length, history.last], [50, 53, 52]);
  assert.deepEqual([history.recordAt(49), history.recordAt(51), history.recordAt(99)], [null, 51, 52]);
  assert.equal(history.clamp(0), 50);
  assert.ok(Number.isNaN(history.lossAt(49)));
  assert.equal(history.lossAt(50), history.loss[0]);
  assert.deepEqual(history.param(history.names[0], 51), history.param(history.names[0], history.clamp(51)));
  assert.equal(history.grad(history.names[0], 10), null);
});

test("A run that goes on after a pause or an end has not ended.", () => {
  const history = new History(started());
  history.append(block(0, 2));
  history.end({ event: "run_ended", reason: "paused", step: 1, detail: "paused after step 1" });
  assert.equal(history.ended?.reason, "paused");
  history.append(block(2, 2));
  assert.equal(history.ended, null);
});

test("a column that only some runs have is found under its names, and nowhere else", () => {
  const history = new History(started());
  history.append(block(0, 1));
  const values = encode(Float32Array.from([7, 8, 9]), [3]);
  const layers = { fc1: { update_norm: encode(Float64Array.from([1, 2, 3]), [3]) } };
  history.append({ ...block(1, 3), average_loss: values, layers });
  history.append(block(4, 2));
  assert.deepEqual(history.optionalPaths, ["average_loss", "layers.fc1.update_norm"]);
  assert.deepEqual(
    [0, 1, 3, 4].map((k) => history.optional("average_loss", k)?.[0] ?? null),
    [null, 7, 9, null],
  );
  assert.deepEqual([...(history.optional("layers.fc1.update_norm", 2) ?? [])], [2]);
  assert.equal(history.optional("average", 1), null);
});

test("Of a watched run the loss is what its loop said, and its records end where steps are missing.", () => {
  const history = watchedHistory();
  assert.deepEqual([history.isWatched, history.hasBatches, history.lossHere(0), history.lossAt(2)], [true, true, null, 0.5]); // prettier-ignore
  assert.deepEqual([history.last, history.isClosed], [4, false]);
  history.append(watchedBlock(7, 1));
  history.append(watchedBlock(8, 2));
  assert.deepEqual([history.last, history.isClosed], [4, true]);
  const thinned = new History(watchedStart());
  thinned.append(watchedBlock(0, 1));
  thinned.append(watchedBlock(1, 2, { every: 10 }));
  assert.deepEqual([thinned.last, thinned.isClosed], [0, true]);
});
