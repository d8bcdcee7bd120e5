/**
 * The elements that the template has.
 */

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function find(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element ${id}`);
  return element;
}

/**
 * @param {HTMLElement} script  that has not run yet
 * @returns {Promise<void>}
 */
export function whenLoaded(script) {
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("a script could not be loaded")));
  });
}
