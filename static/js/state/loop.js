/**
 * The training loop: in which order and with which habits it calls torch. Only what departs from the tutorial's loop is
 * kept.
 */

/**
 * @typedef {{zero_grad: boolean, set_to_none: boolean, scheduler_first: boolean}} Loop
 */

/** @type {Readonly<Loop>} the tutorial's */
export const TUTORIAL_LOOP = Object.freeze({ zero_grad: true, set_to_none: true, scheduler_first: false });

/** In the order that they are shown in. */
export const LOOP_HABITS = /** @type {(keyof Loop)[]} */ (Object.keys(TUTORIAL_LOOP));

/**
 * What departs from the tutorial's loop, as a field of a run; nothing if nothing does.
 *
 * @param {Partial<Loop> | null | undefined} loop
 * @returns {{loop?: Partial<Loop>}}
 */
export function loopField(loop) {
  const own = LOOP_HABITS.filter(
    (habit) => loop?.[habit] !== undefined && loop[habit] !== TUTORIAL_LOOP[habit],
  );
  if (own.length === 0) return {};
  return { loop: Object.fromEntries(own.map((habit) => [habit, !TUTORIAL_LOOP[habit]])) };
}
