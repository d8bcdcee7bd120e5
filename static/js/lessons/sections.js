/**
 * Where on the page a lesson can point at.
 */

/** @type {Readonly<Record<string, string>>} by the name of a view or control, the id of its section */
export const SECTIONS = Object.freeze({
  surface: "stage",
  legend: "legend",
  network: "network",
  training: "plots",
  step: "plots",
  state: "plots",
  curvature: "plots",
  timeline: "timeline",
  runs: "runs",
});

/** What says nothing of the steps that are still to come, and may be seen before a question is answered. */
export const OPEN_QUESTION = Object.freeze(["surface", "legend", "timeline", "runs"]);

/**
 * What a page of a lesson shows: what its address says, at its beginning unless that says another step, and the tab that
 * it points at open.
 *
 * @param {import("../wire.d.ts").LessonStep} step
 * @param {(address: string) => {state: import("../state/types.js").State}} decode
 * @returns {import("../state/types.js").State}
 */
export function shownBy({ address, points_at: name }, decode) {
  const { state } = decode(address);
  const shown = { ...state, step: state.step ?? 0 };
  return name !== null && SECTIONS[name] === "plots" ? { ...shown, panel: name } : shown;
}
