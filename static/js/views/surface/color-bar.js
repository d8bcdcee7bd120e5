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
export function colorBar(colors, { theme, lossLabel, ends }, narrow) {
  const ticks = colors === null ? [] : withEnds(narrow ? apart(colors) : colors.ticks, colors, ends, narrow);
  const bar = {
    title: {
      text: narrow ? lossLabel : `${lossLabel}<br> `, // the word at the upper end stands beneath
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

/** The words at the ends of the bar take the place of what is nearer to them than these parts of it. */
const END_GAP = { upright: 0.045, across: 0.11 };

/**
 * @param {ColorMap["ticks"]} ticks
 * @param {ColorMap} colors
 * @param {Look["ends"]} ends
 * @param {boolean} narrow
 */
function withEnds(ticks, { domain: [low, high] }, ends, narrow) {
  const gap = (narrow ? END_GAP.across : END_GAP.upright) * (high - low);
  const between = ticks.filter(({ at }) => at - low >= gap && high - at >= gap);
  return [{ at: low, label: ends.low }, ...between, { at: high, label: ends.high }];
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
