/**
 * Sweeps as the page asks for them.
 */

import { stream } from "./call.js";

/** @param {import("./request.js").Fetch} fetch */
export function createSweepApi(fetch) {
  return {
    /**
     * @param {import("../state/sweep/request.js").Body} body
     * @param {AbortSignal} signal
     */
    sweep: (body, signal) => stream("POST /api/sweeps", { fetch, signal, body }),
  };
}

/** @typedef {ReturnType<typeof createSweepApi>} SweepApi */
