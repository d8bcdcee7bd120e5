/** The part of qr that the page uses. */

/** Rows of a code: true is dark. */
export function encodeQR(text: string, output: "raw", options: { ecc: "low"; border: number }): boolean[][];
