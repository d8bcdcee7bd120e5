/**
 * All lessons, with how far each has come.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "../parts/page.js";

/** @typedef {import("../../wire.d.ts").LessonDocument} Lesson */

/** The longest file of a lesson that is read. */
const LARGEST_FILE = 1_000_000;

/** The most troubles that are told of a file. */
const MOST_TROUBLES = 6;

/** @param {{left: string | null}} props  the lesson that one comes back from */
export function LessonList({ left }) {
  const { t, learning } = usePage();
  const { lessons } = learning;
  const goOn = lessons?.find(({ id, steps }) => learning.seen(id) < steps.length)?.id;
  return html`<div class="lesson-list">
    <h2>${t("controls.lesson.title")}</h2>
    <p class="lesson-intro">${t("controls.lesson.intro")}</p>
    ${
      lessons === null
        ? html`<p class="view-loading">${t("shell.loading")}</p>`
        : html`<ol>
            ${lessons.map(
              (lesson, i) =>
                html`<${Entry}
                  key=${lesson.id}
                  ...${{ lesson, number: i + 1, isNext: lesson.id === goOn, takesFocus: lesson.id === left }}
                />`,
            )}
          </ol>`
    }
    <${OwnFile} />
  </div>`;
}

/**
 * @param {object} props
 * @param {Lesson} props.lesson
 * @param {number} props.number
 * @param {boolean} props.isNext  whether it is the first that has not been gone through
 * @param {boolean} props.takesFocus
 */
function Entry({ lesson, number, isNext, takesFocus }) {
  const { t, learning } = usePage();
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (takesFocus) button.current?.focus();
  }, []);
  const [count, seen] = [lesson.steps.length, learning.seen(lesson.id)];
  const isDone = seen >= count;
  const open = () => learning.open(lesson.id, isDone ? 0 : Math.max(0, seen - 1));
  return html`<li>
    <button
      type="button"
      class="lesson-entry"
      data-next=${isNext ? "" : undefined}
      data-done=${isDone ? "" : undefined}
      ref=${button}
      onClick=${open}
    >
      <span class="lesson-order" aria-hidden="true">${isDone ? "✓" : number}</span>
      <strong>${lesson.title}</strong>
      <span class="lesson-summary">${lesson.summary}</span>
      ${
        seen > 0 &&
        html`<span class="lesson-seen"
          >${isDone ? t("controls.lesson.done") : t("controls.lesson.seen", { seen, count })}</span
        >`
      }
    </button>
  </li>`;
}

function OwnFile() {
  const { t, say, words, learning } = usePage();
  const [troubles, setTroubles] = useState(/** @type {string[]} */ ([]));
  const open = async (/** @type {Event & {currentTarget: HTMLInputElement}} */ { currentTarget }) => {
    const file = currentTarget.files?.[0];
    if (file === undefined) return;
    currentTarget.value = "";
    if (file.size > LARGEST_FILE) return setTroubles([t("controls.lesson.tooLarge")]);
    try {
      await learning.read(await file.text(), words.language);
    } catch (error) {
      setTroubles(described(error, { t, say }));
    }
  };
  return html`<label class="button button-quiet lesson-own">
      ${t("controls.lesson.own")}
      <input type="file" accept=".json,application/json" class="visually-hidden" onChange=${open} />
    </label>
    <ul class="lesson-trouble" role="alert">
      ${troubles.map((trouble) => html`<li key=${trouble}>${trouble}</li>`)}
    </ul>`;
}

/**
 * @param {any} error
 * @param {Pick<import("../parts/page.js").Page, "t" | "say">} words
 * @returns {string[]}
 */
function described(error, { t, say }) {
  const errors = error.errors ?? [];
  if (errors.length === 0) return [String(error.message)];
  return errors
    .slice(0, MOST_TROUBLES)
    .map((/** @type {any} */ one) =>
      [one.pointer, one.key === undefined ? say(one) : t(one.key, one.params)].filter(Boolean).join(": "),
    );
}
