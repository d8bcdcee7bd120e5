"""Swagger UI over the OpenAPI document, from files of our own.

FastAPI would load Swagger UI from another host and start it by an inline script; neither works offline or
under our Content-Security-Policy.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from optiscope.api.security import content_security_policy

router = APIRouter()

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Optiscope: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/vendor/swagger-ui/swagger-ui.css">
<script src="/static/vendor/swagger-ui/swagger-ui-bundle.js" defer></script>
<script src="/static/docs/initializer.js" type="module"></script>
</head>
<body><div id="swagger-ui"></div></body>
</html>
"""


POLICY = content_security_policy(without={"require-trusted-types-for", "trusted-types"})
"""Swagger UI sets the HTML of what it rendered of Markdown, as text."""


@router.get("/docs", include_in_schema=False)
async def documentation() -> HTMLResponse:
    """Swagger UI over this server's own OpenAPI document."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})
