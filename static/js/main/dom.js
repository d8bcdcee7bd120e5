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
 * The script that a link of the page has been loading, which runs once it is wanted.
 *
 * @param {string} id  of the link
 */
export function preloaded(id) {
  const script = document.createElement("script");
  return {
    /** @type {Promise<void>} it has run */
    ran: new Promise((resolve, reject) => {
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => reject(new Error("a script could not be loaded")));
    }),
    run() {
      if (script.isConnected) return;
      script.src = /** @type {HTMLLinkElement} */ (find(id)).href;
      document.head.append(script);
    },
  };
}
