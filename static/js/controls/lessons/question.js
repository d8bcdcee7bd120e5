/**
 * A question to answer before Play. Which choice is right is what the real run says.
 */

import { html, useEffect, useRef } from "../../../vendor/preact/htm-preact.js";
import { rightChoice } from "../../lessons/check.js";
import { usePage } from "../parts/page.js";
import { Text, Told } from "./told.js";

/**
 * @typedef {import("../../wire.d.ts").LessonStep} LessonStep
 * @typedef {import("../../history.js").History} History
 */

/**
 * @param {object} props
 * @param {LessonStep & {question: NonNullable<LessonStep["question"]>}} props.step
 * @param {History[] | null} props.histories  of the runs, once all have ended
 * @param {boolean} props.isChanged  whether those are others than the ones that the step speaks of
 */
export function Question({ step, histories, isChanged }) {
  const { t, learning } = usePage();
  const { answer } = learning;
  const { question, check } = step;
  const right =
    histories === null || check === null ? null : rightChoice(check, question.choices.length, histories);
  const isTold = learning.isTold && histories !== null;
  const { isHurried } = learning;
  const field = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (isHurried) field.current?.scrollIntoView({ block: "nearest" });
  }, [isHurried]);
  const verdict = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (isTold) verdict.current?.scrollIntoView({ block: "nearest" });
  }, [isTold]);
  return html`<fieldset ref=${field} class=${isHurried ? "lesson-question is-pointed-at" : "lesson-question"}>
    <legend><${Text} text=${question.text} /></legend>
    ${question.choices.map(
      (choice, i) =>
        html`<label
          key=${i}
          class="lesson-choice"
          data-right=${isTold && i === right ? "" : undefined}
          data-wrong=${isTold && right !== null && i === answer && i !== right ? "" : undefined}
        >
          <input
            type="radio"
            name="lesson-choice"
            checked=${i === answer}
            disabled=${isTold}
            onChange=${() => learning.choose(i)}
          />
          <span><${Text} text=${choice} /></span>
        </label>`,
    )}
    <div ref=${verdict} class="lesson-verdict" role="status">
      ${isHurried && html`<p>${t("controls.lesson.answerFirst")}</p>`}
      ${answer !== null && html`<${Verdict} ...${{ step, histories, isChanged, answer, right, isTold }} />`}
    </div>
  </fieldset>`;
}

/**
 * @param {object} props
 * @param {LessonStep & {question: NonNullable<LessonStep["question"]>}} props.step
 * @param {History[] | null} props.histories
 * @param {boolean} props.isChanged
 * @param {number} props.answer
 * @param {number | null} props.right
 * @param {boolean} props.isTold
 */
function Verdict({ step, histories, isChanged, answer, right, isTold }) {
  const { t, learning } = usePage();
  const { question } = step;
  if (histories === null) return html`<p>${t("controls.lesson.training")}</p>`;
  if (!isTold) return learning.isPlaying ? null : html`<p>${t("controls.lesson.nowPlay")}</p>`;
  const verdict = right === null ? "undecided" : right === answer ? "right" : "wrong";
  return html`<p>
    <strong
      >${t(`controls.lesson.${verdict}`, { choice: right === null ? "" : question.choices[right] })}</strong
    >
    ${" "}${
      !isChanged && right !== null && html`<${Told} parts=${question.because_parts} histories=${histories} />`
    }
  </p>`;
}
