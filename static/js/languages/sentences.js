/**
 * Sentences with something filled in, found again by what stands around it.
 */

/**
 * @typedef {[pattern: RegExp, names: string[], translation: string]} Sentence
 */

/**
 * @param {[string, string][]} table  a sentence with {holes}, and its translation with the same
 * @returns {(text: string) => string | null}  the translation of a text, null if it is none of the sentences
 */
export function createSentences(table) {
  const sentences = table.map(([text, translation]) => compile(text, translation));
  return (text) => {
    for (const [pattern, names, translation] of sentences) {
      const found = pattern.exec(text);
      if (found !== null) return fill(translation, names, found.slice(1));
    }
    return null;
  };
}

/**
 * @param {string} text
 * @param {string} translation
 * @returns {Sentence}
 */
function compile(text, translation) {
  /** @type {string[]} */
  const names = [];
  const pattern = text.split(/(\{\w+\})/).map((part) => {
    if (!/^\{\w+\}$/.test(part)) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(part.slice(1, -1));
    return "(.+?)";
  });
  return [new RegExp(`^${pattern.join("")}$`), names, translation];
}

/**
 * @param {string} translation
 * @param {string[]} names
 * @param {string[]} values
 */
function fill(translation, names, values) {
  return translation.replace(/\{(\w+)\}/g, (_, name) => values[names.indexOf(name)]);
}
