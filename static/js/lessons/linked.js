/**
 * What an address shows, of which the page of a lesson may be a part.
 */

import { decodeLook, decodeState } from "../state/address/address.js";
import { shownBy } from "./sections.js";

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").ViewKeys} ViewKeys
 * @typedef {import("../wire.d.ts").LessonDocument} Lesson
 */

/**
 * An address that names a lesson and no runs opens that lesson's page, looked at as the address asks. With runs it is
 * whole, as the page writes it, and shows them.
 *
 * @param {string} query
 * @param {readonly Pick<Lesson, "id" | "steps">[]} lessons  those that the address may name
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {{state: State, unread: string[], missing: string | null}}  unread: the keys whose value could not be used;
 *   missing: the lesson that it names, if there is none of that name
 */
export function decodeLink(query, lessons, catalog, views) {
  const written = decodeState(query, catalog, views);
  const { lesson: id, page, theme, language, projector } = written.state;
  if (id === null) return { ...written, missing: null };
  const lesson = lessons.find((one) => one.id === id);
  if (lesson === undefined)
    return { ...written, state: { ...written.state, place: "learn", lesson: null, page: 0 }, missing: id };
  const at = Math.min(page, lesson.steps.length - 1);
  const shown = shownBy(lesson.steps[at], (address) => decodeState(address, catalog, views));
  const { state, unread } = namesRuns(query, written.unread)
    ? written
    : decodeLook(query, shown, catalog, views);
  return {
    state: {
      ...state,
      ...{ place: "learn", lesson: id, page: at, step: state.step ?? 0, theme, language, projector },
    },
    unread: at === page ? unread : [...unread, "page"],
    missing: null,
  };
}

/**
 * @param {string} query
 * @param {string[]} unread
 */
function namesRuns(query, unread) {
  return new URLSearchParams(query).has("runs") && !unread.includes("runs");
}
