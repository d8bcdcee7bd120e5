/**
 * What the page takes from outside: answers and scripts, both of its server. In a file that is opened from the disk
 * `onefile/outside.js` stands here.
 */

/** @type {typeof fetch} */
export const ask = (...request) => fetch(...request);

/**
 * Run a script.
 *
 * @param {string} address
 * @returns {Promise<void>}
 */
export function runScript(address) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src: trusted(address) });
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", () => reject(new Error(`${address} could not be loaded`)));
    document.head.append(element);
  });
}

/** @type {import("./onefile/recording.js").Recording | null}  what the page plays, where that is in its own file */
export const recording = null;

/** What may become a script, as browsers with Trusted Types ask it: plotly.js of this server, and nothing else. */
const POLICY = {
  /** @param {string} address */
  createScriptURL(address) {
    const { origin, pathname } = new URL(address, location.href);
    if (origin === location.origin && pathname.startsWith("/plotly/")) return address;
    throw new TypeError("only plotly.js is loaded as a script");
  },
};

/** @type {typeof POLICY | undefined} */
let policy;

/**
 * An address as something that may become a script.
 *
 * @param {string} address
 */
function trusted(address) {
  const { trustedTypes } = /** @type {any} */ (window);
  policy ??= trustedTypes?.createPolicy("optiscope-scripts", POLICY) ?? POLICY;
  return /** @type {typeof POLICY} */ (policy).createScriptURL(address);
}
