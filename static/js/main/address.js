/**
 * The address of the page, which says all that is shown.
 */

import { beginFolded } from "../state/folds.js";
import { keep, recall } from "../state/kept.js";
import { decodeState, encodeState } from "../state/address/address.js";
import { VIEW_KEYS } from "../views/registry.js";
import { oncePer } from "../timing.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").State} State
 */

const PAUSE_MS = 250;

/**
 * What the address says; how the page is shown may also come from an earlier visit.
 *
 * @param {Catalog} catalog
 * @param {readonly {code: string}[]} languages  those that there are
 */
export function readAddress(catalog, languages) {
  const { state, unread } = decodeState(location.search, catalog, VIEW_KEYS);
  if (encodeState(state, catalog, VIEW_KEYS) === "") beginFolded();
  const isKnown = (/** @type {string | null} */ language) => languages.some(({ code }) => code === language);
  if (state.language !== null && !isKnown(state.language)) {
    state.language = null;
    unread.push("language");
  }
  const [theme, language] = [recall("theme"), recall("language")];
  if (theme === "light" || theme === "dark") state.theme ??= theme;
  if (isKnown(language)) state.language ??= language;
  return { state, unread, isBare: isBareLesson(location.search) };
}

/** What may stand beside the name of a lesson, whose first page then says what is shown. */
const BESIDE_LESSON = new Set(["v", "place", "lesson", "page", "language", "theme"]);

/** @param {string} query */
function isBareLesson(query) {
  return [...new URLSearchParams(query).keys()].every((key) => BESIDE_LESSON.has(key));
}

export class Address {
  #catalog;
  #state;
  #isRestless;

  /**
   * @param {Catalog} catalog
   * @param {() => State} state
   * @param {() => boolean} isRestless  whether the step is changing by itself, and better left out for now
   */
  constructor(catalog, state, isRestless) {
    this.#catalog = catalog;
    this.#state = state;
    this.#isRestless = isRestless;
  }

  /** Bring the address up to date, in a moment. */
  soon = oncePer(
    () => this.#write(this.#isRestless() ? { ...this.#state(), step: null } : this.#state()),
    PAUSE_MS,
  );

  /** Bring the address up to date, to the step. */
  now() {
    this.#write(this.#state());
  }

  /** @param {State} state */
  #write(state) {
    history.replaceState(
      null,
      "",
      location.pathname + encodeState(state, this.#catalog, VIEW_KEYS) + location.hash,
    );
    keep("theme", state.theme);
    keep("language", state.language);
  }
}
