/** Why nothing is computed of a run that was not trained here, known before the server is asked. */

import { NO_CONFIG } from "../state/watched.js";
import { ApiError } from "./request.js";

/** What the server would answer. */
const REFUSED = new ApiError(409, NO_CONFIG);

/**
 * @param {{watched?: boolean}} run
 * @returns {unknown}  null where something can be computed of it
 */
export function refusalOf({ watched }) {
  return watched ? REFUSED : null;
}
