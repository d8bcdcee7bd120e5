/**
 * What went wrong, as a notice for people.
 */

import { NO_CONFIG } from "../state/watched.js";
import {
  ApiError,
  BrokenStreamError,
  CancelledError,
  OfflineError,
  StoppedSweepError,
  SurfaceError,
} from "./request.js";

/**
 * @typedef {object} Trouble
 * @property {"trouble"} id
 * @property {"trouble"} kind
 * @property {string} key  a message of the catalogue
 * @property {Record<string, string | number>} [params]
 * @property {import("./request.js").Said} [said]  what the server says of it, which fills the hole `detail`
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
  if (error instanceof CancelledError) return { ...trouble, key: "shell.notice.cancelled" };
  if (error instanceof BrokenStreamError) return { ...trouble, key: "shell.notice.broken" };
  if (error instanceof SurfaceError) return { ...trouble, key: "shell.notice.surface", said: error.said };
  if (error instanceof StoppedSweepError)
    return { ...trouble, key: "shell.notice.stoppedSweep", said: error.said };
  if (!(error instanceof ApiError)) throw error;
  if (error.retryAfter !== null) {
    const { retryAfter } = error;
    return {
      ...trouble,
      key: error.status === 429 ? "shell.notice.busy" : "shell.notice.unavailable",
      params: { count: retryAfter },
      said: error.said,
      retryAfter,
    };
  }
  return {
    ...trouble,
    key: "shell.notice.refused",
    said: error.said,
  };
}

/**
 * The same as a sentence, where it is told beside what was asked for.
 *
 * @param {unknown} error
 * @param {Pick<import("../languages/translator.js").Translator, "t" | "say">} words
 * @returns {string}
 * @throws the error, if it is none of those that can be expected
 */
export function tellTrouble(error, { t, say }) {
  if (error instanceof ApiError || error instanceof StoppedSweepError) return say(error.said);
  return t(describeTrouble(error).key);
}

/**
 * The same with when to try again, where nothing else is shown in its place.
 *
 * @param {unknown} error
 * @param {Pick<import("../languages/translator.js").Translator, "t" | "say">} words
 * @returns {string}
 * @throws the error, if it is none of those that can be expected
 */
export function describeRefusal(error, { t, say }) {
  const { key, params, said } = describeTrouble(error);
  if (said?.code === NO_CONFIG.code)
    return t("shell.notice.noConfig", { detail: say(said), code: said.code });
  return t(key, { ...params, detail: said === undefined ? "" : say(said) });
}
