/**
 * What the linter says of the runs that are shown once it has tried them. A run begins with what can be said without a
 * step; the rest is asked for when everything has been drawn, one run after the other.
 */

import { Recent } from "./recent.js";

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("../api/resources.js").LintWarning} LintWarning
 */

/** Recipes whose warnings are kept. */
const KNOWN = 96;

export class Advice {
  #api;
  #onChange;
  /** @type {Recent<LintWarning[] | null>} by configuration; null of one that cannot be had */
  #known = new Recent(KNOWN);
  #isAsking = false;
  /** @type {History[]} */
  #wanted = [];

  /**
   * @param {Pick<import("../api/resources.js").Api, "lint">} api
   * @param {() => void} onChange  there is more to say of a run
   */
  constructor(api, onChange) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /**
   * Say of these runs all that there is to say, in the place of those asked for before.
   *
   * @param {History[]} histories
   */
  seek(histories) {
    this.#wanted = histories;
    if (!this.#isAsking) void this.#proceed();
  }

  async #proceed() {
    this.#isAsking = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#ask(next);
    this.#isAsking = false;
  }

  /** @returns {History | undefined}  the next run that nothing is known of; what is known of others is theirs */
  #next() {
    return this.#wanted.find((history) => {
      const known = this.#known.get(JSON.stringify(history.config));
      if (known) this.#tell(history, known);
      return known === undefined;
    });
  }

  /** @param {History} history */
  async #ask(history) {
    const config = /** @type {import("../state/types.js").RunConfig} */ (history.config);
    const answer = this.#api.lint(config, new AbortController().signal).catch(() => null);
    this.#known.set(JSON.stringify(config), await answer);
  }

  /**
   * @param {History} history
   * @param {LintWarning[]} warnings
   */
  #tell(history, warnings) {
    if (history.warnings === warnings) return;
    history.warnings = warnings;
    this.#onChange();
  }
}
