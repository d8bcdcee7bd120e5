/** Files that somebody has dropped onto the page or chosen: tables of points, runs of ours, and those of other loops. */

import { chooseProblem } from "../state/choose-problem.js";
import { stateOf } from "../state/configs.js";
import { PointsError, mayBeTable } from "../state/points/table.js";
import { decoded } from "../state/points/text.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 *
 * @typedef {{kind: "points"} & ReturnType<typeof decoded>} PointsFile  a table
 * @typedef {{kind: "large"} | {kind: "prose"}} NoFile  a table that is larger than the page holds; no table at all
 * @typedef {{kind: "runs", configs: RunConfig[], isWhole: boolean}} RunsFile  what `optiscope run` or `compare` wrote, an
 *   export, or a config; isWhole: whether the config says how each run began, which that of a fork does not
 * @typedef {{kind: "loop"}} LoopFile  anything else, which may be a run of a loop that is not ours
 */

/** Larger tables are none that the page holds. */
const LARGEST_TABLE = 2 ** 20;

const TABLE = /\.(csv|tsv|txt)$/i;

/** What says a run stands in the first lines; a config with its points is not longer. */
const HEAD = 2 ** 21;

/**
 * @param {File} file
 * @returns {Promise<PointsFile | NoFile | RunsFile | LoopFile>}
 */
export async function whatIs(file) {
  if (TABLE.test(file.name)) return tableIn(file);
  if (!/\.jsonl?$/i.test(file.name)) return { kind: "loop" };
  const text = await file.slice(0, HEAD).text();
  const lines = text.split("\n").map(parsed);
  const started = lines.filter((line) => line?.event === "run_started");
  if (started.length > 0) {
    const configs = started.map(({ config }) => config ?? null);
    if (configs.includes(null)) return { kind: "loop" };
    const first = lines.find((line) => line?.event === "step" || line?.event === "block");
    return { kind: "runs", configs, isWhole: (first?.step ?? first?.first ?? 0) === 0 };
  }
  const document = parsed(text);
  const configs = document?.runs ?? [document];
  const isOfRuns =
    Array.isArray(configs) && configs.length > 0 && configs.every((one) => one?.optimizer && one?.problem);
  return isOfRuns ? { kind: "runs", configs, isWhole: true } : { kind: "loop" };
}

/**
 * @param {File} file
 * @returns {Promise<PointsFile | NoFile>}
 */
async function tableIn(file) {
  if (file.size > LARGEST_TABLE) return { kind: "large" };
  const content = await file.arrayBuffer();
  try {
    const found = decoded(content);
    return mayBeTable(found.text) ? { kind: "points", ...found } : { kind: "prose" };
  } catch (error) {
    if (!(error instanceof PointsError)) throw error;
    return { kind: "prose" };
  }
}

/**
 * @param {string} text
 * @returns {any}  null where it is no JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Those that can be shown beside each other: on the problem and the network of the first.
 *
 * @param {RunConfig[]} configs
 * @param {number} most
 */
export function comparable(configs, most) {
  const shared = (/** @type {RunConfig} */ { problem, model = {} }) => JSON.stringify([problem, model]);
  return configs.filter((config) => shared(config) === shared(configs[0])).slice(0, most);
}

/** What a run begins anew with that is shown in Compare. */
const COMPARED = /** @type {const} */ ({ place: "compare", lesson: null, page: 0, step: null, selected: 0 });

/**
 * @typedef {object} Place  where a file goes
 * @property {import("../session/session.js").Session} session
 * @property {import("../state/types.js").Catalog} catalog
 * @property {(notice: import("../controls/shell/notices.js").Notice) => void} say
 * @property {boolean} takesTables
 */

/**
 * @param {File} file
 * @param {Place} place
 * @returns {Promise<boolean>}  false of what may be a run of another loop
 */
export async function takeFile(file, { session, catalog, say, takesTables }) {
  const found = await whatIs(file);
  if (found.kind === "loop" || (TABLE.test(file.name) && !takesTables)) return false;
  const tell = (/** @type {string} */ key, /** @type {"news" | "trouble"} */ kind) =>
    say({ id: "file", kind, key, params: { name: file.name } });
  if (found.kind === "large") tell("controls.points.tooLarge", "trouble");
  else if (found.kind === "prose") tell("shell.notice.fileOfProse", "trouble");
  else if (found.kind === "points") await showPoints(found, session, catalog);
  else if (!catalog.problems.some(({ name }) => name === found.configs[0].problem.name))
    tell("shell.notice.fileOfOther", "trouble");
  else if (!found.isWhole) tell("shell.notice.fileOfFork", "trouble");
  else {
    const shown = comparable(found.configs, catalog.limits.max_compared_runs);
    session.learning.goTo("compare");
    session.store.set({ ...stateOf(shown), ...COMPARED });
    tell(`shell.notice.${shown.length === found.configs.length ? "fileOpened" : "fileInPart"}`, "news");
  }
  return true;
}

/**
 * A table stands in the field of the problem, which says what is wrong with it.
 *
 * @param {PointsFile} file
 * @param {import("../session/session.js").Session} session
 * @param {import("../state/types.js").Catalog} catalog
 */
async function showPoints(file, session, catalog) {
  const { bring } = await import("../controls/problem/points-field.js");
  bring(file);
  session.learning.goTo("compare");
  session.store.set((now) => (now.problem === "points" ? {} : chooseProblem(now, catalog, "points")));
  const panel = document.getElementById("problem-panel");
  panel?.hidePopover();
  panel?.showPopover();
}
