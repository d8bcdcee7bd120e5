/**
 * In which lines a script differs from another one.
 */

import { tokenize } from "./python.js";

/**
 * @typedef {import("./python.js").Token} Token
 * @typedef {{kind: "same" | "added" | "removed", tokens: Token[]}} Line
 */

/**
 * The lines of a script, and where they would stand those of the other that it has not.
 *
 * @param {string} before  the other one
 * @param {string} code
 * @returns {Line[]}
 */
export function diffLines(before, code) {
  const [old, now] = [textLines(before), textLines(code)];
  const [oldTokens, nowTokens] = [tokenLines(before), tokenLines(code)];
  /** @type {Line[]} */
  const lines = [];
  let [i, j] = [0, 0];
  for (const [a, b] of [...matches(old, now), [old.length, now.length]]) {
    for (; i < a; i += 1) lines.push({ kind: "removed", tokens: oldTokens[i] });
    for (; j < b; j += 1) lines.push({ kind: "added", tokens: nowTokens[j] });
    if (j < now.length) lines.push({ kind: "same", tokens: nowTokens[j] });
    [i, j] = [a + 1, b + 1];
  }
  return lines;
}

/** @param {string} code */
function textLines(code) {
  return code.replace(/\n$/, "").split("\n");
}

/**
 * @param {string} code
 * @returns {Token[][]}  of each line
 */
function tokenLines(code) {
  /** @type {Token[][]} */
  const lines = [[]];
  for (const { kind, text } of tokenize(code)) {
    text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== "") lines[lines.length - 1].push({ kind, text: part });
    });
  }
  return lines;
}

/**
 * A longest sequence of lines that both have, as pairs of their numbers.
 *
 * @param {string[]} old
 * @param {string[]} now
 * @returns {[number, number][]}
 */
function matches(old, now) {
  const width = now.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        old[i] === now[j]
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  /** @type {[number, number][]} */
  const pairs = [];
  for (let [i, j] = [0, 0]; i < old.length && j < now.length;) {
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}
