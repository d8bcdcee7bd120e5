/** A QR code as a shape. */

/**
 * @param {boolean[][]} rows  true is dark
 * @returns {string}  the `d` of a path: a stroke for each run of dark squares
 */
export function pathOfCode(rows) {
  const runs = rows.flatMap((row, y) => {
    /** @type {string[]} */
    const found = [];
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x] || row[x - 1]) continue;
      let wide = 1;
      while (row[x + wide]) wide += 1;
      found.push(`M${x} ${y}h${wide}v1h-${wide}z`);
    }
    return found;
  });
  return runs.join("");
}
