/**
 * What outlasts a visit: how the page is shown and how far lessons have come; and what outlasts a reload: what the other
 * places of the page showed.
 */

/**
 * @typedef {import("./folds.js").Fold} Fold
 * @typedef {"theme" | "language" | "lessons" | "optimizers" | "points" | "dragged" | "folds" | Fold} Kept
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
 * @param {Kept} name
 * @returns {unknown}  what was kept as JSON; null where there is none
 */
export function recallJson(name) {
  try {
    return JSON.parse(recall(name) ?? "null");
  } catch {
    return null; // written by something else
  }
}

/**
 * @typedef {"compare" | "learn" | "ownLesson"} KeptHere  what a place of the page showed last; the lesson of somebody's own
 */

/**
 * @param {KeptHere} name
 * @returns {string | null}  what was kept in this tab
 */
export function recallHere(name) {
  try {
    return sessionStorage.getItem(`optiscope.${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {KeptHere} name
 * @param {string} value
 */
export function keepHere(name, value) {
  try {
    sessionStorage.setItem(`optiscope.${name}`, value);
  } catch {
    // Then it is gone after a reload.
  }
}
