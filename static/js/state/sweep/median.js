/** The number in the middle of some. */

/**
 * As numpy has it: of an even number, half way between the two in the middle.
 *
 * @param {number[]} numbers
 */
export function median(numbers) {
  if (numbers.length === 1) return numbers[0];
  const sorted = Float64Array.from(numbers).sort();
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}
