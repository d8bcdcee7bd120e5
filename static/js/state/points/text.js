/** The text of a file, whatever it was written with: the same rules as `optiscope.points_from_csv`. */

import { PointsError } from "./table.js";

/** How a text begins that is not UTF-8. */
const MARKS = [
  { mark: [0xff, 0xfe], label: "utf-16le" },
  { mark: [0xfe, 0xff], label: "utf-16be" },
];

/** What no text holds; a tab, ends of lines and a form feed it may. */
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f]/;

/** What stands for nothing in Windows-1252, and browsers read all the same. */
const UNUSED = /[\u0081\u008d\u008f\u0090\u009d]/;

/**
 * @param {ArrayBuffer} content
 * @returns {{text: string, encoding: "UTF-8" | "UTF-16" | "Windows-1252"}}
 * @throws {PointsError}  where it is no text
 */
export function decoded(content) {
  const bytes = new Uint8Array(content);
  const marked = MARKS.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte));
  const first = readAs(marked?.label ?? "utf-8", bytes);
  if (first !== null) return { text: first, encoding: marked === undefined ? "UTF-8" : "UTF-16" };
  const second = readAs("windows-1252", bytes);
  if (second !== null && !UNUSED.test(second)) return { text: second, encoding: "Windows-1252" };
  throw new PointsError([{ code: "no_text", params: {} }]);
}

/**
 * @param {string} label
 * @param {Uint8Array} bytes
 * @returns {string | null}  null where it is not that
 */
function readAs(label, bytes) {
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    return CONTROL.test(text) ? null : text;
  } catch {
    return null;
  }
}
