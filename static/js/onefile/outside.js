/**
 * What the page takes from outside, where that is the file that it is in: stands for `outside.js`.
 */

import { answering } from "./answers.js";
import { greyOut } from "./greyed.js";
import { Recording } from "./recording.js";

/** @type {{recording: import("./recording.js").Contents, plotly: string}} what the head of the file has unpacked */
const unpacked = /** @type {any} */ (globalThis).optiscope;

export const recording = new Recording(unpacked.recording);

export const ask = answering(recording);

/** Run plotly.js, the one script that there is beside the page. */
export async function runScript() {
  const element = document.createElement("script");
  element.textContent = unpacked.plotly;
  document.head.append(element);
}

greyOut(document, recording);
