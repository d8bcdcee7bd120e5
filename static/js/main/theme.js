/**
 * Light or dark: as chosen, else as the system is.
 */

/** @typedef {"light" | "dark"} ThemeName */

export class Theme {
  #root = document.documentElement;
  #system = matchMedia("(prefers-color-scheme: dark)");
  /** @type {ThemeName | null} */
  #chosen = null;

  /** @param {() => void} onChange  the system has changed, and the page with it */
  constructor(onChange) {
    this.#system.addEventListener("change", () => {
      this.use(this.#chosen);
      onChange();
    });
  }

  /** @returns {ThemeName} */
  get name() {
    return this.#chosen ?? (this.#system.matches ? "dark" : "light");
  }

  /** @param {ThemeName | null} chosen */
  use(chosen) {
    this.#chosen = chosen;
    this.#root.dataset.theme = this.name;
  }

  /**
   * @param {string} token  a design token
   * @returns {string}  its value in this theme
   */
  color(token) {
    return getComputedStyle(this.#root).getPropertyValue(token).trim();
  }
}
