/**
 * What a schedule would do, asked of the server whenever it is edited.
 */

import { useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { localised } from "../../languages/translator.js";
import { usePage } from "./page.js";

/**
 * @typedef {import("../../api/request.js").FieldProblem} FieldProblem
 * @typedef {import("../../api/resources.js").SchedulePreview} SchedulePreview
 * @typedef {import("../../api/resources.js").LintWarning} LintWarning
 * @typedef {import("../../state/types.js").RunConfig} RunConfig
 *
 * @typedef {object} Preview
 * @property {SchedulePreview | null} answer  the last that came, also while a newer one is on its way
 * @property {FieldProblem[]} errors  why the server refuses the schedule; pointers into the configuration
 * @property {LintWarning[]} warnings  what is questionable about it
 * @property {boolean} pending
 */

/** Edits that follow each other faster than this are asked about once. */
const PAUSE_MS = 60;

/**
 * @param {RunConfig} config
 * @returns {Preview}
 */
export function useSchedulePreview(config) {
  const { t, say, api } = usePage();
  const [preview, setPreview] = useState(
    /** @type {Preview} */ ({ answer: null, errors: [], warnings: [], pending: true }),
  );
  useEffect(() => {
    const abort = new AbortController();
    setPreview((old) => ({ ...old, pending: true }));
    const timer = setTimeout(() => {
      Promise.all([api.lrSchedule(config, abort.signal), api.lint(config, abort.signal)]).then(
        ([answer, warnings]) => setPreview({ answer, errors: [], warnings, pending: false }),
        (error) => {
          if (abort.signal.aborted) return;
          const errors =
            error.errors?.length > 0
              ? localised(/** @type {FieldProblem[]} */ (error.errors), say)
              : [{ pointer: "", detail: tellTrouble(error, { t, say }) }];
          setPreview(({ answer }) => ({ answer, errors, warnings: [], pending: false }));
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [JSON.stringify(config)]);
  return preview;
}
