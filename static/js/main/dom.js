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
 * Run the script that a link of the page has been loading.
 *
 * @param {string} id  of the link
 * @returns {Promise<void>}
 */
export function run(id) {
  const script = document.createElement("script");
  script.src = /** @type {HTMLLinkElement} */ (find(id)).href;
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("a script could not be loaded")));
    document.head.append(script);
  });
}
