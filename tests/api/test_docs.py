"""The documentation page works offline."""


async def test_the_documentation_page_loads_nothing_from_elsewhere(client):
    """Swagger UI and its start come from this server, and are there."""
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for address in (
        "/static/vendor/swagger-ui/swagger-ui.css",
        "/static/vendor/swagger-ui/swagger-ui-bundle.js",
        "/static/docs/initializer.js",
        "/openapi.json",
    ):
        assert address == "/openapi.json" or address in page.text
        assert (await client.get(address)).status_code == 200
