/**
 * The place "Learn": the list of lessons, or the one that is open.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "../parts/page.js";
import { LessonList } from "./lesson-list.js";
import { LessonView } from "./lesson-view.js";

export function LessonPanel() {
  const { learning } = usePage();
  const { lesson, page } = learning;
  if (lesson === null || page === null) return html`<${LessonList} />`;
  return html`<${LessonView} lesson=${lesson} step=${page} />`;
}
