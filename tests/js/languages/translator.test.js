import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Translator, flatten } from "../../../static/js/languages/translator.js";
import { CODES, languageOf, translatorOf } from "../languages.js";

const english = flatten(languageOf("en").words);
const keys = (/** @type {Map<string, unknown>} */ messages) => [...messages.keys()].sort();

/** @param {any} message */
const formsOf = (message) => (typeof message === "string" ? [message] : Object.values(message));

/** @param {any} message */
const holesOf = (message) =>
  [...new Set(formsOf(message).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

for (const code of CODES) {
  const { language, words, said = {} } = languageOf(code);
  const messages = flatten(words);

  test(`The page has the same words in ${code} as in English, with the same holes, and none is empty.`, () => {
    assert.deepEqual(keys(messages), keys(english));
    for (const [key, message] of messages) {
      assert.deepEqual(holesOf(message), holesOf(english.get(key)), key);
      assert.ok(!formsOf(message).includes(""), key);
    }
  });

  test(`A message with forms has all those that ${code} needs.`, () => {
    const needed = new Intl.PluralRules(language.tag).resolvedOptions().pluralCategories;
    for (const [key, message] of [...messages, ...Object.entries(said)]) {
      if (typeof message !== "string") assert.deepEqual(Object.keys(message).sort(), [...needed].sort(), key);
    }
  });
}

test("Every key that the page uses exists, and every message is used.", () => {
  const root = new URL("../../../static/js/", import.meta.url);
  const source = readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".js"))
    .map((file) => readFileSync(new URL(file, root), "utf8"))
    .concat(readFileSync(new URL("../../../templates/index.html", import.meta.url), "utf8"))
    .concat(readFileSync(new URL("../../../templates/onefile.html", import.meta.url), "utf8"))
    .join("\n");
  for (const [, key] of source.matchAll(/\bt\(\s*"([\w.]+)"/g))
    assert.ok(english.has(key), `no message ${key}`);
  const patterns = [...source.matchAll(/`([\w.]+\.)\$\{[^}]*\}([\w.]*)`/g)].map(
    ([, before, after]) => new RegExp(`^${before}[\\w-]+${after}$`.replaceAll(".", "\\.")),
  );
  const unused = keys(english).filter(
    (key) => !source.includes(key) && !patterns.some((pattern) => pattern.test(key)),
  );
  assert.deepEqual(unused, []);
});

test("A message is filled with its parameters, in the form that a count asks for.", () => {
  const { t } = translatorOf("en");
  assert.equal(t("controls.runs.warnings", { count: 1 }), "1 warning");
  assert.equal(t("controls.runs.warnings", { count: 3 }), "3 warnings");
  assert.equal(translatorOf("zh").t("controls.runs.warnings", { count: 1 }), "1 条警告");
});

test("An unknown key and a missing parameter are errors.", () => {
  const { t } = translatorOf("en");
  assert.throws(() => t("nothing.here"), RangeError);
  assert.throws(() => t("controls.runs.lock"), RangeError);
});

/** A language that nobody speaks, beside one that has it all. */
const base = {
  language: { name: "Base", short: "B", tag: "en" },
  words: {
    shell: { comma: ", ", title: "Title" },
    runs: { count: { one: "{count} run", other: "{count} runs" }, all: "All" },
  },
};
const made = {
  language: { name: "Made up", short: "M", tag: "pl" },
  words: { shell: { comma: " & " }, runs: { all: "Lla" } },
  said: {
    steps: { one: "{count} pets", few: "{count} petsy", other: "{count} petsow" },
    most: "{names}: tsom ta {bound}{why}",
    because: " ({reason})",
  },
  catalog: {
    optimizers: {
      Adam: { summary: "Mada", hyperparameters: { eps: "Spe" } },
      "*": { hyperparameters: { lr: "Rl" } },
    },
  },
};

test("A missing word falls back alone, in the forms of the language that it falls back to, and is counted.", () => {
  const { t, missing } = new Translator(made, base);
  assert.equal(t("runs.all"), "Lla");
  assert.equal(t("runs.count", { count: 1 }), "1 run");
  assert.equal(t("runs.count", { count: 2 }), "2 runs");
  assert.deepEqual([...missing].sort(), ["runs.count", "shell.title"]);
  const asksForMore = { ...made, words: { shell: { comma: ", ", title: "{what}" }, runs: base.words.runs } };
  const strange = new Translator(asksForMore, base);
  assert.equal(strange.t("shell.title"), "Title");
  assert.deepEqual([...strange.missing], ["shell.title"]);
  assert.equal(new Translator(base).missing.size, 0);
});

test("What the server says is said by its code: counted, listed and nested as the language does it.", () => {
  const { say } = new Translator(made, base);
  assert.equal(say({ detail: "3 steps", code: "steps", params: { count: 3 } }), "3 petsy");
  const most = (/** @type {any} */ why) => ({
    detail: "a and b: at most 3",
    code: "most",
    params: { names: ["a", "b"], bound: 3, why },
  });
  assert.equal(say(most("")), "a & b: tsom ta 3");
  assert.equal(say(most({ code: "because", params: { reason: "x" } })), "a & b: tsom ta 3 (x)");
});

test("What has no code, or one that is missing, stays as the server says it; the missing one is counted.", () => {
  const translator = new Translator(made, base);
  const before = translator.missing.size;
  assert.equal(translator.say({ detail: "Plain." }), "Plain.");
  assert.equal(translator.missing.size, before);
  const nested = { names: "a", bound: 3, why: { code: "unknown", params: {} } };
  assert.equal(translator.say({ detail: "at most 3", code: "most", params: nested }), "at most 3");
  assert.equal(translator.say({ detail: "at most 4", code: "most", params: nested }), "at most 4");
  assert.deepEqual([...translator.missing].slice(before), ["said.unknown"]);
  assert.equal(
    new Translator(base).say({ detail: "3 steps", code: "steps", params: { count: 3 } }),
    "3 steps",
  );
});

test("What another package says is told if it is known, and else marked as its own words.", () => {
  const quoted = {
    mark: "Theirs: {text}",
    texts: { "Learning rate.": "Rate!", "Kept by {name}.": "{name} keeps it." },
  };
  const { catalogText, missing } = new Translator({ ...made, quoted }, base);
  const before = missing.size;
  const told = [
    [["hyperparameters", "lr"], "Learning rate."],
    [["state", "exp_avg"], "Kept by Age."],
    [["summary"], "Steps {by} signs."],
    [["title"], "Age of packs"],
  ].map(([path, english]) => catalogText(["optimizers", "pack.Age", ...path], String(english)));
  assert.deepEqual(told, ["Rate!", "Age keeps it.", "Theirs: Steps {by} signs.", "Age of packs"]);
  assert.equal(missing.size, before);
});

test("A text of the catalog is found where it stands, else where those of all entries stand.", () => {
  const { catalogText, missing } = new Translator(made, base);
  const before = missing.size;
  assert.equal(catalogText(["optimizers", "Adam", "summary"], "Adam"), "Mada");
  assert.equal(catalogText(["optimizers", "Adam", "hyperparameters", "eps"], "eps"), "Spe");
  assert.equal(catalogText(["optimizers", "Adam", "hyperparameters", "lr"], "lr"), "Rl");
  assert.equal(catalogText(["optimizers", "pack.Age", "hyperparameters", "lr"], "theirs"), "theirs");
  assert.equal(missing.size, before);
  assert.equal(catalogText(["optimizers", "SGD", "summary"], "Steps"), "Steps");
  assert.deepEqual([...missing].slice(before), ["catalog.optimizers.SGD.summary"]);
});
