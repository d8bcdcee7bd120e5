/**
 * The place of a plane among the records that there are.
 */

/**
 * @typedef {import("../state/plane.js").PlaneConfig} PlaneConfig
 * @typedef {{first: number, last: number}} Records  the steps of the first and the last one
 */

/** How the server is asked for the last record of a run. */
const LAST = -1;

/**
 * The plane through records that there are: of the runs that the surface is of, none after their end.
 *
 * @template J
 * @param {PlaneConfig} plane
 * @param {J[]} jobs  that its runs are counted in
 * @param {J[]} drawn  those of them that the surface is of
 * @param {(job: J) => Records | undefined} records
 * @returns {PlaneConfig}
 */
export function placed(plane, jobs, drawn, records) {
  /** @param {import("../state/plane.js").RecordOf} place */
  const place = ({ run, step }) => {
    const index = Math.max(0, drawn.indexOf(jobs[run]));
    const known = records(drawn[index]);
    if (known === undefined || step === LAST || step >= known.last) return { run: index, step: LAST };
    return { run: index, step: Math.max(known.first, step) };
  };
  if (plane.run !== undefined) return { ...plane, run: Math.max(0, drawn.indexOf(jobs[plane.run])) };
  if (plane.at !== undefined) return { ...plane, at: place(plane.at) };
  return plane.points === undefined ? plane : { ...plane, points: plane.points.map(place) };
}
