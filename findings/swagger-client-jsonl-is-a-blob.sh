#!/usr/bin/env bash
# swagger-client 3.36.0 (npm; Node.js 20): an answer of type application/jsonl has no text.
#
# Expected: JSON Lines are text, and come as text as application/json, application/x-ndjson and text/plain do.
# Instead:  the answer is a Blob: `text` holds that Blob and no string. What is text is decided by
#   /(json|xml|yaml|text)\b/: in "jsonl" no word ends after "json", in "x-ndjson" one does.
# Matters:  application/jsonl is what FastAPI gives a stream of JSON Lines. Swagger UI, which is built on this client, shows
#   a body by /json/i, which "jsonl" does match, and so says "can't parse JSON" of a stream that is in order.
# Until it is mended: await answer.data.text(), or a responseInterceptor that does so.
set -euo pipefail

command -v node >/dev/null && command -v npm >/dev/null || { echo "This needs Node.js 20 with npm." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts swagger-client@3.36.0

cat >ask.js <<'JAVASCRIPT'
import { createServer } from "node:http";
import SwaggerClient from "swagger-client";

const TYPES = ["application/json", "application/x-ndjson", "text/plain", "application/jsonl"];
// One value, which is valid as each of the four.
const server = createServer((request, response) => {
  response.setHeader("Content-Type", TYPES[Number(request.url.slice(1))]);
  response.end('{"step": 1}\n');
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const kinds = [];
for (const [index, type] of TYPES.entries()) {
  const answer = await SwaggerClient.http({ url: `http://127.0.0.1:${server.address().port}/${index}` });
  const kind = answer.text.constructor.name;
  console.log(`${type}: text is a ${kind}, obj is ${JSON.stringify(answer.obj)}, /json/i ${/json/i.test(type)}`);
  kinds.push(kind);
}
server.close();
server.closeAllConnections();
process.exitCode = kinds.join() === "String,String,String,Blob" ? 0 : 1;
JAVASCRIPT

if ! timeout 60 node ask.js; then
  echo "No longer so."
  exit 1
fi
echo "Still so: of these only application/jsonl comes as a Blob."
