/** The script that trains a run, as the server writes it. */

import { useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { usePage } from "./page.js";

/**
 * The script of a run, once the server has written it.
 *
 * @param {import("../../state/types.js").RunConfig | null} config  null: none is wanted
 * @returns {{code: string | null, problem: string | null}}
 */
export function useScript(config) {
  const { t, say, api } = usePage();
  const wanted = JSON.stringify(config);
  const [found, setFound] = useState({ of: "", code: /** @type {string | null} */ (null), problem: /** @type {string | null} */ (null) }); // prettier-ignore
  useEffect(() => {
    if (config === null) return undefined;
    const abort = new AbortController();
    api.code(config, abort.signal).then(
      (code) => setFound({ of: wanted, code, problem: null }),
      (error) => {
        if (!abort.signal.aborted)
          setFound({ of: wanted, code: null, problem: tellTrouble(error, { t, say }) });
      },
    );
    return () => abort.abort();
  }, [wanted]);
  return found.of === wanted ? found : { code: null, problem: null };
}
