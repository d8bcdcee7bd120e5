/**
 * All lessons, with how far each has come.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "../parts/page.js";

/** @typedef {import("../../wire.d.ts").LessonDocument} Lesson */

/** The longest file of a lesson that is read. */
const LARGEST_FILE = 1_000_000;

export function LessonList() {
  const { t, learning } = usePage();
  const { lessons } = learning;
  return html`<div class="lesson-list">
    <h2>${t("controls.lesson.title")}</h2>
    <p class="lesson-intro">${t("controls.lesson.intro")}</p>
    ${
      lessons === null
        ? html`<p class="view-loading">${t("shell.loading")}</p>`
        : html`<ol>
            ${lessons.map((lesson) => html`<${Entry} key=${lesson.id} lesson=${lesson} />`)}
          </ol>`
    }
    <${OwnFile} />
  </div>`;
}

/** @param {{lesson: Lesson}} props */
function Entry({ lesson }) {
  const { t, learning } = usePage();
  const [count, seen] = [lesson.steps.length, learning.seen(lesson.id)];
  const isDone = seen >= count;
  return html`<li>
    <button type="button" class="lesson-entry" onClick=${() => learning.open(lesson.id, isDone ? 0 : seen)}>
      <strong>${lesson.title}</strong>
      <span>${lesson.summary}</span>
      ${
        seen > 0 &&
        html`<span class="lesson-seen" data-done=${isDone ? "" : undefined}>
          ${isDone ? t("controls.lesson.done") : t("controls.lesson.seen", { seen, count })}
        </span>`
      }
    </button>
  </li>`;
}

function OwnFile() {
  const { t, say, words, learning } = usePage();
  const [trouble, setTrouble] = useState("");
  const open = async (/** @type {Event & {currentTarget: HTMLInputElement}} */ { currentTarget }) => {
    const file = currentTarget.files?.[0];
    if (file === undefined) return;
    try {
      if (file.size > LARGEST_FILE) throw new RangeError(t("controls.lesson.tooLarge"));
      await learning.read(await file.text(), words.language);
    } catch (error) {
      setTrouble(describe(error, say));
    }
    currentTarget.value = "";
  };
  return html`<label class="button button-quiet lesson-own">
      ${t("controls.lesson.own")}
      <input type="file" accept=".json,application/json" class="lesson-file" onChange=${open} />
    </label>
    <p class="lesson-trouble" role="alert">${trouble}</p>`;
}

/**
 * @param {any} error
 * @param {import("../parts/page.js").Page["say"]} say
 */
function describe(error, say) {
  const [first] = error.errors ?? [];
  return first === undefined ? String(error.message) : `${first.pointer}: ${say(first)}`;
}
