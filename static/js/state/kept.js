/**
 * The choices that outlast a visit: how the page is shown, not what it shows.
 */

/**
 * @typedef {"theme" | "language" | "freeze"} Kept
 */

/**
 * @param {Kept} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return localStorage.getItem(`optiscope.${name}`);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/**
 * @param {Kept} name
 * @param {string | null} value  null forgets it
 */
export function keep(name, value) {
  try {
    if (value === null) localStorage.removeItem(`optiscope.${name}`);
    else localStorage.setItem(`optiscope.${name}`, value);
  } catch {
    // A full or forbidden storage only means that the next visit starts at the default.
  }
}
