/**
 * The address of the page, which says all that is shown.
 */

import { shownBy } from "../lessons/sections.js";
import { beginFolded } from "../state/folds.js";
import { keep, recall } from "../state/kept.js";
import { decodeState, encodeState, stepBeyond } from "../state/address/address.js";
import { VIEW_KEYS } from "../views/registry.js";
import { oncePer } from "../timing.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").State} State
 */

const PAUSE_MS = 250;

/** What may stand beside the name of a lesson whose page says what is shown. */
const BESIDE_LESSON = new Set(["v", "place", "lesson", "page", "language", "theme"]);

/** Whether the address names a lesson, and not what that shows. */
export function namesLesson() {
  const keys = [...new URLSearchParams(location.search).keys()];
  return keys.includes("lesson") && keys.every((key) => BESIDE_LESSON.has(key));
}

/**
 * What the address says; how the page is shown may also come from an earlier visit.
 *
 * @param {Catalog} catalog
 * @param {readonly {code: string}[]} languages  those that there are
 * @param {import("../wire.d.ts").LessonDocument[]} lessons  those that the address may name
 */
export function readAddress(catalog, languages, lessons) {
  const { state: written, unread } = decodeState(location.search, catalog, VIEW_KEYS);
  const state = { ...written, ...shownIn(lessons, written, catalog) };
  if (state.place === "learn" || encodeState(written, catalog, VIEW_KEYS) === "") beginFolded();
  const isKnown = (/** @type {string | null} */ language) => languages.some(({ code }) => code === language);
  if (state.language !== null && !isKnown(state.language)) {
    state.language = null;
    unread.push("language");
  }
  const [theme, language] = [recall("theme"), recall("language")];
  if (theme === "light" || theme === "dark") state.theme ??= theme;
  if (isKnown(language)) state.language ??= language;
  return { state, unread, beyond: stepBeyond(state) };
}

/**
 * What the page of the lesson shows that an address names.
 *
 * @param {import("../wire.d.ts").LessonDocument[]} lessons
 * @param {State} written
 * @param {Catalog} catalog
 * @returns {Partial<State>}
 */
function shownIn(lessons, written, catalog) {
  const { lesson, page, language, theme, projector } = written;
  const step = lessons.find(({ id }) => id === lesson)?.steps[page];
  if (step === undefined) return {};
  const shown = shownBy(step, (address) => decodeState(address, catalog, VIEW_KEYS));
  return { ...shown, place: "learn", lesson, page, language, theme, projector };
}

/** Marks the entries of the browser's history that say what is shown, and not where on the page a link has led. */
const SHOWN = "shown";

export class Address {
  #catalog;
  #state;
  #isRestless;
  #isReturning = false;

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

  /**
   * Another place is shown, or another page of a lesson: the way back leads to what was shown before.
   *
   * @param {State} left
   */
  turn(left) {
    if (this.#isReturning) return;
    this.#write(left);
    history.pushState(SHOWN, "", this.#of(this.#state()));
  }

  /** @param {(state: State) => void} show  what the way back, or forward, leads to */
  onReturn(show) {
    addEventListener("popstate", ({ state }) => {
      if (state !== SHOWN) return;
      this.#isReturning = true;
      show(decodeState(location.search, this.#catalog, VIEW_KEYS).state);
      this.#isReturning = false;
    });
  }

  /** @param {State} state */
  #of(state) {
    return location.pathname + encodeState(state, this.#catalog, VIEW_KEYS) + location.hash;
  }

  /** @param {State} state */
  #write(state) {
    history.replaceState(SHOWN, "", this.#of(state));
    keep("theme", state.theme);
    keep("language", state.language);
  }
}
