// The page's own code on lessons: what their addresses train, and what the runs say to their questions and numbers.
//
//     node ask.js configs < {"catalog", "addresses": [query]}                       → [{configs, unread}]
//     node ask.js answers < {"lessons", "records": {address: [lines of JSON]}}      → [[{right, numbers}]]

import { readFileSync } from "node:fs";

import { History } from "../../static/js/history.js";
import { rightChoice } from "../../static/js/lessons/check.js";
import { shownNumber } from "../../static/js/lessons/numbers.js";
import { decodeState } from "../../static/js/state/address/address.js";
import { configsOf } from "../../static/js/state/configs.js";
import { VIEW_KEYS } from "../../static/js/views/registry.js";

const given = JSON.parse(readFileSync(0, "utf8"));

const ASKED = {
  configs: () => given.addresses.map(configsAt),
  answers: () => given.lessons.map((lesson) => lesson.steps.map(answerOf)),
};

/** @param {string} address */
function configsAt(address) {
  const { state, unread } = decodeState(address, given.catalog, VIEW_KEYS);
  const problem = given.catalog.problems.find(({ name }) => name === state.problem);
  return { configs: configsOf(state, problem), unread };
}

/** @param {any} step */
function answerOf({ address, parts, question, check }) {
  const histories = historiesOf(given.records[address]);
  const numbers = [...parts, ...(question?.because_parts ?? [])].filter((part) => typeof part === "object");
  return {
    right: question && rightChoice(check, question.choices.length, histories),
    numbers: numbers.map((number) => ({ shown: number.shown, is: shownNumber(number, histories) })),
  };
}

/** @param {string[]} lines */
function historiesOf(lines) {
  /** @type {History[]} */
  const histories = [];
  for (const event of lines.map((line) => JSON.parse(line))) {
    const run = event.run ?? 0;
    if (event.event === "run_started") histories[run] = new History(event);
    if (event.event === "block") histories[run].append(event);
    if (event.event === "run_ended") histories[run].end(event);
  }
  return histories;
}

process.stdout.write(JSON.stringify(ASKED[process.argv[2]]()));
