/**
 * The calls of the server by the names that the OpenAPI document has for them, so that what they answer has its type.
 */

import { readJsonLines } from "../jsonl.js";
import { BrokenStreamError, OfflineError, request } from "./request.js";

/**
 * @typedef {import("../wire.d.ts").Calls} Calls
 *
 * @typedef {object} Given
 * @property {import("./request.js").Fetch} fetch
 * @property {Record<string, string | number>} [at]  the values of the names in the path
 * @property {Record<string, string>} [query]
 * @property {unknown} [body]  JSON, or a file
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 */

/**
 * @param {string} path  as "/api/runs/{id}"
 * @param {Record<string, string | number>} at
 */
export function addressOf(path, at) {
  return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(at[name]));
}

/**
 * @param {keyof Calls} name
 * @param {Given} given
 * @returns {Promise<Response>}
 */
export function send(name, { at = {}, query, ...message }) {
  const [method, path] = name.split(" ");
  const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
  return request(addressOf(path, at) + search, { ...message, method });
}

/**
 * @template {keyof Calls} C
 * @param {C} name
 * @param {Given} given
 * @returns {Promise<Calls[C]["answer"]>}
 */
export async function call(name, given) {
  const response = await send(name, given);
  return response.json().catch((cause) => {
    given.signal?.throwIfAborted();
    throw isCut(cause) ? new OfflineError(cause) : cause;
  });
}

/**
 * What a stream says, as many lines at a time as have arrived.
 *
 * @template {keyof Calls} C
 * @param {C} name
 * @param {Given} given
 */
export async function* stream(name, given) {
  yield* linesOf(name, (await send(name, given)).body);
}

/**
 * @template {keyof Calls} C
 * @param {C} _  of which call they are
 * @param {ReadableStream<Uint8Array> | null} body
 * @returns {AsyncGenerator<Calls[C]["answer"][], void, void>}
 */
export async function* linesOf(_, body) {
  if (body === null) return;
  try {
    yield* /** @type {AsyncGenerator<Calls[C]["answer"][], void, void>} */ (readJsonLines(body));
  } catch (error) {
    throw isCut(error) ? new BrokenStreamError(error) : error;
  }
}

/**
 * Whether a connection was cut in the middle of a body, as it is when a server dies: browsers say that as a TypeError.
 *
 * @param {unknown} error
 */
function isCut(error) {
  return error instanceof TypeError;
}
