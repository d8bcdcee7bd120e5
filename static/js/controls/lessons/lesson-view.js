/**
 * The page of a lesson that is open: its text, its question, and the way on.
 */

import { html, useEffect, useRef } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { Question } from "./question.js";
import { Told } from "./told.js";

/**
 * @typedef {import("../../wire.d.ts").LessonDocument} Lesson
 * @typedef {import("../../wire.d.ts").LessonStep} LessonStep
 */

/** @param {{lesson: Lesson, step: LessonStep, takesFocus: boolean}} props */
export function LessonView({ lesson, step, takesFocus }) {
  const { t, state, runs, learning } = usePage();
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (takesFocus) title.current?.focus();
  }, [lesson.id]);
  useEffect(() => title.current?.scrollIntoView({ block: "nearest" }), [lesson.id, state.page]);
  const histories = runs.flatMap(({ history, stale }) => (history === null || stale ? [] : [history]));
  const isTrained = histories.length === runs.length && histories.every(({ ended }) => ended !== null);
  const count = lesson.steps.length;
  const { isChanged } = learning;
  return html`<article class="lesson" aria-labelledby="lesson-title">
    <header class="lesson-head">
      <button type="button" class="button button-quiet" onClick=${() => learning.close()}>
        <${Icon} name="left" />${t("controls.lesson.all")}
      </button>
      <span class="lesson-at">${t("controls.lesson.at", { at: state.page + 1, count })}</span>
    </header>
    <h2 id="lesson-title" ref=${title} tabindex="-1">${lesson.title}</h2>
    <div class="lesson-bar" aria-hidden="true">
      ${lesson.steps.map((_, i) => html`<i key=${i} data-now=${i <= state.page ? "" : undefined}></i>`)}
    </div>
    <div class="lesson-text" aria-live="polite">
      <p><${Told} parts=${step.parts} histories=${isTrained && !isChanged ? histories : []} /></p>
      ${isChanged && html`<${Changed} />`}
      ${
        step.question !== null &&
        html`<${Question}
          key=${state.page}
          ...${{ step, isChanged, histories: isTrained ? histories : null }}
        />`
      }
    </div>
    <${Ways} lesson=${lesson} step=${step} isTrained=${isTrained} />
  </article>`;
}

function Changed() {
  const { t, learning } = usePage();
  return html`<p class="lesson-changed">
    ${t("controls.lesson.changed")}${" "}
    <button type="button" class="button" onClick=${() => learning.bringBack()}>
      ${t("controls.lesson.bringBack")}
    </button>
  </p>`;
}

/** @param {{lesson: Lesson, step: LessonStep, isTrained: boolean}} props */
function Ways({ lesson, step, isTrained }) {
  const { t, state, learning } = usePage();
  const { mustAnswer } = learning;
  const mustPlay = step.question !== null && !mustAnswer && !learning.isTold;
  return html`<footer class="lesson-ways">
    <button
      type="button"
      class="button"
      disabled=${state.page === 0}
      onClick=${() => learning.open(lesson.id, state.page - 1)}
    >
      ${t("controls.lesson.back")}
    </button>
    <button
      type="button"
      class=${mustPlay ? "button button-primary" : "button"}
      disabled=${mustAnswer || !isTrained}
      data-hint=${mustAnswer ? t("controls.lesson.answerFirst") : undefined}
      onClick=${() => {
        document.querySelector("[data-pointed]")?.scrollIntoView({ block: "nearest" });
        learning.play();
      }}
    >
      <${Icon} name="play" />${t("controls.lesson.play")}
    </button>
    <${Onward} lesson=${lesson} isPrimary=${!mustAnswer && !mustPlay} />
    <button type="button" class="button button-quiet lesson-take" onClick=${() => learning.take()}>
      ${t("controls.lesson.take")}
    </button>
  </footer>`;
}

/** @param {{lesson: Lesson, isPrimary: boolean}} props */
function Onward({ lesson, isPrimary }) {
  const { t, state, learning } = usePage();
  const { next } = learning;
  const isLast = state.page + 1 >= lesson.steps.length;
  const go = () => {
    if (!isLast) learning.open(lesson.id, state.page + 1);
    else if (next !== null) learning.open(next.id);
    else learning.close();
  };
  const word = !isLast ? "next" : next !== null ? "nextLesson" : "finish";
  return html`<button type="button" class=${isPrimary ? "button button-primary" : "button"} onClick=${go}>
    ${t(`controls.lesson.${word}`, { title: next?.title ?? "" })}
  </button>`;
}
