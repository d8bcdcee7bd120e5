/** Which step each picture of a film shows, and the sizes, rates and kinds of film there are. */

/** Kinds of file. For a GIF a picture is shown for whole hundredths of a second. */
export const RATES = { mp4: [30, 24, 60], webm: [30, 24, 60], gif: [100 / 3, 20, 25, 50] };

/** @typedef {keyof typeof RATES} Kind */

export const KINDS = /** @type {Kind[]} */ (Object.keys(RATES));

/** Width and height: even, as films want them. */
export const SIZES = /** @type {const} */ ([
  [1280, 720],
  [640, 360],
  [1920, 1080],
  [720, 720],
  [720, 1280],
]);

/** Films are made in memory. */
export const MOST_FRAMES = 3600;

/** How long the last picture stays, in seconds. */
const HOLD = 1;

/**
 * @typedef {object} Plan
 * @property {number} first  step
 * @property {number} last  step
 * @property {number} speed  steps a second
 * @property {number} rate  pictures a second
 */

/**
 * How many pictures it takes, the last of which stays.
 *
 * @param {Plan} plan
 */
export function countOf({ first, last, speed, rate }) {
  return Math.ceil(((last - first) / speed) * rate - 1e-9) + 1 + Math.round(HOLD * rate);
}

/**
 * The step of each picture.
 *
 * @param {Plan} plan
 * @returns {number[]}
 */
export function stepsOf(plan) {
  const { first, last, speed, rate } = plan;
  return Array.from({ length: countOf(plan) }, (_, i) =>
    Math.min(last, first + Math.floor((i * speed) / rate + 1e-9)),
  );
}

/**
 * The speed at which all of it takes about ten seconds.
 *
 * @param {number} steps
 */
export function speedFor(steps) {
  const wanted = Math.max(1, steps / 10);
  const unit = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 3, 5, 10].map((times) => times * unit).find((speed) => speed >= wanted - 1e-9) ?? wanted;
}
