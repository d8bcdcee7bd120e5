/**
 * The calls of the server that the page makes.
 */

import { readJsonLines } from "../jsonl.js";
import { request } from "./request.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("./request.js").Fetch} Fetch
 */

/** How fine a surface is: points along each side. */
const RESOLUTION = 101;

/**
 * @param {Fetch} fetch
 */
export function createApi(fetch) {
  return {
    /** @returns {Promise<Catalog>} */
    async catalog() {
      return (await request("/api/catalog", { fetch })).json();
    },

    /**
     * Train several runs; all their events in one stream, each with the index of its run.
     *
     * @param {RunConfig[]} runs
     * @param {AbortSignal} signal
     * @returns {AsyncGenerator<any[], void, void>}  the events, as many at a time as have arrived
     */
    async *compare(runs, signal) {
      const { body } = await request("/api/compare", { fetch, signal, body: { runs } });
      if (body !== null) yield* readJsonLines(body);
    },

    /**
     * @param {RunConfig[]} runs
     * @param {string} plane  the kind of plane
     * @param {AbortSignal} signal
     * @returns {Promise<any>}
     */
    async lossSurface(runs, plane, signal) {
      const body = { runs, plane: { kind: plane }, resolution: RESOLUTION, encoding: "base64" };
      return (await request("/api/loss-surface", { fetch, signal, body })).json();
    },
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */
