import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { endsZh } from "../../../static/js/languages/ends-zh.js";
import { lintZh } from "../../../static/js/languages/lint-zh.js";
import { refusalsZh } from "../../../static/js/languages/refusals-zh.js";
import { createSentences } from "../../../static/js/languages/sentences.js";
import { storageZh } from "../../../static/js/languages/storage-zh.js";
import { translatorOf } from "../languages.js";

/**
 * The source of a package of the server, with texts over several lines joined.
 *
 * @param {string} name
 */
function sourceOf(name) {
  const folder = new URL(`../../../app/${name}/`, import.meta.url);
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".py"))
    .map((file) => readFileSync(new URL(file, folder), "utf8"))
    .join("\n")
    .replace(/["']\s*\n\s*f?["']/g, "");
}

const holes = (/** @type {string} */ text) => (text.match(/\{\w+\}/g) ?? []).sort();

test("A sentence is found by what stands around its holes, and they are filled in again.", () => {
  const local = createSentences([["lr {lr} of {name} is too high (by {lr2}).", "{name}：{lr}，{lr2}"]]);
  assert.equal(local("lr 0.1 of fc1, fc2 is too high (by 3)."), "fc1, fc2：0.1，3");
  assert.equal(local("lr 0.1 of fc1 is fine."), null);
});

test("A translated warning fills only what the sentence has.", () => {
  for (const [text, translation] of [...lintZh, ...storageZh]) {
    const known = new Set(holes(text));
    for (const hole of holes(translation)) assert.ok(known.has(hole), `${hole} in ${translation}`);
  }
});

test("The page says a warning in its language.", () => {
  const text =
    "Adadelta finds the size of its steps itself, and lr 0.01 only shrinks them: begin with torch's 1.0.";
  assert.match(translatorOf("zh").local(text), /lr 0\.01/);
  assert.equal(translatorOf("en").local(text), text);
});

test("A refusal is told in Chinese with the field, the bound and the value.", () => {
  const { local } = translatorOf("zh");
  assert.equal(local("lr must be at least 0, got -1"), "lr 不得小于 0，而给出的是 -1");
  assert.equal(
    local("steps must be at most 100000, got 1000000000"),
    "steps 不得大于 100000，而给出的是 1000000000",
  );
  assert.equal(
    local("start[0] must be between -10 and 10, got 99"),
    "start[0] 必须在 -10 与 10 之间，而给出的是 99",
  );
  assert.equal(local("Nothing like it."), "Nothing like it.");
});

test("The server still refuses in the words that are translated.", () => {
  const source = sourceOf("engine");
  const isSaid = (/** @type {string} */ words) =>
    source.includes(words) || source.includes(`"${words.replace(/^must be /, "")}"`); // a bound by its name
  for (const [text] of refusalsZh) {
    const words = text
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[,(] ?got $|[,(]$|^\), got $/g, "").trim());
    for (const part of words.filter((each) => each.length > 2)) assert.ok(isSaid(part), `${part} of ${text}`);
  }
});
