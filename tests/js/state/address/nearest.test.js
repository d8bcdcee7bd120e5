import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest } from "../../../../static/js/state/address/nearest.js";

const known = ["problem", "batch", "batch_seed", "seed", "steps", "step", "language", "v", "page", "runs"];

test("A name is near to the field that it was meant for.", () => {
  const meant = {
    problm: "problem",
    porblem: "problem",
    problemm: "problem",
    probles: "problem",
    Seed: "seed",
  };
  for (const [name, key] of Object.entries({ ...meant, batch_size: "batch", lang: "language", run: "runs" }))
    assert.equal(nearest(name, known), key, name);
});

test("What others add to links is near to none.", () => {
  for (const name of ["utm_source", "fbclid", "gclid", "ref", "x", "source", "s", "_ga", "mc_cid"])
    assert.equal(nearest(name, known), null, name);
});
