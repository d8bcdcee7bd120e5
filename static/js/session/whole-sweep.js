/**
 * A sweep that nobody watches: its cells once all are there.
 */

import { BrokenStreamError } from "../api/request.js";
import { Cells } from "../state/sweep/cells.js";

/**
 * @param {import("../api/sweeps.js").SweepApi} api
 * @param {import("../state/sweep/request.js").Body} body
 * @param {AbortSignal} signal
 * @returns {Promise<Cells>}
 */
export async function wholeSweep(api, body, signal) {
  /** @type {Cells | null} */
  let cells = null;
  for await (const events of api.sweep(body, signal))
    for (const event of events) {
      if (event.event === "sweep_started") cells = new Cells(event);
      else if (event.event === "cells") cells?.add(event);
    }
  if (cells === null || !cells.isWhole) throw new BrokenStreamError();
  return cells;
}
