/**
 * The place "Learn": the list of lessons, or the one that is open.
 */

import { html, useEffect, useRef } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "../parts/page.js";
import { LessonList } from "./lesson-list.js";
import { LessonView } from "./lesson-view.js";

export function LessonPanel() {
  const { learning, state } = usePage();
  const { lesson, page } = learning;
  /** What was open before; undefined at first, when the focus is left where it is. */
  const before = useRef(/** @type {string | null | undefined} */ (undefined));
  const left = before.current;
  useEffect(() => {
    before.current = state.place === "learn" ? state.lesson : undefined;
  }, [state.lesson, state.place]);
  if (lesson === null || page === null) return html`<${LessonList} left=${left ?? null} />`;
  return html`<${LessonView} lesson=${lesson} step=${page} takesFocus=${left !== undefined} />`;
}
