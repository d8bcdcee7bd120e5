import assert from "node:assert/strict";
import { test } from "node:test";

import { colorMap, levels } from "../../../../static/js/views/drawing/color-scale.js";

const KINDS = ["log", "equalised", "linear"];

/** Losses of a long valley with steep walls. */
const VALLEY = Float64Array.from({ length: 2001 }, (_, i) => ((i - 1000) / 100) ** 4);

test("Every scale is monotone, so its colour bar tells the loss.", () => {
  for (const kind of KINDS) {
    const { position, domain } = colorMap(VALLEY, kind);
    let before = -Infinity;
    for (const loss of [...VALLEY].sort((a, b) => a - b)) {
      const at = position(loss);
      assert(at >= before, kind);
      assert(at >= domain[0] - 1e-12 && at <= domain[1] + 1e-12, kind);
      before = at;
    }
  }
});

test("The ticks stand where their losses are, apart from each other.", () => {
  for (const kind of KINDS) {
    const { position, domain, ticks } = colorMap(VALLEY, kind);
    assert(ticks.length >= 3, kind);
    for (const [i, { at, label }] of ticks.entries()) {
      const expected = position(Number(label.replace("−", "-")));
      assert(Math.abs(at - expected) < 0.03 * (domain[1] - domain[0]), `${kind}: ${label}`);
      if (i > 0) assert(at - ticks[i - 1].at > 0.05 * (domain[1] - domain[0]), `${kind}: ${label}`);
    }
  }
});

test("A colour bar without round losses is labelled with others, all along it.", () => {
  const pole = Float64Array.from({ length: 1001 }, (_, i) => Math.log(1e-16 + (i / 1000) ** 8));
  const { domain, ticks } = colorMap(pole, "log");
  assert(ticks.length >= 3, JSON.stringify(ticks));
  const covered = (ticks.at(-1).at - ticks[0].at) / (domain[1] - domain[0]);
  assert(covered > 0.8, String(covered));
});

test("A logarithmic scale opens up the valley that a linear one hides.", () => {
  const share = (kind) => {
    const { position, domain } = colorMap(VALLEY, kind);
    return (position(1) - domain[0]) / (domain[1] - domain[0]);
  };
  assert(share("linear") < 0.001);
  assert(share("log") > 0.05);
});

test("An equalised scale gives every colour the same area.", () => {
  const { position, domain } = colorMap(VALLEY, "equalised");
  const below = VALLEY.filter((loss) => position(loss) < domain[0] + 0.25 * (domain[1] - domain[0])).length;
  assert(Math.abs(below / VALLEY.length - 0.25) < 0.01);
});

test("Losses that are not finite have no part in the scale.", () => {
  for (const kind of KINDS) {
    const { domain } = colorMap([NaN, 1, 2, Infinity, 3, -Infinity], kind);
    assert.deepEqual(domain, colorMap([1, 2, 3], kind).domain);
  }
  assert.equal(colorMap([NaN, Infinity], "log"), null);
});

test("A flat surface has a colour, and a negative loss has one too.", () => {
  for (const kind of KINDS) {
    const flat = colorMap([2, 2, 2], kind);
    assert(flat.domain[1] > flat.domain[0] && Number.isFinite(flat.position(2)));
    const negative = colorMap([-5, -1, 0, 3], kind);
    assert([-5, -1, 0, 3].every((loss) => Number.isFinite(negative.position(loss))));
  }
});

test("Contours lie at even distances within the scale.", () => {
  const { start, end, size } = levels([0, 15], 14);
  assert.deepEqual([start, size], [1, 1]);
  assert(end > 14 && end < 15);
});
