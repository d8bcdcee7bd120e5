/**
 * Sweeps as the page asks for them.
 */

import { stream } from "./call.js";
import { BrokenStreamError, StoppedSweepError } from "./request.js";

/** @param {import("./request.js").Fetch} fetch */
export function createSweepApi(fetch) {
  return {
    /**
     * What comes of a sweep, until all of it is there.
     *
     * @param {import("../state/sweep/request.js").Body} body
     * @param {AbortSignal} signal
     * @throws {StoppedSweepError} if the server gives it up
     * @throws {BrokenStreamError} if no end of it is told
     */
    async *sweep(body, signal) {
      let isEnded = false;
      for await (const events of stream("POST /api/sweeps", { fetch, signal, body })) {
        yield events;
        for (const event of events) {
          if (event.event !== "sweep_ended") continue;
          if (event.reason !== "completed") throw new StoppedSweepError(event);
          isEnded = true;
        }
      }
      if (!isEnded) throw new BrokenStreamError();
    },
  };
}

/** @typedef {ReturnType<typeof createSweepApi>} SweepApi */
