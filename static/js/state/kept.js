/**
 * What outlasts a visit: how the page is shown and how far lessons have come; and what outlasts a reload: what the other
 * places of the page showed.
 */

/**
 * @typedef {import("./folds.js").Fold} Fold
 * @typedef {"theme" | "language" | "lessons" | "dragged" | "folds" | Fold} Kept
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

/**
 * @param {string} place  of the page
 * @returns {string | null}  the address of what it showed last, in this tab
 */
export function recallPlace(place) {
  try {
    return sessionStorage.getItem(`optiscope.${place}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} place
 * @param {string} address
 */
export function keepPlace(place, address) {
  try {
    sessionStorage.setItem(`optiscope.${place}`, address);
  } catch {
    // Then the place begins anew after a reload.
  }
}
