import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { en } from "../../static/js/i18n/en.js";
import { createTranslator, flatten, resolveLanguage } from "../../static/js/i18n/translate.js";
import { zh } from "../../static/js/i18n/zh.js";

const english = flatten(en);
const chinese = flatten(zh);
const own = (/** @type {Map<string, unknown>} */ messages) => [...messages.keys()];

/** @param {any} message */
const parameters = (message) => {
  const forms = typeof message === "string" ? [message] : Object.values(message);
  return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
};

test("Both languages have the same keys.", () => {
  assert.deepEqual(own(chinese).sort(), own(english).sort());
});

test("A message has the same parameters in both languages, and is not empty.", () => {
  for (const key of own(english)) {
    assert.deepEqual(parameters(chinese.get(key)), parameters(english.get(key)), key);
    assert.notEqual(english.get(key), "", key);
    assert.notEqual(chinese.get(key), "", key);
  }
});

test("Every key that the page uses exists, and every message is used.", () => {
  const root = new URL("../../static/js/", import.meta.url);
  const source = readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".js") && !file.startsWith("i18n"))
    .map((file) => readFileSync(new URL(file, root), "utf8"))
    .concat(readFileSync(new URL("../../templates/index.html", root), "utf8"))
    .join("\n");
  for (const [, key] of source.matchAll(/\bt\(\s*"([\w.]+)"/g))
    assert.ok(english.has(key), `no message ${key}`);
  const unused = own(english).filter(
    (key) => !source.includes(key) && !source.includes(`${key.replace(/\.\w+$/, "")}.$`),
  );
  assert.deepEqual(unused, []);
});

test("A message is filled with its parameters, in the form that a count asks for.", () => {
  const { t } = createTranslator("en");
  assert.equal(t("runs.warnings", { count: 1 }), "1 warning");
  assert.equal(t("runs.warnings", { count: 3 }), "3 warnings");
  assert.equal(createTranslator("zh").t("runs.warnings", { count: 1 }), "1 条警告");
});

test("An unknown key and a missing parameter are errors.", () => {
  const { t } = createTranslator("en");
  assert.throws(() => t("nothing.here"), RangeError);
  assert.throws(() => t("runs.lock"), RangeError);
});

test("A text of the server is translated if it can be, and shown as it is otherwise.", () => {
  assert.equal(createTranslator("zh").local("Two moons"), "双月牙");
  assert.equal(createTranslator("zh").local("toString"), "toString");
  assert.equal(createTranslator("en").local("Two moons"), "Two moons");
});

test("The language is the one chosen, else the first of the browser's that there is, else English.", () => {
  assert.equal(resolveLanguage("zh", ["en-GB"]), "zh");
  assert.equal(resolveLanguage(null, ["fr", "zh-TW", "en"]), "zh");
  assert.equal(resolveLanguage(null, ["fr"]), "en");
});
