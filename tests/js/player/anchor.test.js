import assert from "node:assert/strict";
import { test } from "node:test";

import { Anchor } from "../../../static/js/player/anchor.js";
import { createPlayer } from "../../../static/js/player/player.js";

function laboratory(records = 0) {
  const player = createPlayer({ requestFrame: () => 0, cancelFrame: () => {} });
  player.setLength(records, { complete: true });
  return { player, anchor: new Anchor(player) };
}

test("The clock goes back to where it stood as the new records arrive.", () => {
  const { player, anchor } = laboratory(301);
  player.seek(142);
  anchor.hold();
  for (const [records, step] of [
    [1, 0],
    [65, 64],
    [129, 128],
    [193, 142],
    [301, 142],
  ]) {
    player.setLength(records, { complete: records === 301 });
    anchor.pull(records === 301);
    assert.equal(player.step, step);
    assert.equal(anchor.isHeld, step < 142);
  }
});

test("At the end it stays at the end, wherever that will be.", () => {
  const { player, anchor } = laboratory(301);
  player.seek(300);
  anchor.hold();
  player.setLength(501, { complete: true });
  anchor.pull(true);
  assert.equal(player.step, 500);
});

test("Where there are too few records for good, it stands at the last.", () => {
  const { player, anchor } = laboratory();
  anchor.set(250);
  player.setLength(101, { complete: true });
  anchor.pull(true);
  assert.deepEqual([player.step, anchor.isHeld], [100, false]);
});

test("Where runs ended before its place for a while, it goes back there with the next ones.", () => {
  const { player, anchor } = laboratory(201);
  player.seek(20);
  for (const [records, step] of [
    [9, 8],
    [6, 5],
    [201, 20],
  ]) {
    // prettier-ignore
    anchor.hold();
    player.setLength(records, { complete: true });
    anchor.pull(true);
    assert.equal(player.step, step);
  }
  player.seek(200);
  anchor.hold();
  player.setLength(301, { complete: true });
  anchor.pull(true);
  assert.equal(player.step, 300);
});

test("Holding twice keeps the first place; a released anchor pulls nowhere.", () => {
  const { player, anchor } = laboratory(101);
  player.seek(50);
  anchor.hold();
  player.setLength(11, { complete: false });
  anchor.hold();
  player.setLength(101, { complete: false });
  anchor.pull(false);
  assert.equal(player.step, 50);
  anchor.set(80);
  anchor.release();
  anchor.pull(true);
  assert.equal(player.step, 50);
});

test("A step that was asked for while few records were there is gone to, though all the others come at once.", () => {
  const { player, anchor } = laboratory(101);
  player.seek(31);
  anchor.hold();
  player.setLength(9, { complete: false });
  anchor.pull(false);
  player.seek(15);
  assert.equal(player.step, 8);
  player.setLength(101, { complete: true });
  anchor.pull(true);
  assert.equal(player.step, 15);
});

test("Who plays again after the end was asked for is not taken back there.", () => {
  const { player, anchor } = laboratory(101);
  player.seek(100);
  player.play();
  anchor.pull(true);
  assert.equal(player.step, 0);
  player.pause();
  anchor.hold();
  player.setLength(301, { complete: true });
  anchor.pull(true);
  assert.equal(player.step, 0);
});
