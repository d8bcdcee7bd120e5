/**
 * The field of an address that a name may have been meant for: a slip of the pen, a longer name, or a shorter one.
 */

/** Names as short as this are near to too many. */
const SHORT = 3;

/**
 * @param {string} name  that no field has
 * @param {readonly string[]} known
 * @returns {string | null}  null where the name is not like any
 */
export function nearest(name, known) {
  if (name.length < SHORT) return null;
  const longer = known.find((key) => name.startsWith(`${key}_`) || (key !== name && key.startsWith(name)));
  const slip = known.find((key) => key.length > SHORT && isSlip(name.toLowerCase(), key));
  return longer ?? slip ?? null;
}

/**
 * Whether one letter was left out, added or changed, or two have changed places.
 *
 * @param {string} name
 * @param {string} key
 */
function isSlip(name, key) {
  let same = 0;
  while (same < key.length && name[same] === key[same]) same += 1;
  const [rest, meant] = [name.slice(same), key.slice(same)];
  const swapped = `${meant[1] ?? ""}${meant[0] ?? ""}${meant.slice(2)}`;
  return [
    rest.slice(1) === meant,
    rest === meant.slice(1),
    rest.slice(1) === meant.slice(1),
    rest === swapped,
  ].some(Boolean);
}
