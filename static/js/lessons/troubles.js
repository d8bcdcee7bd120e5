/**
 * What of a lesson's file the server cannot see is wrong: what its addresses say is the page's own.
 */

import { SECTIONS } from "./sections.js";

/**
 * @typedef {import("../wire.d.ts").LessonDocument} Lesson
 * @typedef {import("../wire.d.ts").LessonStep} Step
 * @typedef {{pointer: string, key: string, params?: import("../languages/translator.js").Params}} Trouble  key: of the page's words
 */

export class LessonError extends Error {
  /** @param {Trouble[]} errors */
  constructor(errors) {
    super("this is no lesson");
    this.errors = errors;
  }
}

/**
 * @param {Lesson} lesson
 * @param {(address: string) => {state: {runs: unknown[]}, unread: string[]}} decode
 * @returns {Trouble[]}
 */
export function troublesOf(lesson, decode) {
  return lesson.steps.flatMap((step, k) => {
    const { state, unread } = decode(step.address);
    const at = (/** @type {string} */ field) => `/steps/${k}/${field}`;
    return [
      ...unread.map((name) => ({
        pointer: at("address"),
        key: "controls.lesson.unreadAddress",
        params: { name },
      })),
      ...beyond(step, state.runs.length).map(({ field, run }) => ({
        pointer: at(field),
        key: "controls.lesson.noRun",
        params: { run, count: state.runs.length },
      })),
      ...(step.points_at === null || Object.hasOwn(SECTIONS, step.points_at)
        ? []
        : [
            {
              pointer: at("points_at"),
              key: "controls.lesson.noPlace",
              params: { name: step.points_at, names: Object.keys(SECTIONS) },
            },
          ]),
    ];
  });
}

/**
 * The runs that a step speaks of and its address does not have.
 *
 * @param {Step} step
 * @param {number} count
 */
function beyond({ parts, question, check }, count) {
  const runs = [
    ...numbersIn(parts).map(({ run }) => ({ field: "text", run })),
    ...numbersIn(question?.because_parts ?? []).map(({ run }) => ({ field: "question/because", run })),
    ...[check?.run ?? 0].flat().map((run) => ({ field: "check/run", run })),
  ];
  return runs.filter(({ run }) => run >= count);
}

/** @param {Step["parts"]} parts */
const numbersIn = (parts) => parts.flatMap((part) => (typeof part === "string" ? [] : [part]));
