// Starts Swagger UI over this server's own document. A file, because the page allows no inline script.

import { readable } from "./readable.js";

const LINES = /^application\/jsonl\b/;

/** Swagger UI takes what it does not know for a file. */
async function asText(response) {
  if (LINES.test(response.headers["content-type"]) && response.data instanceof Blob)
    response.text = response.data = await response.data.text();
  return response;
}

/** Swagger UI takes all that has "json" in its name for one value, and fails on JSON Lines. */
const JsonLines = () => ({
  wrapComponents: {
    responseBody: (Original, { React: { createElement } }) =>
      function ResponseBody(props) {
        if (!LINES.test(props.contentType)) return createElement(Original, props);
        const { head, body } = readable(props.content);
        return createElement(
          "div",
          { className: "highlight-code" },
          createElement("h5", null, "Response body"),
          createElement("p", null, head),
          createElement("pre", { className: "microlight" }, body),
        );
      },
  },
});

window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  responseInterceptor: asText,
  plugins: [JsonLines],
});
