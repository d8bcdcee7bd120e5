/**
 * The last of some places that is not after another, −1 if there is none.
 *
 * @param {ArrayLike<number>} places  in order
 * @param {number} place
 */
export function indexAt(places, place) {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
