/**
 * The notices on the page.
 */

import { describeTrouble } from "../api/trouble.js";
import { renderNotices } from "../controls/shell/notices.js";

/**
 * @typedef {import("../controls/parts/page.js").Notice} Notice
 * @typedef {import("../languages/words.js").Words} Words
 */

const NEWS_LAST_MS = 4000;
/** News with something to do about it. */
const OFFERS_LAST_MS = 10_000;

export class Board {
  /** @type {Notice[]} */
  #notices = [];
  #element;
  #words;

  /**
   * @param {HTMLElement} element
   * @param {Words} words
   */
  constructor(element, words) {
    this.#element = element;
    this.#words = words;
  }

  /** @param {Notice} notice  takes the place of one with the same id */
  say(notice) {
    this.#notices = [...this.#notices.filter(({ id }) => id !== notice.id), notice];
    this.draw();
    if (notice.kind !== "news") return;
    const lasts = notice.action === undefined ? NEWS_LAST_MS : OFFERS_LAST_MS;
    setTimeout(() => this.#expire(notice), lasts);
  }

  /**
   * Say that a request came to nothing, and make it again if the server says when.
   *
   * @param {unknown} error
   * @param {() => void} retry
   */
  trouble(error, retry) {
    const { retryAfter, ...trouble } = describeTrouble(error);
    this.say({ ...trouble, action: { key: "shell.notice.retry", run: retry } });
    if (retryAfter !== null) setTimeout(retry, 1000 * retryAfter);
  }

  /** @param {string} id */
  dismiss(id) {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    this.draw();
  }

  /** @param {Notice} notice  which may have been replaced meanwhile */
  #expire(notice) {
    if (this.#notices.includes(notice)) this.dismiss(notice.id);
  }

  /** Write the notices in the words of the moment; what the server says fills their hole `detail`. */
  draw() {
    if (!this.#words.areHere) return;
    const { t, say } = this.#words;
    const notices = this.#notices.map(({ said, ...notice }) =>
      said === undefined ? notice : { ...notice, params: { ...notice.params, detail: say(said) } },
    );
    renderNotices(this.#element, notices, t, (id) => this.dismiss(id));
  }
}
