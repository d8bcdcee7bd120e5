/**
 * What to ask the server for next, and when to give up what was asked: a pure function of what is wanted, what is known
 * and what is under way.
 *
 * One wish is pursued at a time: the runs that are not known yet are trained in one stream, and then their loss surface is
 * asked for; last of all, a run that is only seen beside them. A newer wish waits a moment for it, so that a slider that
 * is dragged shows one result after the other.
 */

import { patienceWith } from "./drag.js";
import { placed } from "./placed.js";
import { drawable, keyOf, sameWish } from "./wish.js";

/**
 * @typedef {import("./wish.js").Job} Job
 * @typedef {import("./wish.js").Wish} Wish
 * @typedef {import("./wish.js").RunConfig} RunConfig
 * @typedef {import("./wish.js").SurfaceView} SurfaceView
 *
 * @typedef {{kind: "train", runs: Map<string, RunConfig>}} TrainRequest  runs: by key
 * @typedef {{kind: "surface", jobs: Job[], view: SurfaceView}} SurfaceRequest
 * @typedef {TrainRequest | SurfaceRequest} Request
 *
 * @typedef {object} Pursuit  what is under way for one wish
 * @property {Wish} wish
 * @property {number} since  milliseconds
 * @property {Request | null} request  that has no answer yet
 * @property {ReadonlySet<string>} tried  keys of the runs that were trained for it, however they ended
 * @property {boolean} isDrawn  whether its surface is there
 *
 * @typedef {object} Known
 * @property {(key: string) => boolean} isSettled  whether a run need not be trained, or cannot
 * @property {(job: Job) => import("./placed.js").Records | undefined} records
 *
 * @typedef {object} Situation
 * @property {Wish} wanted
 * @property {Known} known
 * @property {Pursuit | null} underWay
 * @property {number} now  milliseconds
 *
 * @typedef {object} Plan
 * @property {Pursuit | null} pursuit  what goes on, or begins; null: all that is wanted is there
 * @property {Request | null} request  to make now
 * @property {number | null} dropIn  milliseconds until the request under way is broken off; null: it is not
 */

/**
 * @param {Situation} situation
 * @returns {Plan}
 */
export function plan({ wanted, known, underWay, now }) {
  if (underWay !== null && underWay.request !== null)
    return { pursuit: underWay, request: null, dropIn: dropIn(underWay, wanted, now) };
  const pursuit = underWay ?? begun(wanted, now);
  const request = nextRequest(pursuit, known) ?? besideRequest(pursuit, wanted, known);
  if (request !== null)
    return { pursuit: { ...pursuit, request }, request, dropIn: dropIn(pursuit, wanted, now) };
  if (sameWish(pursuit.wish, wanted)) return { pursuit: null, request: null, dropIn: null };
  return plan({ wanted, known, underWay: null, now });
}

/**
 * @param {Wish} wish
 * @param {number} now
 * @returns {Pursuit}
 */
function begun(wish, now) {
  return { wish, since: now, request: null, tried: new Set(), isDrawn: false };
}

/**
 * @param {Pursuit} pursuit
 * @param {Wish} wanted
 * @param {number} now
 */
function dropIn({ wish, since, isDrawn }, wanted, now) {
  if (sameWish(wish, wanted)) return null;
  return isDrawn ? 0 : Math.max(0, since + patienceWith(wish) - now);
}

/**
 * @param {Pursuit} pursuit
 * @param {Known} known
 * @returns {Request | null}
 */
function nextRequest({ wish: { jobs, view }, tried, isDrawn }, known) {
  const runs = missing(jobs, (key) => tried.has(key) || known.isSettled(key));
  if (runs.size > 0) return { kind: "train", runs };
  const drawn = drawable(jobs).filter((job) => known.records(job) !== undefined);
  if (drawn.length === 0 || view === null || isDrawn) return null;
  const plane = placed(view.plane, jobs, drawn, known.records);
  return { kind: "surface", jobs: drawn, view: { ...view, plane } };
}

/**
 * What is only to be seen beside the runs comes last, on their surface, and for nobody who wants something else by now.
 *
 * @param {Pursuit} pursuit
 * @param {Wish} wanted
 * @param {Known} known
 * @returns {TrainRequest | null}
 */
function besideRequest({ wish, tried, isDrawn }, wanted, known) {
  if (!wish.ghost || wish.view === null || !isDrawn || !sameWish(wish, wanted)) return null;
  const runs = missing([wish.ghost], (key) => tried.has(key) || known.isSettled(key));
  return runs.size > 0 ? { kind: "train", runs } : null;
}

/**
 * The runs to be trained, each once; those that the server keeps are not trained here.
 *
 * @param {Job[]} jobs
 * @param {(key: string) => boolean} isDone
 * @returns {Map<string, RunConfig>}
 */
function missing(jobs, isDone) {
  const own = jobs.filter(({ kept }) => kept === undefined);
  const runs = new Map(own.map((job) => [keyOf(job), job.config]));
  for (const key of [...runs.keys()]) if (isDone(key)) runs.delete(key);
  return runs;
}
