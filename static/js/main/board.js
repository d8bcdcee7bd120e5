/**
 * The notices on the page.
 */

import { renderNotices } from "../controls/shell/mount.js";

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
    const { t, say } = this.#words;
    const notices = this.#notices.map(({ said, ...notice }) =>
      said === undefined ? notice : { ...notice, params: { ...notice.params, detail: say(said) } },
    );
    renderNotices(this.#element, notices, t, (id) => this.dismiss(id));
  }
}
