"""Which chat model a name stands for."""

from __future__ import annotations

import pytest
from langchain_openai import ChatOpenAI

from aksara_agent.context import Context
from aksara_agent.models.offline import OfflineModel
from aksara_agent.models.resolve import resolve_model


def test_nothing_configured_is_the_offline_model() -> None:
    assert isinstance(resolve_model(Context()), OfflineModel)
    assert isinstance(resolve_model(Context(model="offline")), OfflineModel)


@pytest.mark.parametrize("name", ["openai:llama3", "llama3"])
def test_a_base_url_makes_any_name_an_openai_compatible_model(name: str) -> None:
    model = resolve_model(Context(model=name, base_url="http://127.0.0.1:1/v1", temperature=0.1))
    assert isinstance(model, ChatOpenAI)
    assert (model.model_name, model.temperature) == ("llama3", 0.1)


def test_a_name_with_colons_is_kept_whole() -> None:
    model = resolve_model(Context(model="openai:qwen:7b", base_url="http://127.0.0.1:1/v1"))
    assert isinstance(model, ChatOpenAI)
    assert model.model_name == "qwen:7b"


def test_the_key_comes_from_the_argument_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "from-environment")
    model = resolve_model(Context(model="openai:x"))
    assert isinstance(model, ChatOpenAI)
    assert model.openai_api_key is not None
    assert "from-environment" not in repr(model)


def test_the_client_does_not_retry_behind_the_router() -> None:
    model = resolve_model(Context(model="openai:x"), api_key="k")
    assert isinstance(model, ChatOpenAI)
    assert model.max_retries == 0
