/**
 * The address of the page, which says all that is shown.
 */

import { decodeLink } from "../lessons/linked.js";
import { beginFolded } from "../state/folds.js";
import { keep, recall, recallHere } from "../state/kept.js";
import { decodeState, encodeState, stepBeyond } from "../state/address/address.js";
import { keepPoints, missingIn } from "../state/points/link.js";
import { VIEW_KEYS } from "../views/registry.js";
import { recording } from "../outside.js";
import { debounced } from "../timing.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../wire.d.ts").LessonDocument} Lesson
 * @typedef {import("../controls/shell/notices.js").Notice} Notice
 */

/** A hand that drags has come to rest, or goes on for long: to write the address costs a part of a frame. */
const PAUSE = { rest: 250, longest: 2000 };

/** Whether the address names a lesson. */
export function namesLesson() {
  return new URLSearchParams(location.search).has("lesson");
}

/**
 * What the address says; how the page is shown may also come from an earlier visit.
 *
 * @param {Catalog} catalog
 * @param {readonly {code: string}[]} languages  those that there are
 * @param {Lesson[]} lessons  those of the server that the address may name
 * @returns {{state: State, unread: string[], notices: Notice[]}}  unread: keys whose value could not be used
 */
export function readAddress(catalog, languages, lessons) {
  const { state, unread, missing } = stateIn(catalog, [...ownLesson(), ...lessons]);
  if (recording !== null || state.place === "learn" || encodeState(state, catalog, VIEW_KEYS) === "")
    beginFolded();
  const isKnown = (/** @type {string | null} */ language) => languages.some(({ code }) => code === language);
  if (state.language !== null && !isKnown(state.language)) {
    state.language = null;
    unread.push("language");
  }
  const [theme, language] = [recall("theme"), recall("language")];
  if (theme === "light" || theme === "dark") state.theme ??= theme;
  if (isKnown(language)) state.language ??= language;
  const points = recording === null ? missingIn(location.search) : null;
  return {
    state,
    unread: points === null ? unread : unread.filter((key) => key !== "points"),
    notices: noticesOf(missing, stepBeyond(state), points),
  };
}

/**
 * @param {Catalog} catalog
 * @param {Lesson[]} lessons
 */
function stateIn(catalog, lessons) {
  if (recording === null) return decodeLink(location.search, lessons, catalog, VIEW_KEYS);
  return { state: recording.begin(location.search, catalog, VIEW_KEYS), unread: [], missing: null };
}

/** @returns {Lesson[]}  somebody's own, which was checked before it was kept in this tab */
function ownLesson() {
  const text = recallHere("ownLesson");
  return text === null ? [] : [JSON.parse(text)];
}

/**
 * What an address names that there is not.
 *
 * @param {string | null} lesson
 * @param {{step: number, steps: number} | null} beyond
 * @param {{points: number, features: number} | null} points
 * @returns {Notice[]}
 */
function noticesOf(lesson, beyond, points) {
  return [
    ...(lesson === null ? [] : [trouble("noLesson", { name: lesson })]),
    ...(beyond === null ? [] : [trouble("beyond", beyond)]),
    ...(points === null ? [] : [trouble("noPoints", points)]),
  ];
}

/**
 * @param {string} id
 * @param {Notice["params"]} params
 * @returns {Notice}
 */
function trouble(id, params) {
  return { id, kind: "trouble", key: `shell.notice.${id}`, params };
}

/** Marks the entries of the browser's history that say what is shown, and not where on the page a link has led. */
const SHOWN = "shown";

export class Address {
  #catalog;
  #state;
  #isRestless;
  #isReturning = false;
  /** @type {string | null}  what the browser was given last; it fetches the icon anew each time */
  #last = null;

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
  soon = debounced(
    () => this.#write(this.#isRestless() ? { ...this.#state(), step: null } : this.#state()),
    PAUSE,
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
    const address = this.#of(this.#state());
    written(() => history.pushState(SHOWN, "", address));
    this.#last = address;
  }

  /** @param {(state: State) => void} show  what the way back, or forward, leads to */
  onReturn(show) {
    addEventListener("popstate", ({ state }) => {
      this.#last = null;
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
    const address = this.#of(state);
    if (address !== this.#last) written(() => history.replaceState(SHOWN, "", address));
    this.#last = address;
    keep("theme", state.theme);
    keep("language", state.language);
    keepPoints(state.points);
  }
}

/** @param {() => void} write */
function written(write) {
  try {
    write();
  } catch (error) {
    if (location.origin !== "null") throw error; // a page within another one has no address of its own
  }
}
