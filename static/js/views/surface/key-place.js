/** Where the key of the crossbars stands: in the corner of the drawing area where it covers least of the paths. */

/** How far the key lies from the corner, in pixels. */
export const INSET = 10;

/** In the order in which they are taken where it makes no difference; the arrows have their key in the fourth. */
const CORNERS = /** @type {const} */ (["bottom left", "bottom right", "top left"]);

/**
 * @param {Pick<import("./paths.js").PixelPath, "pixels">[]} paths
 * @param {{width: number, height: number}} key
 * @param {{width: number, height: number}} area
 * @returns {{left: number, top: number}}  of the key, from the corner of the area
 */
export function keyPlace(paths, key, area) {
  const places = CORNERS.map((corner) => ({
    left: corner.endsWith("left") ? INSET : area.width - key.width - INSET,
    top: corner.startsWith("top") ? INSET : area.height - key.height - INSET,
  }));
  const covered = places.map(({ left, top }) => pointsIn(paths, { left, top, ...key }));
  return places[covered.indexOf(Math.min(...covered))];
}

/**
 * @param {Pick<import("./paths.js").PixelPath, "pixels">[]} paths
 * @param {{left: number, top: number, width: number, height: number}} box
 */
function pointsIn(paths, { left, top, width, height }) {
  let count = 0;
  for (const { pixels } of paths)
    for (let i = 0; i < pixels.length; i += 2) {
      const [across, down] = [pixels[i] - left, pixels[i + 1] - top];
      if (across >= 0 && across <= width && down >= 0 && down <= height) count += 1;
    }
  return count;
}
