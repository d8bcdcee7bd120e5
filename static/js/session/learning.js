/**
 * The place "Learn": which lesson is open and at which of its steps, what was answered, and how far each has come. What
 * the other places showed is kept, so that the way between them loses nothing.
 */

import { OPEN_QUESTION, shownBy } from "../lessons/sections.js";
import { LessonError, troublesOf } from "../lessons/troubles.js";
import { decodeState, encodeState, problemsToKnow } from "../state/address/address.js";
import { problemIn } from "../state/points/problem.js";
import { configsOf } from "../state/configs.js";
import { keep, keepHere, recallHere, recallJson } from "../state/kept.js";
import { isElsewhere, runsOf } from "../state/place.js";
import { VIEW_KEYS } from "../views/registry.js";

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../wire.d.ts").LessonDocument} Lesson
 * @typedef {State["place"]} Place
 * @typedef {{choice: number, isTold: boolean}} Answer  isTold: whether the run has come to where it says who is right
 *
 * @typedef {{language: string, lessons: Promise<Lesson[]> | null}} Told  what has been asked for, and in what language
 *
 * @typedef {object} Parts
 * @property {Pick<import("../api/resources.js").Api, "lessons" | "ownLesson">} api
 * @property {Told} [told]  before it begins
 * @property {Pick<import("./session.js").Session, "store" | "show" | "details" | "player">} session
 * @property {() => void} onChange  there is something new to show
 * @property {(error: unknown, retry: () => void) => void} onTrouble
 */

export class Learning {
  #api;
  #session;
  #onChange;
  #onTrouble;
  #asked;
  /** @type {{language: string, lessons: Lesson[] | null}} */
  #told = { language: "", lessons: null };
  /** @type {Lesson | null} somebody's own */
  #own = null;
  /** @type {Map<string, Answer>} by lesson and page */
  #answers = new Map();
  /** @type {Record<string, number>} how many pages of a lesson have been seen */
  #seen = seenBefore();
  /** The page on which somebody wanted to play before they had answered. */
  #hurried = "";
  /** The step at which the clock stops. */
  #until = Infinity;
  #isPlaying = false;

  /** @param {Parts} parts */
  constructor({ api, told, session, onChange, onTrouble }) {
    this.#asked = told;
    this.#api = api;
    this.#session = session;
    this.#onChange = onChange;
    this.#onTrouble = onTrouble;
    session.store.subscribe((state, previous) => {
      if (isElsewhere(state, previous)) this.#hurried = "";
    });
  }

  /** Those that come with the page, in the language of the page; null while they are on their way. */
  get lessons() {
    return this.#told.lessons;
  }

  /** The lesson that is open; null if none is, or while it is on its way. */
  get lesson() {
    return this.#named(this.#session.store.get().lesson);
  }

  /** Whether the address names a lesson that there is, or may be. */
  get isOpen() {
    return this.#session.store.get().lesson !== null && (this.lessons === null || this.lesson !== null);
  }

  /** The page that is open: one of the lesson's steps. */
  get page() {
    const { page } = this.#session.store.get();
    return this.lesson?.steps[page] ?? null;
  }

  /** The lesson after the one that is open; null after the last one, and after somebody's own. */
  get next() {
    const { lessons, lesson } = this;
    if (lessons === null || lesson === null || lesson === this.#own) return null;
    return lessons[lessons.indexOf(lesson) + 1] ?? null;
  }

  /** What was chosen on this page; null before. */
  get answer() {
    return this.#answers.get(this.#key())?.choice ?? null;
  }

  /** Whether the run has come to where it says who is right. */
  get isTold() {
    return this.#answers.get(this.#key())?.isTold ?? false;
  }

  /** Whether the page asks, and nothing is chosen. */
  get mustAnswer() {
    return (this.page?.question ?? null) !== null && this.answer === null;
  }

  /** Whether the clock is on its way to where the run says who is right. */
  get isPlaying() {
    return this.#session.player.playing;
  }

  /** Whether other runs are on the page than those that it speaks of. */
  get isChanged() {
    const { page } = this;
    return page !== null && this.#trained(this.#session.store.get()) !== this.#trained(this.#shownBy(page));
  }

  /** Whether somebody wanted to play this page before they had answered. */
  get isHurried() {
    return this.mustAnswer && this.#hurried === this.#key();
  }

  /** What the page points at: while it asks, nothing that would tell the answer. */
  get pointsAt() {
    const pointsAt = this.page?.points_at ?? null;
    return pointsAt !== null && this.mustAnswer && !OPEN_QUESTION.includes(pointsAt) ? null : pointsAt;
  }

  /** @param {string} id */
  seen = (id) => this.#seen[id] ?? 0;

  /**
   * The lessons are wanted in a language.
   *
   * @param {string} language
   */
  async tell(language) {
    if (this.#told.language === language) return;
    this.#told = { ...this.#told, language };
    try {
      const asked = this.#asked?.language === language ? this.#asked.lessons : null;
      const [lessons] = await Promise.all([asked ?? this.#api.lessons(language), this.#readAgain(language)]);
      if (this.#told.language !== language) return;
      this.#told = { language, lessons };
      const { lesson, page } = this.#session.store.get();
      if (this.lesson !== null && lesson !== null) this.#see(lesson, page + 1);
      this.#onChange();
    } catch (error) {
      this.#told = { ...this.#told, language: "" };
      this.#onTrouble(error, () => void this.tell(language));
    }
  }

  /** @param {Place} place  to go to, where all is as it was left */
  goTo(place) {
    const { store, show } = this.#session;
    const { place: here } = store.get();
    if (here === place) return;
    const left = runsOf(here) === runsOf(place) ? null : recallHere(runsOf(place));
    if (left === null) store.set({ place, lesson: null, page: 0 }, "page");
    else show.call(this.#session, { ...this.#decode(left).state, place });
  }

  /** @param {State} state  what was shown in a place that has been left */
  leave(state) {
    keepHere(runsOf(state.place), encodeState(state, this.#session.details.catalog, VIEW_KEYS));
  }

  /**
   * Open a page of a lesson, and show what it speaks of.
   *
   * @param {string} id
   * @param {number} [page]
   */
  open(id, page = 0) {
    const lesson = this.#named(id);
    if (lesson === null) return;
    const at = Math.min(page, lesson.steps.length - 1);
    const state = this.#shownBy(lesson.steps[at]);
    this.#until = Infinity;
    this.#session.show({ ...state, place: "learn", lesson: id, page: at });
    this.#see(id, at + 1);
  }

  /** Show what the page that is open speaks of, whatever has been changed. */
  bringBack() {
    const { lesson, page } = this.#session.store.get();
    if (lesson !== null) this.open(lesson, page);
  }

  /** Back to the list of all lessons. */
  close() {
    this.#session.store.set({ lesson: null, page: 0 }, "page");
  }

  /** @param {number} choice */
  choose(choice) {
    this.#answers.set(this.#key(), { choice, isTold: false });
    this.#hear();
    this.#onChange();
  }

  /** Play to where the run answers the question; on a page without one, and after that, to its end. */
  play() {
    const { player } = this.#session;
    const decisive = this.#decisive;
    const from = player.step >= player.last ? 0 : player.step;
    this.#until = from < decisive ? decisive : Infinity;
    player.play();
  }

  /** The clock has moved. */
  tick() {
    const { player } = this.#session;
    if (player.playing && this.mustAnswer) this.#askFirst();
    if (player.playing && player.step >= this.#until) {
      player.pause();
      player.seek(this.#until);
      this.#until = Infinity;
    }
    this.#hear();
    if (player.playing === this.#isPlaying) return;
    this.#isPlaying = player.playing;
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
    const lesson = await this.#checked(text, language);
    this.#own = lesson;
    keepHere("ownLesson", text);
    this.open(lesson.id);
  }

  #decode = (/** @type {string} */ address) => decodeState(address, this.#session.details.catalog, VIEW_KEYS);

  /** @param {import("../wire.d.ts").LessonStep} page */
  #shownBy = (page) => shownBy(page, this.#decode);

  /**
   * All that is trained of a state, as a text.
   *
   * @param {State} state
   */
  #trained(state) {
    const configs = configsOf(state, problemIn(this.#session.details.catalog, state));
    return JSON.stringify([configs, state.runs.map(({ kept }) => kept?.id ?? null)]);
  }

  /** @param {string} language */
  async #readAgain(language) {
    const text = recallHere("ownLesson");
    if (text === null) return;
    try {
      this.#own = await this.#checked(text, language);
    } catch {
      // What was kept is a lesson no longer: those that come with the page are all there are.
    }
  }

  /**
   * @param {string} text
   * @param {string} language
   */
  async #checked(text, language) {
    const lesson = await this.#api.ownLesson(parsed(text), language);
    const { details } = this.#session;
    const named = lesson.steps.flatMap(({ address }) => problemsToKnow(address, details.catalog));
    await details.know("problems", [...new Set(named)]);
    const troubles = troublesOf(lesson, this.#decode);
    if (troubles.length > 0) throw new LessonError(troubles);
    return lesson;
  }

  /**
   * @param {string | null} id
   * @returns {Lesson | null}
   */
  #named(id) {
    if (this.#own?.id === id) return this.#own;
    return this.lessons?.find((lesson) => lesson.id === id) ?? null;
  }

  /** The step at which the run answers the question of the page: its end, where there is none. */
  get #decisive() {
    const steps = [this.page?.check?.step ?? "end"].flat();
    return Math.max(...steps.map((step) => (step === "end" ? Infinity : step)));
  }

  /** A question is there to be answered before the clock goes, whoever starts it. */
  #askFirst() {
    this.#session.player.pause();
    this.#hurried = this.#key();
    this.#onChange();
  }

  /** The run answers once the clock has come to where it does. */
  #hear() {
    const answer = this.#answers.get(this.#key());
    if (answer === undefined || answer.isTold) return;
    const { step, last, waiting } = this.#session.player;
    if (last === 0 || waiting || step < Math.min(this.#decisive, last)) return;
    this.#answers.set(this.#key(), { ...answer, isTold: true });
    this.#onChange();
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

/**
 * @param {string} text  of a file
 * @returns {unknown}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new LessonError([{ pointer: "", key: "controls.lesson.notJson", params: { because } }]);
  }
}

/** @returns {Record<string, number>} */
function seenBefore() {
  const seen = recallJson("lessons");
  return typeof seen === "object" && seen !== null ? /** @type {Record<string, number>} */ (seen) : {};
}
