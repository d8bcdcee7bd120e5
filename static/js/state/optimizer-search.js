/**
 * The list of optimizers to choose from: found by what is typed, grouped by their ideas, the recent ones on top.
 */

import { shortName } from "./labels.js";

/**
 * @typedef {import("../wire.d.ts").OptimizerLine} OptimizerLine
 *
 * @typedef {object} Line  one optimizer as the list shows it
 * @property {string} name
 * @property {string} package
 * @property {string} idea
 * @property {string} summary  in the language of the page
 * @property {boolean} available
 * @property {string | null} reason
 * @property {import("../wire.d.ts").SaidReason | null} [why]  the reason by its code
 * @property {string} text  in which is looked, in lower case
 *
 * @typedef {{id: string, lines: Line[]}} Group  of an idea, or `recent`
 */

/** How many recent ones are on top. */
export const MOST_RECENT = 5;

/**
 * @param {OptimizerLine[]} told
 * @param {{name: string, summary: string, reason?: string | null}[]} choices  of the page, in its language
 * @param {(idea: string) => string} words  that one may look for an idea with, in every language
 * @returns {Line[]}
 */
export function linesOf(told, choices, words) {
  return told.flatMap((line) => {
    const choice = choices.find(({ name }) => name === line.name);
    if (choice === undefined) return [];
    const texts = [line.name, line.package, line.summary, choice.summary, line.paper, words(line.idea)];
    return {
      ...line,
      summary: choice.summary || line.summary,
      reason: choice.reason ?? null,
      text: texts.join(" ").toLowerCase(),
    };
  });
}

/**
 * The lines that hold every word of a query, in groups; those whose name begins with it come first, ungrouped.
 *
 * @param {Line[]} lines
 * @param {string} query
 * @param {string[]} recent  names, the last first
 * @returns {Group[]}
 */
export function groupsOf(lines, query, recent) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = lines.filter(({ text }) => words.every((word) => text.includes(word)));
  if (words.length > 0) {
    const isNamed = (/** @type {Line} */ { name }) => shortName(name).toLowerCase().startsWith(words[0]);
    const named = found.filter(isNamed).sort((a, b) => shortName(a.name).length - shortName(b.name).length);
    return grouped([["named", named], ...ideasOf(found.filter((line) => !isNamed(line)))]);
  }
  const last = recent.flatMap((name) => found.filter((line) => line.name === name)).slice(0, MOST_RECENT);
  return grouped([["recent", last], ...ideasOf(found.filter((line) => !last.includes(line)))]);
}

/**
 * @param {Line[]} lines
 * @returns {[string, Line[]][]}
 */
function ideasOf(lines) {
  const ideas = [...new Set(lines.map(({ idea }) => idea))];
  return ideas.map((idea) => [idea, lines.filter((line) => line.idea === idea)]);
}

/**
 * @param {[string, Line[]][]} groups
 * @returns {Group[]}
 */
function grouped(groups) {
  return groups.filter(([, lines]) => lines.length > 0).map(([id, lines]) => ({ id, lines }));
}

/**
 * @param {string[]} recent
 * @param {string} name  that was chosen now
 * @returns {string[]}
 */
export function withRecent(recent, name) {
  return [name, ...recent.filter((other) => other !== name)].slice(0, MOST_RECENT);
}
