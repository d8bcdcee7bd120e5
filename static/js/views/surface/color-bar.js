/** The colour bar of the loss surface, in two dimensions and in three. */

/**
 * @typedef {import("./color-scale.js").ColorMap} ColorMap
 * @typedef {import("./surface-grid.js").Look} Look
 */

/**
 * @param {ColorMap | null} colors
 * @param {Look} look
 * @param {boolean} narrow  whether it lies above the surface
 */
export function colorBar(colors, { theme, lossLabel }, narrow) {
  const ticks = colors === null ? [] : narrow ? apart(colors) : colors.ticks;
  const bar = {
    title: {
      text: lossLabel,
      side: "top",
      font: { size: theme.fontSize, color: theme.muted },
    },
    thickness: 10,
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

/** Labels beside each other on a narrow screen need this part of the colour bar. */
const LABEL_GAP = 0.15;

/**
 * The ticks whose labels have room beside each other, from the low end on.
 *
 * @param {ColorMap} colors
 */
function apart({ ticks, domain: [low, high] }) {
  /** @type {ColorMap["ticks"]} */
  const chosen = [];
  for (const tick of ticks) {
    const before = chosen.at(-1)?.at ?? -Infinity;
    if (tick.at - before >= LABEL_GAP * (high - low)) chosen.push(tick);
  }
  return chosen;
}
