/** The optimum of a test function where it moves: a star of the run's colour that walks along with the steps. */

import { svg } from "../drawing/dom.js";
import { markerPath } from "../drawing/markers.js";
import { driftAt } from "../../state/loop.js";

/**
 * @typedef {import("../drawing/plotly.js").Axes} Axes
 * @typedef {import("./paths.js").PixelPath} PixelPath
 * @typedef {import("../../state/types.js").Problem} Problem
 *
 * @typedef {object} MovingOptimum
 * @property {SVGSVGElement} element
 * @property {(step: number) => void} moveTo
 */

const SIZE = 8;

/**
 * The lowest minimum that is known of a test function.
 *
 * @param {Pick<Problem, "kind" | "minima"> | undefined} problem
 * @returns {[number, number] | null}
 */
export function lowestOf(problem) {
  if (problem?.kind !== "function") return null;
  const [lowest] = [...(problem.minima ?? [])].sort((a, b) => a.value - b.value);
  return lowest?.at ?? null;
}

/**
 * The optima of the runs for which it moves.
 *
 * @param {PixelPath[]} paths
 * @param {Axes} axes
 * @param {[number, number] | null} lowest
 * @returns {MovingOptimum[]}
 */
export function movingOptima(paths, { x, y, width, height }, lowest) {
  if (lowest === null) return [];
  return paths.flatMap(({ path }) => {
    const drift = path.other === undefined ? path.run.history?.config.loop?.drift : null;
    if (!drift) return [];
    const element = svg(
      "svg",
      {
        class: "paths-optimum",
        width: 2 * SIZE,
        height: 2 * SIZE,
        viewBox: `${-SIZE} ${-SIZE} ${2 * SIZE} ${2 * SIZE}`,
      },
      svg("path", { d: markerPath("star", SIZE - 2), fill: path.run.color }),
    );
    /** @param {number} step */
    const moveTo = (step) => {
      const [dx, dy] = driftAt(drift, step);
      const left = ((lowest[0] + dx - x[0]) / (x[1] - x[0])) * width;
      const top = ((y[1] - lowest[1] - dy) / (y[1] - y[0])) * height;
      const isSeen = left >= 0 && left <= width && top >= 0 && top <= height;
      element.style.visibility = isSeen ? "visible" : "hidden";
      element.style.transform = `translate(${(left - SIZE).toFixed(2)}px, ${(top - SIZE).toFixed(2)}px)`;
    };
    return [{ element, moveTo }];
  });
}
