/**
 * What the page asks for: runs, and the view of their loss surface.
 */

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("../api/resources.js").SurfaceView} SurfaceView
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {RunConfig} config
 * @property {{id: string, last: number}} [kept]  of a run that the server keeps: it is followed, not trained here; last:
 *   the step that its path is drawn to
 * @property {true} [watched]  whether it is of a loop that is not ours, so that no surface is of it
 *
 * @typedef {object} Wish
 * @property {Job[]} jobs
 * @property {SurfaceView | null} view  null while no surface is asked for
 * @property {Job | null} [ghost]  a run to be seen beside them, once all else is there: it takes no part in the surface
 */

/**
 * How a request names a run.
 *
 * @param {Job} job
 * @returns {RunConfig | {id: string}}
 */
export function asked({ config, kept }) {
  return kept === undefined ? config : { id: kept.id };
}

/**
 * The runs that a surface is of.
 *
 * @param {Job[]} jobs
 */
export function drawable(jobs) {
  return jobs.filter(({ watched }) => watched !== true);
}

/**
 * All runs that a wish is about.
 *
 * @param {Wish} wish
 */
export function jobsIn({ jobs, ghost }) {
  return ghost ? [...jobs, ghost] : jobs;
}

/** @type {WeakMap<Job, string>} a drag asks for the keys of its jobs many times */
const keys = new WeakMap();

/**
 * The same for runs that are the same.
 *
 * @param {Job} job
 */
export function keyOf(job) {
  const key = keys.get(job) ?? JSON.stringify(asked(job));
  keys.set(job, key);
  return key;
}

/**
 * @param {Wish} a
 * @param {Wish} b
 */
export function sameWish(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The same for surfaces that are the same: those of kept runs grow with their paths.
 *
 * @param {Job[]} jobs
 * @param {SurfaceView} view
 */
export function surfaceKey(jobs, view) {
  return JSON.stringify([view, jobs.map(({ config, kept }) => kept ?? config)]);
}

/**
 * What gives the coordinates of a surface their meaning: a test function alone, a plane that is held, or the runs and the
 * kind of plane. The step that a plane goes through does not: a slice that moves is looked at through one window. Nor do
 * its axes, which are kept as they are drawn.
 *
 * @param {Job[]} jobs
 * @param {SurfaceView} view
 */
export function frameOf(jobs, view) {
  return view.plane.kind === "held" ? JSON.stringify(view.plane) : subjectOf(jobs, view);
}

/**
 * What a surface and the paths on it are of: the same as long as they are no older than what is asked for.
 *
 * @param {Job[]} jobs
 * @param {SurfaceView} view
 */
export function subjectOf(jobs, { plane }) {
  const drawn = drawable(jobs);
  if (plane.kind === "function") return JSON.stringify([plane, drawn[0].config.problem]);
  return JSON.stringify([{ ...plane, at: plane.at?.run, axes: undefined }, drawn.map(asked)]);
}

/**
 * The space that the parameters of runs lie in: planes of the same one can be compared.
 *
 * @param {Job} job
 */
export function spaceOf({ config }) {
  const { name, points } = config.problem;
  return JSON.stringify([name, points?.x[0].length, config.model?.hidden]);
}
