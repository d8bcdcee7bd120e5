import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createPlayer } from "../../../static/js/player/player.js";
import { Session } from "../../../static/js/session/session.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { addRun } from "../../../static/js/state/edits.js";
import { writeNumbers } from "../../../static/js/state/held-plane.js";
import { planeOf } from "../../../static/js/state/plane.js";
import { catalog } from "../catalog.js";
import { translatorOf } from "../languages.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Records of two steps of each run, on the wire. */
function* eventsOf(/** @type {any[]} */ configs) {
  for (const [run, config] of configs.entries()) {
    const values = [0.5, 0.25];
    const block = { first: 0, count: 2, loss: values, lr: [[0.1], [0.1]], momentum: null, grad_norm: null };
    yield { event: "run_started", run, config, parameters: [], data: null, warnings: [], torch: "" };
    yield { event: "block", run, ...block, params: {}, grads: null, state: {} };
    yield { event: "run_ended", run, reason: "completed", step: 1, detail: "" };
  }
}

/** A session that has begun, with a server that answers at once. */
async function begun(/** @type {any} */ changes = {}, problem = "xor") {
  /** @type {any[]} */
  const asked = [];
  /** @type {any[]} */
  const said = [];
  const api = {
    async *compare(/** @type {any[]} */ runs) {
      asked.push(["compare", runs.length]);
      yield [...eventsOf(runs)];
    },
    lint: async () => [],
    async lossSurface(/** @type {any[]} */ runs, /** @type {any} */ view) {
      asked.push(["surface", view]);
      const { like, ...plane } = view.plane;
      const rule = runs.length % 2 === 0 ? -1 : 1; // which turns the second axis round with every run
      const sign = like === undefined ? rule * Math.sign(plane.axes?.[1] ?? 2) : like[1][1];
      const place = { plane: { ...plane, axes: [1, 2 * sign * rule] }, origin: [0.5, 0], basis: [[1, 0], [0, sign]] }; // prettier-ignore
      return { x: [], y: [], z: [], axes: [], paths: [], notices: [], ...place };
    },
  };
  const session = new Session({
    catalog,
    api: /** @type {any} */ (api),
    keptApi: /** @type {any} */ ({}),
    state: { ...defaultState(catalog, problem), ...changes },
    player: createPlayer({ requestFrame: () => 1, cancelFrame: () => {} }),
    reducedMotion: false,
    board: { say: (notice) => said.push(notice.id), dismiss: () => {} },
    onChange: () => {},
    onTrouble: (error) => assert.fail(String(error)),
  });
  session.store.subscribe((state, previous) => session.follow(state, previous));
  session.begin();
  await settle();
  return { session, asked, said, edit: session.store.set };
}

const runs = (/** @type {Session} */ session) =>
  session.runs({ color: (token) => token, t: translatorOf("en").t });

test("A session asks for the runs of its state, and then for their surface.", async () => {
  const { session, asked } = await begun();
  assert.deepEqual(asked, [
    ["compare", 3],
    ["surface", { plane: { kind: "pca", through: "mean" }, window: null }],
  ]);
  assert.deepEqual(
    runs(session).map(({ history }) => history?.length),
    [2, 2, 2],
  );
});

test("What changes nothing that is trained or drawn asks for nothing.", async () => {
  const { edit, asked } = await begun();
  edit({ selected: 1, theme: "dark", panel: "step" });
  await settle();
  assert.equal(asked.length, 2);
});

test("Under a hand paths alone are asked for, and the surface once it lets go.", async () => {
  const { session, asked } = await begun({}, "rosenbrock");
  asked.length = 0;
  session.drag([0, 1], true);
  await settle();
  session.drag([0, 2], true);
  await settle();
  assert.deepEqual(asked, [
    ["compare", 3],
    ["compare", 3],
  ]);
  session.drag([0, 2], false);
  await settle();
  assert.deepEqual(asked.slice(2), [["surface", { plane: { kind: "function" }, window: null }]]);
});

test("A window is left with the surface that it is of, and stays with a slice that moves.", async () => {
  const window = /** @type {any} */ ([[0, 1], [0, 1]]); // prettier-ignore
  const { session, edit } = await begun({ window });
  assert.equal(session.store.get().window, window);
  edit({ plane: planeOf("random") });
  assert.equal(session.store.get().window, null);
  edit({ window });
  edit({ plane: { kind: "random", seed: 0, at: "start", trainable_only: true } });
  assert.equal(session.store.get().window, window);
});

test("A slice follows the clock as soon as that rests.", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { session, asked } = await begun({ plane: planeOf("eigen"), step: 0 });
  session.drawn(
    { ...session.data(runs(session), catalog, { theme: "light", language: "en" }) },
    { canDraw: true, mayAsk: true },
  );
  session.player.seek(1);
  session.tick();
  mock.timers.tick(120);
  await settle();
  mock.timers.reset();
  const planes = asked.filter(([kind]) => kind === "surface").map(([, view]) => view.plane.at.step);
  assert.deepEqual(planes, [0, -1]);
});

test("A layer of a run that is the server's cannot be frozen, and is said to be so.", async () => {
  const { session, said } = await begun();
  session.toggleFreeze("fc1");
  assert.deepEqual(session.store.get().runs[0].freeze, [{ params: ["fc1"] }]);
  session.store.get().runs[0].kept = { id: "a", first: 0, without: [] };
  session.toggleFreeze("fc1");
  assert.deepEqual([said, session.store.get().runs[0].freeze], [["fixed"], [{ params: ["fc1"] }]]);
});

test("The axes of a plane keep their directions when a run is added, and the state says which they are.", async () => {
  const { session, edit, asked } = await begun();
  const draw = async () => {
    await settle();
    session.drawn({ runs: [], surface: {} }, { canDraw: true, mayAsk: false });
    await settle();
  };
  await draw();
  const before = session.planeNumbers();
  edit(addRun(session.store.get()));
  await draw();
  assert.deepEqual(session.store.get().plane, { kind: "pca", through: "mean", axes: [1, -2] });
  assert.deepEqual(asked.at(-1)[1].plane.like, [[1, 0], [0, 1]]); // prettier-ignore
  assert.equal(session.planeNumbers(), before);
  const requests = asked.length;
  session.undo.undo();
  await draw();
  assert.deepEqual(session.store.get().plane, planeOf("pca"));
  assert(!session.undo.canUndo);
  session.undo.redo();
  await draw();
  assert.deepEqual(session.store.get().plane, { kind: "pca", through: "mean", axes: [1, -2] });
  assert.equal(asked.length, requests);
  edit({ plane: planeOf("random") });
  await draw();
  edit(addRun(session.store.get()));
  await draw();
  edit({ plane: planeOf("pca") });
  await draw();
  assert.deepEqual(asked.at(-1)[1].plane.like, [[1, 0], [0, 1]]); // prettier-ignore
});

test("A plane that is held is asked for by its numbers, whatever the runs are.", async () => {
  const { session, edit, asked } = await begun();
  const numbers = String(session.planeNumbers());
  edit({ plane: { kind: "held", of: "pca", numbers }, hidden: [] });
  await settle();
  assert.equal(asked.at(-1)[1].plane.kind, "pca"); // it is one of another network
  const wide = writeNumbers(new Float32Array(3).fill(0.25), Float32Array.of(1, 0, 0, 0, 1, 0));
  edit({ plane: { kind: "held", of: "pca", numbers: wide } });
  await settle();
  const held = { kind: "held", origin: [0.25, 0.25, 0.25], basis: [[1, 0, 0], [0, 1, 0]] }; // prettier-ignore
  assert.deepEqual(asked.at(-1)[1].plane, held);
});
