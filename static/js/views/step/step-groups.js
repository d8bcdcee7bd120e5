/** What a step does to the param groups beside the optimizer's own: groups that are added, values set by hand. */

import { movedAt, movedIn } from "../../moved.js";
import { formatNumber } from "../drawing/numbers.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./step-words.js").Line} Line
 */

/**
 * The groups that step k begins with adding.
 *
 * @param {History} history
 * @param {number} k
 * @returns {Line[]}
 */
export function addingLines({ config }, k) {
  const { param_groups: groups, rest } = config.optimizer ?? {};
  const holders = rest ? ["optimizers[0]", "optimizers[1]"] : ["optimizer"];
  return [groups, rest?.param_groups].flatMap((list, holder) =>
    (list ?? [])
      .filter(({ from_step: from = 0 }) => from > 0 && from === k - 1)
      .map(({ params }) => ({
        part: /** @type {const} */ ("groups"),
        code: `${holders[holder]}.add_param_group({"params": […]})`,
        said: [{ key: "added", params: { names: params } }],
      })),
  );
}

/**
 * What is set by hand before `optimizer.step()`.
 *
 * @param {History} history
 * @param {number} k
 * @returns {Line[]}
 */
export function movingLines(history, k) {
  return movedIn(history).map((name) => {
    const groups = Array.from({ length: history.groups }, (_, group) => movedAt(history, name, k, group));
    const there = groups.filter((value) => value !== null);
    const values = [...new Set(there.map((value) => formatNumber(value)))];
    const [key, place] = name.split("/");
    return {
      part: /** @type {const} */ ("moved"),
      code: `group["${key}"]${place === undefined ? "" : `[${place}]`} = …`,
      said: [{ key: "moved", params: { name, values } }],
    };
  });
}
