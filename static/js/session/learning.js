/**
 * The place "Learn": which lesson is open and at which of its steps, what was answered, and how far each has come. What
 * the other places showed is kept, so that the way between them loses nothing.
 */

import { decodeState, encodeState } from "../state/address/address.js";
import { keep, keepPlace, recall, recallPlace } from "../state/kept.js";
import { VIEW_KEYS } from "../views/registry.js";

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../wire.d.ts").LessonDocument} Lesson
 * @typedef {State["place"]} Place
 *
 * @typedef {object} Parts
 * @property {Pick<import("../api/resources.js").Api, "lessons" | "ownLesson">} api
 * @property {Pick<import("./session.js").Session, "store" | "show" | "details">} session
 * @property {() => void} onChange  there is something new to show
 * @property {(error: unknown, retry: () => void) => void} onTrouble
 */

export class Learning {
  #api;
  #session;
  #onChange;
  #onTrouble;
  /** @type {{language: string, lessons: Lesson[] | null}} */
  #told = { language: "", lessons: null };
  /** @type {Lesson | null} somebody's own */
  #own = null;
  /** @type {Map<string, number>} the choice by lesson and page */
  #answers = new Map();
  /** @type {Record<string, number>} how many pages of a lesson have been seen */
  #seen = seenBefore();

  /** @param {Parts} parts */
  constructor({ api, session, onChange, onTrouble }) {
    this.#api = api;
    this.#session = session;
    this.#onChange = onChange;
    this.#onTrouble = onTrouble;
  }

  /** Those that come with the page, in the language of the page; null while they are on their way. */
  get lessons() {
    return this.#told.lessons;
  }

  /** The lesson that is open; null if none is, or while it is on its way. */
  get lesson() {
    const { lesson } = this.#session.store.get();
    if (this.#own?.id === lesson) return this.#own;
    return this.lessons?.find(({ id }) => id === lesson) ?? null;
  }

  /** The page that is open: one of the lesson's steps. */
  get page() {
    const { page } = this.#session.store.get();
    return this.lesson?.steps[page] ?? null;
  }

  /** What was chosen on this page; null before. */
  get answer() {
    return this.#answers.get(this.#key()) ?? null;
  }

  /** What the page points at: nothing beside the surface while it asks, for that would tell the answer. */
  get pointsAt() {
    const { page } = this;
    if (page === null) return null;
    return page.question !== null && this.answer === null ? "surface" : page.points_at;
  }

  /** @param {string} id */
  seen = (id) => this.#seen[id] ?? 0;

  /**
   * The lessons are wanted in a language.
   *
   * @param {string} language
   * @param {boolean} isBare  whether the address names a lesson and not what it shows
   */
  async tell(language, isBare = false) {
    if (this.#told.language === language) return;
    this.#told = { ...this.#told, language };
    try {
      const lessons = await this.#api.lessons(language);
      if (this.#told.language !== language) return;
      this.#told = { language, lessons };
      const { lesson, page } = this.#session.store.get();
      if (isBare && lesson !== null && this.lesson !== null) this.open(lesson, page);
      this.#onChange();
    } catch (error) {
      this.#told = { ...this.#told, language: "" };
      this.#onTrouble(error, () => void this.tell(language, isBare));
    }
  }

  /** @param {Place} place  to go to, where all is as it was left */
  goTo(place) {
    const { store, show, details } = this.#session;
    const state = store.get();
    if (state.place === place) return;
    keepPlace(state.place, encodeState(state, details.catalog, VIEW_KEYS));
    const left = recallPlace(place);
    if (left === null) store.set({ place, lesson: null, page: 0 }, "page");
    else show.call(this.#session, { ...decodeState(left, details.catalog, VIEW_KEYS).state, place });
  }

  /**
   * Open a page of a lesson, and show what it speaks of.
   *
   * @param {string} id
   * @param {number} [page]
   */
  open(id, page = 0) {
    const { catalog } = this.#session.details;
    const lesson = this.#own?.id === id ? this.#own : this.lessons?.find((one) => one.id === id);
    const at = Math.min(page, (lesson?.steps.length ?? 1) - 1);
    if (lesson === undefined) return;
    const { state } = decodeState(lesson.steps[at].address, catalog, VIEW_KEYS);
    this.#session.show({ ...state, place: "learn", lesson: id, page: at });
    this.#see(id, at + 1);
  }

  /** Back to the list of all lessons. */
  close() {
    this.#session.store.set({ lesson: null, page: 0 }, "page");
  }

  /** @param {number} choice */
  choose(choice) {
    this.#answers.set(this.#key(), choice);
    this.#onChange();
  }

  /** Go on in Compare with what the lesson shows. */
  take() {
    this.#session.store.set({ place: "compare", lesson: null, page: 0 }, "page");
  }

  /**
   * Open a lesson that somebody has written.
   *
   * @param {string} text  of its file
   * @param {string} language
   * @throws if it is no lesson
   */
  async read(text, language) {
    this.#own = await this.#api.ownLesson(JSON.parse(text), language);
    this.open(this.#own.id);
  }

  #key() {
    const { lesson, page } = this.#session.store.get();
    return `${lesson} ${page}`;
  }

  /**
   * @param {string} id
   * @param {number} pages
   */
  #see(id, pages) {
    if (this.seen(id) >= pages || this.#own?.id === id) return;
    this.#seen = { ...this.#seen, [id]: pages };
    keep("lessons", JSON.stringify(this.#seen));
  }
}

/** @returns {Record<string, number>} */
function seenBefore() {
  try {
    const seen = JSON.parse(recall("lessons") ?? "{}");
    return typeof seen === "object" && seen !== null ? seen : {};
  } catch {
    return {}; // written by something else
  }
}
