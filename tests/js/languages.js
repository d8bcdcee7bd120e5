// The languages of the page as the server sends them: the files of a folder in one document.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Translator } from "../../static/js/languages/translator.js";

const FOLDER = fileURLToPath(new URL("../../static/languages/", import.meta.url));
const BY_ITSELF = new Set(["language", "said", "catalog", "quoted"]);

export const CODES = readdirSync(FOLDER);

/**
 * @param {string} code
 * @returns {any}
 */
export function languageOf(code) {
  const document = /** @type {any} */ ({ words: {} });
  for (const file of readdirSync(path.join(FOLDER, code), { recursive: true }).map(String)) {
    if (!file.endsWith(".json")) continue;
    const places = file.replace(/\.json$/, "").split(path.sep);
    const name = /** @type {string} */ (places.pop());
    if (places[0] === "lessons") continue; // they are served by themselves
    let place = places.length === 0 && BY_ITSELF.has(name) ? document : document.words;
    for (const part of places) place = place[part] ??= {};
    place[name] = JSON.parse(readFileSync(path.join(FOLDER, code, file), "utf8"));
  }
  return document;
}

const base = languageOf("en");

/** @param {string} code */
export const translatorOf = (code) =>
  code === "en" ? new Translator(base) : new Translator(languageOf(code), base);
