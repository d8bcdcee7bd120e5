/**
 * Requests to the server, and what it answers when it refuses one.
 */

/**
 * @typedef {{pointer: string, detail: string}} FieldProblem  pointer: a JSON pointer into the body that was sent
 * @typedef {typeof globalThis.fetch} Fetch
 */

/** The server answered, but not with what was asked for (`application/problem+json`, RFC 9457). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{title?: string, detail?: string, errors?: FieldProblem[]}} problem
   * @param {number | null} [retryAfter]  seconds after which the server would like to be asked again
   */
  constructor(status, problem, retryAfter = null) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.errors = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** No answer came at all. */
export class OfflineError extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("the server does not answer", { cause });
    this.name = "OfflineError";
  }
}

/**
 * @param {string} path
 * @param {{fetch: Fetch, signal?: AbortSignal, body?: unknown}} options  a request with a body is a POST
 * @returns {Promise<Response>}  one with a good status
 * @throws {ApiError | OfflineError}  or the signal's reason, if it was aborted
 */
export async function request(path, { fetch, signal, body }) {
  const post = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { signal, ...(body === undefined ? {} : post) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new OfflineError(cause);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** @param {Response} response */
async function refusal(response) {
  const after = Number(response.headers.get("retry-after") ?? NaN);
  return new ApiError(response.status, await readProblem(response), Number.isFinite(after) ? after : null);
}

/** @param {Response} response */
async function readProblem(response) {
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  if (!isJson) return { title: `${response.status} ${response.statusText}`.trim() };
  return response.json().catch(() => ({}));
}
