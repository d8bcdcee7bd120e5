/**
 * What there is to say of kept runs, in words.
 */

import { ApiError } from "../../api/request.js";
import { tellTrouble } from "../../api/trouble.js";
import { tellEnd } from "../../views/drawing/ends.js";
import { formatNumber } from "../../views/drawing/numbers.js";

/**
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../parts/page.js").Page["t"]} Translate
 */

/** @type {Record<number, string>} */
const TROUBLES = { 404: "gone", 409: "conflict", 413: "large", 429: "busy", 503: "unavailable", 507: "full" };

/**
 * Why something could not be done.
 *
 * @param {unknown} error
 * @param {Pick<import("../parts/page.js").Page, "t" | "say">} words
 * @returns {string}
 * @throws the error, if it is none of those that can be expected
 */
export function troubleOf(error, words) {
  const detail = tellTrouble(error, words);
  if (!(error instanceof ApiError)) return detail;
  const { t } = words;
  const known = TROUBLES[error.status];
  return known === undefined
    ? t("controls.kept.trouble.refused", { detail })
    : t(`controls.kept.trouble.${known}`, { detail });
}

/**
 * How a run is doing; one that has not begun, where it waits for its turn.
 *
 * @param {KeptRun} run
 * @param {Translate} t
 */
export function stateOf(run, t) {
  const { state, ended, steps } = run;
  const step = stepOf(run);
  const place = placeOf(run);
  if (place !== null) return t("controls.kept.state.queued", place);
  const key = state === "ended" ? (ended?.reason ?? "completed") : state;
  if (steps === null && state !== "damaged") return t("controls.kept.state.foreign", { step });
  return t(`controls.kept.state.${key}`, { step, steps: steps ?? step });
}

/**
 * The step that a run stands at: before its first record, that of this record.
 *
 * @param {KeptRun} run
 */
export function stepOf({ first, step }) {
  return Math.max(first, step);
}

/**
 * Where a run waits in the queue that has not begun: between two chunks it waits as well, but for a moment.
 *
 * @param {KeptRun} run
 */
export function placeOf({ queue, first, step }) {
  return step <= first ? (queue ?? null) : null;
}

/** What is said of a run that somebody paused. */
const PAUSED = new Set(["paused", "paused_before_start"]);

/**
 * What holds a run up that nobody paused, ended it by an error, or is damaged of it; nothing, if nothing does.
 *
 * @param {KeptRun} run
 * @param {Pick<import("../parts/page.js").Page, "t" | "say">} words
 */
export function hindranceOf({ state, ended, detail, code, params }, words) {
  if (ended?.reason === "failed") return tellEnd(ended, words);
  const isTold = state === "damaged" || (state === "paused" && !PAUSED.has(code ?? ""));
  return isTold ? words.say({ detail, code, params }) : "";
}

/**
 * Where a run was forked from, and what it did not take over; nothing for one that begins at step 0.
 *
 * @param {KeptRun} run
 * @param {Translate} t
 */
export function originOf({ origin, config }, t) {
  if (origin === null) return "";
  const { step } = origin;
  if (origin.checkpoint === true) return t("controls.kept.origin.file", { step });
  const optimizer = origin.restore?.optimizer !== false;
  const scheduler = origin.restore?.lr_scheduler !== false || (config.lr_scheduler ?? null) === null;
  const key = optimizer ? (scheduler ? "all" : "noScheduler") : scheduler ? "noOptimizer" : "model";
  return t(`controls.kept.origin.${key}`, { step });
}

/**
 * The loss at its end, if it has come to one; else that of its last step, before it.
 *
 * @param {KeptRun} run
 * @param {Translate} t
 * @returns {import("../../views/drawing/loss-reading.js").LossReading}
 */
export function lossOf({ result, step, config }, t) {
  if (result === null) return { text: "–", title: "" };
  const { loss, end_loss: end } = result;
  if (end !== undefined && end !== null)
    return { text: formatNumber(Number(end)), title: t("views.loss.here", { step }) };
  const place = (config?.batch_size ?? null) === null ? "before" : "batch";
  return { text: formatNumber(Number(loss)), title: t(`views.loss.${place}`, { step }) };
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/**
 * @param {number} bytes
 * @returns {string} "0 B", "1.2 kB", "34 MB"
 */
export function sizeOf(bytes) {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

/**
 * @param {string} time  ISO 8601
 * @param {string} tag  of the language
 */
export function dateOf(time, tag) {
  return new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}
