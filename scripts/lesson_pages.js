// What the page shows at addresses of lessons, by its own code.
//
//     node lesson_pages.js < {"catalog", "addresses": [query]}     → {query: {"runs": [config], "plane"}}

import { readFileSync } from "node:fs";

import { viewOf } from "../static/js/session/shown.js";
import { decodeState } from "../static/js/state/address/address.js";
import { problemIn } from "../static/js/state/points/problem.js";
import { configsOf } from "../static/js/state/configs.js";
import { VIEW_KEYS } from "../static/js/views/registry.js";

const { catalog, addresses } = JSON.parse(readFileSync(0, "utf8"));

/** @param {string} address */
function shownAt(address) {
  const { state } = decodeState(address, catalog, VIEW_KEYS);
  const runs = configsOf(state, problemIn(catalog, state));
  return { runs, plane: viewOf(state, catalog, state.step ?? 0).plane };
}

const shown = Object.fromEntries(addresses.map((address) => [address, shownAt(address)]));
process.stdout.write(JSON.stringify(shown));
