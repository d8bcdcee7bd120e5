/**
 * What went wrong, as a notice for people.
 */

import { ApiError, BrokenStreamError, OfflineError, SurfaceError } from "./request.js";

/**
 * @typedef {object} Trouble
 * @property {"trouble"} id
 * @property {"trouble"} kind
 * @property {string} key  a message of the catalogue
 * @property {Record<string, string | number>} [params]
 * @property {number | null} retryAfter  seconds after which trying again makes sense
 */

/**
 * @param {unknown} error
 * @returns {Trouble}
 * @throws the error, if it is none of those that can be expected
 */
export function describeTrouble(error) {
  const trouble = /** @type {const} */ ({ id: "trouble", kind: "trouble", retryAfter: null });
  if (error instanceof OfflineError) return { ...trouble, key: "shell.notice.offline" };
  if (error instanceof BrokenStreamError) return { ...trouble, key: "shell.notice.broken" };
  if (error instanceof SurfaceError)
    return { ...trouble, key: "shell.notice.surface", params: { detail: error.message } };
  if (!(error instanceof ApiError)) throw error;
  if (error.retryAfter !== null) {
    const { retryAfter } = error;
    const params = { count: retryAfter, detail: error.message };
    return {
      ...trouble,
      key: error.status === 429 ? "shell.notice.busy" : "shell.notice.unavailable",
      params,
      retryAfter,
    };
  }
  return {
    ...trouble,
    key: "shell.notice.refused",
    params: { detail: error.errors[0]?.detail ?? error.message },
  };
}
