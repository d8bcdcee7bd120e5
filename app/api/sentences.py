"""How anything that is said to a person stands on the wire: in English, and as data for other languages."""

from typing import Any

from pydantic import BaseModel, Field

from optiscope.engine.core.words import Said

Params = dict[str, Any]


class Sentence(BaseModel):
    """Something said to a person."""

    detail: str = Field(
        description="One plain sentence in English.", examples=["lr must be at least 0, got -1"]
    )
    code: str = Field(description="What kind of thing is said: stable, for programs.", examples=["at_least"])
    params: Params = Field(
        description="What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code, "
        "params}` of a part that is said for itself.",
        examples=[{"field": "lr", "bound": 0, "value": -1}],
    )


def sentence_fields(name: str, said: Said | None, otherwise: str | None = None) -> dict[str, Any]:
    """A field whose text is a sentence, or ``otherwise``, with its ``…_code`` and ``…_params``."""
    document: dict[str, Any] = said.document() if said else {"detail": otherwise, "code": None, "params": {}}
    return {name: document["detail"], f"{name}_code": document["code"], f"{name}_params": document["params"]}
