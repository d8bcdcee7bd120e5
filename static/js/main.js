/**
 * The page begins here: it asks for the catalog, and all the rest follows from that and the address.
 */

import { createKeptApi } from "./api/kept-runs.js";
import { createApi } from "./api/resources.js";
import { describeTrouble } from "./api/trouble.js";
import { Board } from "./main/board.js";
import { find, whenLoaded } from "./main/dom.js";
import { Words } from "./languages/words.js";
import { Workbench } from "./main/workbench.js";

const plotlyLoaded = whenLoaded(find("plotly"));
/** @type {typeof fetch} */
const ask = (...request) => fetch(...request);
const api = createApi(ask);
const keptApi = createKeptApi(ask);
const words = new Words(api.language);
const board = new Board(find("notices"), words);

async function begin() {
  try {
    const catalog = await api.catalog();
    board.dismiss("trouble");
    new Workbench({ catalog, api, keptApi, words, board, plotlyLoaded });
  } catch (error) {
    const { retryAfter: _, ...trouble } = describeTrouble(error);
    board.say({ ...trouble, action: { key: "shell.notice.retry", run: begin } });
  }
}

await words.begin();
void begin();
