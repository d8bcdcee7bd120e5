import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { FAR_WITH_SHIFT, KEYS, actOf } from "../../static/js/keys.js";

const ROOT = new URL("../../static/", import.meta.url);

test("A key means what the table says, with what is held and without anything else.", () => {
  const cases = [
    ["clock", { key: " " }, "play"],
    ["clock", { key: "ArrowLeft" }, "back"],
    ["clock", { key: "ArrowLeft", shiftKey: true }, "farBack"],
    ["clock", { key: "ArrowLeft", ctrlKey: true }, null],
    ["clock", { key: "Home", altKey: true }, null],
    ["page", { key: "P", shiftKey: true }, null],
    ["page", { key: "p" }, "projector"],
    ["page", { key: "p", ctrlKey: true }, null],
    ["page", { key: "?", shiftKey: true }, "keys"],
    ["edits", { key: "Z", metaKey: true, shiftKey: true }, "redo"],
    ["edits", { key: "y", metaKey: true }, null],
    ["edits", { key: "z" }, null],
    ["bars", { key: "ArrowDown", shiftKey: true }, "back"],
    ["tabs", { key: "Home" }, null],
  ];
  for (const [scope, press, act] of cases) assert.equal(actOf(scope, press), act, `${scope} ${press.key}`);
});

test("Nobody who listens names a key of their own, so the list of keys is whole.", () => {
  const modules = readdirSync(new URL("js/", ROOT), { recursive: true }).map(String);
  for (const module of modules.filter((name) => name.endsWith(".js") && name !== "keys.js")) {
    const source = readFileSync(new URL(`js/${module}`, ROOT), "utf8");
    if (module.endsWith("keys-dialog.js")) continue; // which writes the arrows as arrows
    assert.doesNotMatch(source, /\b(Arrow(Left|Right|Up|Down)|PageUp|PageDown|Backspace)\b/, module);
    assert.doesNotMatch(source, /event\.(key|code)\b|["'](Escape|Enter|Delete)["']/, module);
  }
});

for (const language of ["en", "zh"])
  test(`Everything that a key does is said in ${language}.`, () => {
    const words = JSON.parse(readFileSync(new URL(`languages/${language}/controls/keys.json`, ROOT), "utf8"));
    const acts = Object.entries(KEYS).flatMap(([scope, bindings]) =>
      bindings.map(({ act }) => `${scope}-${act}`),
    );
    assert.deepEqual(Object.keys(words.acts).sort(), [...new Set(acts)].sort());
    assert.deepEqual(Object.keys(words.scopes).sort(), Object.keys(KEYS).sort());
    assert.ok(FAR_WITH_SHIFT.every((scope) => scope in KEYS));
  });
