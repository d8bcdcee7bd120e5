/**
 * Controls whose modules are loaded when somebody opens them.
 */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "./page.js";

/**
 * @template P
 * @param {() => Promise<(props: P) => any>} load
 * @returns {(props: P) => any}
 */
export function later(load) {
  /** @type {((props: P) => any) | null} */
  let control = null;
  return function Later(props) {
    const { kept } = usePage();
    const [, setIsHere] = useState(control !== null);
    const bring = async () => {
      try {
        control = await load();
        setIsHere(true);
      } catch {
        const action = { key: "shell.notice.retry", run: () => void bring() };
        kept.say({ id: "view", kind: "trouble", key: "shell.notice.noView", action });
      }
    };
    useEffect(() => {
      if (control === null) void bring();
    }, []);
    return control === null ? null : html`<${control} ...${props} />`;
  };
}
