/**
 * The sentences of the server, found by their English.
 */

import { catalogZh } from "./catalog-zh.js";
import { endsZh } from "./ends-zh.js";
import { lintZh } from "./lint-zh.js";
import { refusalsZh } from "./refusals-zh.js";
import { createSentences } from "./sentences.js";
import { storageZh } from "./storage-zh.js";

const filled = createSentences([...lintZh, ...endsZh, ...storageZh, ...refusalsZh]);

/**
 * @param {string} tag
 * @param {string} text
 */
export function localOf(tag, text) {
  if (!tag.startsWith("zh")) return text;
  return Object.hasOwn(catalogZh, text) ? catalogZh[text] : (filled(text) ?? text);
}
