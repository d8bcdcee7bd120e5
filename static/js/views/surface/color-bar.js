/** The colour bar of the loss surface, in two dimensions and in three. */

/**
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 * @typedef {import("./surface-grid.js").Look} Look
 */

/**
 * @param {ColorMap | null} colors
 * @param {Look} look
 * @param {boolean} narrow  whether it lies above the surface
 */
export function colorBar(colors, look, narrow) {
  const { theme, lossLabel, ends } = look;
  const ticks = colors === null ? [] : withEnds(colors, ends, shareOfLabel(look, narrow));
  const bar = {
    title: {
      text: narrow ? lossLabel : `${lossLabel}<br> <br> `, // the word at the upper end stands beneath
      side: "top",
      font: { size: theme.fontSize, color: theme.muted },
    },
    thickness: 10 * theme.scale,
    outlinewidth: 0,
    tickmode: "array",
    tickvals: ticks.map(({ at }) => at),
    ticktext: ticks.map(({ label }) => label),
    tickangle: 0,
    tickfont: { size: theme.fontSize, color: theme.muted },
    ticks: "outside",
    ticklen: 3,
    tickcolor: theme.line,
  };
  if (narrow)
    return {
      ...bar,
      orientation: "h",
      x: 0.5,
      y: 1,
      yanchor: "bottom",
      len: 1,
      lenmode: "fraction",
      ypad: 4,
    };
  return { ...bar, x: 1, xpad: 10, len: 1, lenmode: "fraction", y: 0.5 };
}

/** About what a label takes of the bar, and what of the picture is not the bar, in pixels. */
const LABEL = { upright: 20, across: 44 };
const AROUND = { upright: 92, across: 70 };

/**
 * The part of the bar that a label needs.
 *
 * @param {Look} look
 * @param {boolean} narrow
 */
function shareOfLabel({ theme, width, height }, narrow) {
  const way = narrow ? "across" : "upright";
  const length = (narrow ? width : height) - AROUND[way] * theme.scale;
  return (LABEL[way] * theme.scale) / Math.max(1, length);
}

/**
 * The words at both ends, and the ticks between them whose labels have room beside each other.
 *
 * @param {ColorMap} colors
 * @param {Look["ends"]} ends
 * @param {number} share  of the bar, that a label needs
 */
function withEnds({ ticks, domain: [low, high] }, ends, share) {
  const gap = share * (high - low);
  const chosen = [{ at: low, label: ends.low }];
  for (const tick of ticks)
    if (tick.at - chosen[chosen.length - 1].at >= gap && high - tick.at >= gap) chosen.push(tick);
  return [...chosen, { at: high, label: ends.high }];
}
