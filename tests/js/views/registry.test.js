import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { SCALES, TABS, VIEWS, VIEW_KEYS, openTab, scalesOf } from "../../../static/js/views/registry.js";

const template = readFileSync(new URL("../../../templates/index.html", import.meta.url), "utf8");

test("Every view has a name of its own and a slot that the page has.", () => {
  const ids = VIEWS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, slot } of VIEWS) assert.match(template, new RegExp(`id="${slot}"`), id);
});

for (const { id, load } of VIEWS) {
  test(`The view ${id} can be mounted once its module is here.`, async () => {
    assert.equal(typeof (await load()).mount, "function");
  });
}

test("The tabs and the scales that addresses have named are still there, with their defaults.", () => {
  const { tabs, scales } = VIEW_KEYS;
  assert.equal(tabs[0], "training");
  for (const tab of ["step", "state", "curvature"]) assert.ok(tabs.includes(tab), tab);
  const before = {
    surface: ["log", "equalised", "linear"],
    loss: ["log", "linear"],
    lr: ["linear", "log"],
    grad_norm: ["log", "linear"],
    sharpness: ["log", "linear"],
  };
  assert.deepEqual({ ...scales, ...before }, scales);
});

test("No two views have a scale of one key.", () => {
  const keys = VIEWS.flatMap(({ scales = {} }) => Object.keys(scales));
  assert.deepEqual(keys, Object.keys(SCALES));
});

test("The first tab is open until another is chosen.", () => {
  assert.equal(openTab({ panel: null }), TABS[0]);
  assert.equal(openTab({ panel: "state" }).id, "state");
});

test("A scale that was not chosen is at its default.", () => {
  const { loss, lr, surface } = scalesOf({ scales: { lr: "log" } });
  assert.deepEqual([loss, lr, surface], ["log", "log", "log"]);
  assert.equal(scalesOf({ scales: {} }).lr, "linear");
});
