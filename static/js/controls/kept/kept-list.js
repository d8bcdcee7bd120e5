/**
 * The list of the runs that the server keeps.
 */

import { useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { troubleOf } from "./kept-words.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../api/kept-runs.js").KeptPage} KeptPage
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 */

/** How soon the list is asked for again: while something is trained, and otherwise. */
const BUSY_PAUSE_MS = 1000;
const PAUSE_MS = 4000;
/** A person who types has not finished before this. */
const TYPING_MS = 150;

/**
 * The list as it is now: its first page is asked for again and again, further pages when a person wants them.
 *
 * @param {string} search
 * @param {boolean} [watched]  whether only runs of loops that are not ours are wanted
 * @param {unknown} [cause]  where it is another, the list is asked for anew
 */
export function useKeptRuns(search, watched = false, cause = null) {
  const page = usePage();
  const { kept } = page;
  const [first, setFirst] = useState(/** @type {KeptPage | null} */ (null));
  const [older, setOlder] = useState(/** @type {Pick<KeptPage, "runs" | "next"> | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {string | null} */ (null));
  const edits = useRef(0);
  const wanted = useRef(search);
  wanted.current = search;
  useEffect(() => {
    const abort = new AbortController();
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const look = async () => {
      let pause = PAUSE_MS;
      const asked = edits.current;
      try {
        const found = await kept.api.list({ search, watched }, abort.signal);
        if (edits.current === asked) setFirst(found); // else it does not know of what was changed meanwhile
        setTrouble(null);
        if (found.runs.some(({ state }) => state === "running")) pause = BUSY_PAUSE_MS;
      } catch (error) {
        if (abort.signal.aborted) return;
        setTrouble(troubleOf(error, page));
      }
      timer = setTimeout(look, pause);
    };
    timer = setTimeout(look, first === null ? 0 : TYPING_MS);
    setOlder(null);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [search, cause]);

  const ids = new Set(first?.runs.map(({ id }) => id));
  const runs = [...(first?.runs ?? []), ...(older?.runs.filter(({ id }) => !ids.has(id)) ?? [])];
  const next = older === null ? (first?.next ?? null) : older.next;
  /** @param {(runs: KeptRun[]) => KeptRun[]} change */
  const edit = (change) => {
    edits.current += 1;
    setFirst((page) => page && { ...page, runs: change(page.runs) });
    setOlder((page) => page && { ...page, runs: change(page.runs) });
  };
  return {
    page: first === null ? null : { ...first, runs, next },
    trouble,
    async more() {
      try {
        const found = await kept.api.list({ search, watched, before: next });
        if (wanted.current !== search) return; // another list is shown by now
        setOlder({ runs: [...(older?.runs ?? []), ...found.runs], next: found.next });
      } catch (error) {
        setTrouble(troubleOf(error, page));
      }
    },
    replace: (/** @type {KeptRun} */ run) =>
      edit((runs) => runs.map((other) => (other.id === run.id ? run : other))),
    drop: (/** @type {string} */ id) => edit((runs) => runs.filter((run) => run.id !== id)),
  };
}
