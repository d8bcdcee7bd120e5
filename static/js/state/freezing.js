/**
 * What a run freezes and when, as windows: a layer or a parameter, from one step to another. One rule of a configuration
 * is one window; on the timeline it is a bar.
 */

/**
 * @typedef {import("./types.js").Freeze} Freeze
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").State} State
 *
 * @typedef {object} FreezeWindow
 * @property {string} name  a layer (fc2) or a parameter (fc2.weight)
 * @property {number} from  steps that are done when it begins
 * @property {number | null} to  steps that are done when it ends; null: it lasts
 * @property {boolean} clears  whether `.grad` is set to None
 * @property {Pick<Freeze, "by">} [rest]  what else its rule says
 *
 * @typedef {{from: number, to: number | null}} Span  the steps of a window
 * @typedef {"open" | "window" | "whole"} Lock  whether a layer is frozen never, for a while or in part, or all the time
 */

/** @param {string} name  of a layer or of a parameter */
export function layerOf(name) {
  return name.split(".")[0];
}

/**
 * @param {readonly Freeze[]} freeze
 * @returns {FreezeWindow[]}  in the order of the rules
 */
export function windowsOf(freeze) {
  return freeze.flatMap(
    ({ params, from_step: from = 0, to_step: to = null, clear_grad: clears = true, ...rest }) =>
      params.map((name) => ({ name, from, to, clears, ...(Object.keys(rest).length > 0 && { rest }) })),
  );
}

/**
 * Windows as rules: those of one name that meet are one, and what its layer says already is not said of a parameter.
 *
 * @param {FreezeWindow[]} windows
 * @returns {Freeze[]}
 */
export function rulesOf(windows) {
  const joined = joinedWindows(withWholeLayers(joinedWindows(windows)));
  return joined
    .filter((window) => !joined.some((other) => covers(other, window)))
    .map(({ name, from, to, clears, rest }) => ({
      params: [name],
      ...(from > 0 && { from_step: from }),
      ...(to !== null && { to_step: to }),
      ...(!clears && { clear_grad: false }),
      ...rest,
    }));
}

/**
 * @param {FreezeWindow[]} windows
 * @returns {FreezeWindow[]}
 */
function joinedWindows(windows) {
  /** @type {FreezeWindow[]} */
  const joined = [];
  for (const window of windows) {
    let whole = window;
    for (;;) {
      const index = joined.findIndex((other) => isLike(other, whole) && meet(other, whole));
      if (index < 0) break;
      const [other] = joined.splice(index, 1);
      whole = { ...whole, from: Math.min(whole.from, other.from), to: later(whole.to, other.to) };
    }
    joined.push(whole);
  }
  return joined;
}

/**
 * Windows of a layer in the place of the same ones of both its parameters.
 *
 * @param {FreezeWindow[]} windows
 * @returns {FreezeWindow[]}
 */
function withWholeLayers(windows) {
  const isWhole = (/** @type {FreezeWindow} */ window) =>
    parametersOf(layerOf(window.name)).every((name) =>
      windows.some((other) => isLike(other, { ...window, name }) && isSame(other, window)),
    );
  return windows.map((window) => (isWhole(window) ? { ...window, name: layerOf(window.name) } : window));
}

/** @param {string} layer  a linear one */
export function parametersOf(layer) {
  return [`${layer}.weight`, `${layer}.bias`];
}

/**
 * @param {FreezeWindow} a
 * @param {FreezeWindow} b
 */
function isLike(a, b) {
  return a.name === b.name && a.clears === b.clears && a.rest?.by === b.rest?.by;
}

/**
 * @param {FreezeWindow} a
 * @param {FreezeWindow} b
 */
function isSame(a, b) {
  return a.from === b.from && a.to === b.to;
}

/**
 * @param {FreezeWindow} a
 * @param {FreezeWindow} b
 */
function meet(a, b) {
  return a.from <= (b.to ?? Infinity) && b.from <= (a.to ?? Infinity);
}

/**
 * @param {number | null} a
 * @param {number | null} b
 */
function later(a, b) {
  return a === null || b === null ? null : Math.max(a, b);
}

/**
 * Whether a window of a layer says all that one of a parameter does.
 *
 * @param {FreezeWindow} layer
 * @param {FreezeWindow} parameter
 */
function covers(layer, parameter) {
  const isWithin = layer.from <= parameter.from && (layer.to ?? Infinity) >= (parameter.to ?? Infinity);
  const isOfIt = layer.name !== parameter.name && layer.name === layerOf(parameter.name);
  return isOfIt && isWithin && layer.rest?.by === parameter.rest?.by && (layer.clears || !parameter.clears);
}

/**
 * A window more.
 *
 * @param {readonly Freeze[]} freeze
 * @param {FreezeWindow} window
 */
export function withWindow(freeze, window) {
  return rulesOf([...windowsOf(freeze), window]);
}

/**
 * One window changed; null takes it away.
 *
 * @param {readonly Freeze[]} freeze
 * @param {FreezeWindow} window
 * @param {Partial<Omit<FreezeWindow, "name">> | null} change
 */
export function withChange(freeze, window, change) {
  return rulesOf(
    windowsOf(freeze).flatMap((one) => {
      if (!isSameWindow(one, window)) return [one];
      return change === null ? [] : [{ ...one, ...change }];
    }),
  );
}

/**
 * @param {FreezeWindow | null} a
 * @param {FreezeWindow | null} b
 */
export function isSameWindow(a, b) {
  if (a === null || b === null) return a === b;
  return isLike(a, b) && isSame(a, b);
}

/**
 * A window in which nothing is frozen: of what trains from the start.
 *
 * @param {string} name  a layer or a parameter
 * @returns {FreezeWindow}
 */
export function emptyWindow(name) {
  return { name, from: 0, to: 0, clears: true };
}

/** @param {Span} window */
export function isEmptyWindow({ from, to }) {
  return to !== null && to <= from;
}

/**
 * Where an end of a window may lie: at least one step from the other end, within the run. One at the last step lasts; one
 * that begins at the start may end there, and freezes nothing.
 *
 * @param {Span} window
 * @param {"start" | "end"} end
 * @param {number} step
 * @param {number} steps  of the run
 * @returns {Span}
 */
export function withEnd({ from, to }, end, step, steps) {
  const last = Math.min(to ?? steps, steps);
  if (end === "start") return { from: Math.max(0, Math.min(Math.round(step), last - 1)), to };
  const until = Math.max(from === 0 ? 0 : from + 1, Math.round(step));
  return { from, to: until >= steps ? null : until };
}

/**
 * A window that begins at another step and is as long as it was, as far as the run is.
 *
 * @param {Span} window
 * @param {number} step
 * @param {number} steps  of the run
 * @returns {Span}
 */
export function movedTo({ from, to }, step, steps) {
  const length = Math.min(to ?? steps, steps) - from;
  const first = Math.max(0, Math.min(Math.round(step), steps - length));
  return { from: first, to: first + length >= steps ? null : first + length };
}

/**
 * The windows of a layer and of its parameters that begin within a run.
 *
 * @param {readonly Freeze[]} freeze
 * @param {string} layer
 * @param {number} steps
 */
export function windowsIn(freeze, layer, steps) {
  return windowsOf(freeze).filter(({ name, from }) => layerOf(name) === layer && from < steps);
}

/**
 * What of some windows lies in a run that begins at a step: a fork has no steps before it.
 *
 * @param {FreezeWindow[]} windows
 * @param {number} first
 */
export function windowsFrom(windows, first) {
  if (first === 0) return windows;
  return windows
    .filter(({ to }) => (to ?? Infinity) > first)
    .map((window) => ({ ...window, from: Math.max(window.from, first) }));
}

/**
 * Whether a layer is frozen in part, now or later: a parameter of it has a window of its own.
 *
 * @param {readonly Freeze[]} freeze
 * @param {string} layer
 */
export function isParted(freeze, layer) {
  return windowsOf(freeze).some(({ name }) => name !== layer && layerOf(name) === layer);
}

/**
 * @param {readonly Freeze[]} freeze
 * @param {string} layer
 * @param {number} steps  of the run
 * @returns {Lock}
 */
export function lockOf(freeze, layer, steps) {
  const windows = windowsIn(freeze, layer, steps);
  if (windows.length === 0) return "open";
  const lasts = windows
    .filter(({ from, to }) => from === 0 && (to ?? steps) >= steps)
    .map(({ name }) => name);
  return lasts.includes(layer) || parametersOf(layer).every((name) => lasts.includes(name))
    ? "whole"
    : "window";
}

/**
 * Lock a layer for the whole run, or take all of its windows away.
 *
 * @param {readonly Freeze[]} freeze
 * @param {string} layer
 * @param {number} steps  of the run
 * @returns {Freeze[]}
 */
export function toggleLock(freeze, layer, steps) {
  const others = windowsOf(freeze).filter(({ name }) => layerOf(name) !== layer);
  const isOpen = lockOf(freeze, layer, steps) === "open";
  return rulesOf(isOpen ? [...others, { name: layer, from: 0, to: null, clears: true }] : others);
}

/**
 * Gradual unfreezing: the head trains from the start, and the layers below thaw one after another, the nearest first.
 *
 * @param {string[]} layers  the head last
 * @param {number} steps  of the run
 * @returns {Freeze[]}
 */
export function gradualUnfreezing(layers, steps) {
  const windows = layers.slice(0, -1).map((name, i) => {
    const to = Math.round((steps * (layers.length - 1 - i)) / layers.length);
    return { name, from: 0, to: Math.max(1, to), clears: true };
  });
  return rulesOf(windows);
}

/**
 * The order in which layers begin to train, where each is frozen from the start for longer than the one above it.
 *
 * @param {readonly Freeze[]} freeze
 * @param {readonly string[]} layers  the head last
 * @param {number} steps  of the run
 * @returns {{layer: string, from: number}[] | null}  head first, from: the first step that trains it; null: there is none
 */
export function thawOrder(freeze, layers, steps) {
  const windows = windowsOf(freeze);
  const order = [...layers].reverse().map((layer) => {
    const own = windows.filter(({ name }) => layerOf(name) === layer);
    const [{ name, from, to, rest } = emptyWindow(layer)] = own;
    const isOne = own.length <= 1 && name === layer && from === 0 && rest === undefined;
    return isOne && to !== null && to < steps ? { layer, from: to + 1 } : null;
  });
  const known = order.filter((one) => one !== null);
  const isGradual = known.every(({ from }, i) => i === 0 || from > known[i - 1].from);
  return known.length === layers.length && known.length > 1 && isGradual ? known : null;
}

/**
 * The windows of one run, for all.
 *
 * @param {State} state
 * @param {number} slot
 * @returns {Partial<State>}
 */
export function freezeAllLike(state, slot) {
  const freeze = state.runs.find((run) => run.slot === slot)?.freeze ?? [];
  return {
    runs: state.runs.map((run) => (run.kept ? run : { ...run, freeze: structuredClone(freeze) })),
  };
}
