/**
 * What of a wish is there from the picture before: a run that has not changed keeps its cells.
 */

/**
 * @typedef {import("./cells.js").Picture} Picture
 * @typedef {import("./cells.js").Swept} Swept
 * @typedef {import("./cells.js").Earlier} Earlier
 * @typedef {import("./request.js").Ask} Ask
 */

/**
 * The sweeps of a wish: those of runs that are there whole, and those that are still to be asked for.
 *
 * @param {Ask[]} asks
 * @param {Picture | null} before
 * @returns {{there: Swept[], asked: Swept[]}}
 */
export function reused(asks, before) {
  /** @type {Map<string, () => Swept | null>} */
  const known = new Map();
  for (const swept of before?.sweeps ?? [])
    for (const [i, key] of keysOf(swept.ask).entries()) known.set(key, () => aloneOf(swept, i));
  /** @type {Swept[]} */
  const there = [];
  /** @type {Swept[]} */
  const asked = [];
  for (const ask of asks) {
    const found = keysOf(ask).map((key) => known.get(key)?.() ?? null);
    found.forEach((swept, i) => {
      if (swept !== null) there.push({ ...swept, ask: narrowed(ask, [i]) });
    });
    const missing = found.flatMap((swept, i) => (swept === null ? [i] : []));
    if (missing.length > 0)
      asked.push({
        ask: missing.length === found.length ? ask : narrowed(ask, missing),
        ...{ cells: null, summary: null },
      });
  }
  return { there, asked };
}

/**
 * What stands for runs that are asked for until there is something of them: what was there of them before.
 *
 * @param {Swept[]} asked
 * @param {Picture | null} before
 * @returns {Earlier[]}
 */
export function earlierOf(asked, before) {
  const { sweeps = [], earlier = [] } = before ?? {};
  const seen = sweeps
    .filter(({ cells }) => cells !== null && cells.count > 0)
    .flatMap((swept) => swept.ask.slots.map((slot, optimizer) => ({ slot, swept, optimizer })));
  return asked.flatMap(({ ask }) =>
    ask.slots.flatMap(
      (slot) =>
        [...earlier, ...seen].find((one) => one.slot === slot && liesAs(one.swept.ask.body, ask.body)) ?? [],
    ),
  );
}

/**
 * Whether the cells of two sweeps lie on the same axes.
 *
 * @param {Ask["body"]} one
 * @param {Ask["body"]} other
 */
function liesAs(one, other) {
  const isSeeded = (one.seeds === undefined) === (other.seeds === undefined);
  return isSeeded && JSON.stringify(one.axes) === JSON.stringify(other.axes);
}

/**
 * What the cells of each run of a sweep follow from.
 *
 * @param {Ask} ask
 */
function keysOf({ body: { optimizers, run, ...rest } }) {
  if (optimizers === undefined) return [JSON.stringify([rest, run])];
  const { optimizer: _, ...others } = run;
  return optimizers.map((optimizer) => JSON.stringify([rest, others, optimizer]));
}

/**
 * @param {Ask} ask
 * @param {number[]} indices  of its optimizers
 * @returns {Ask}
 */
function narrowed({ body, slots }, indices) {
  const optimizers = body.optimizers && indices.map((i) => /** @type {any} */ (body.optimizers)[i]);
  return {
    body: optimizers === undefined ? body : { ...body, optimizers },
    slots: indices.map((i) => slots[i]),
  };
}

/**
 * @param {Swept} swept
 * @param {number} index  of an optimizer
 * @returns {Swept | null}  null unless it is there whole
 */
function aloneOf({ ask, cells, summary }, index) {
  const own = cells?.alone(index) ?? null;
  const entry = summary?.[index];
  return own === null || entry === undefined ? null : { ask, cells: own, summary: [entry] };
}
