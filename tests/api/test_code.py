"""The script of a run over HTTP is the one that the engine writes."""

from optiscope.engine.advice.codegen import script
from optiscope.engine.core.config import RunConfig

RUN = {"problem": {"name": "moons"}, "optimizer": {"name": "Muon", "rest": {"name": "AdamW"}}, "steps": 9}


async def test_a_run_becomes_a_script(client):
    """The answer holds the text to be copied."""
    answer = (await client.post("/api/code", json=RUN)).json()
    assert answer == {"code": script(RunConfig.model_validate(RUN))}


async def test_what_cannot_run_is_refused(client):
    """No script of a run that cannot be started."""
    response = await client.post("/api/code", json=RUN | {"optimizer": {"name": "Muon"}})
    assert response.status_code == 422
    assert "Muon only supports 2D" in response.json()["detail"]
