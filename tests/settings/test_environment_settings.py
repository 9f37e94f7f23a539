"""Settings in environment variables: text that becomes what the setting is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aksara_agent.context import Context, Price
from aksara_agent.errors import ConfigurationError
from aksara_agent.settings import load_context, load_settings


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("allow_writes", "false", False),
        ("allow_writes", "0", False),
        ("allow_writes", "no", False),
        ("allow_writes", "Off", False),
        ("interactive", "TRUE", True),
        ("interactive", "1", True),
        ("interactive", "yes", True),
        ("max_iterations", "7", 7),
        ("max_iterations", "none", None),
        ("timeout_seconds", "0.5", 0.5),
        ("timeout_seconds", "None", None),
        ("tools", "list_models, read_file,", ("list_models", "read_file")),
        ("require_approval_for", ",", ()),
        ("fallback_models", "openai:a,openai:b", ("openai:a", "openai:b")),
        ("prices", '{"m": {"input": 1, "output": 2}}', {"m": Price(input=1, output=2)}),
        ("error_strategy", "abort", "abort"),
        ("model", "none", "none"),
    ],
)
def test_text_is_read_as_the_setting_s_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: Any
) -> None:
    monkeypatch.setenv(f"AKSARA_AGENT_{name.upper()}", text)
    assert getattr(load_context(tmp_path), name) == value


@pytest.mark.parametrize("name", sorted(set(Context.model_fields) - {"project"}))
@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_variable_counts_as_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(f"AKSARA_AGENT_{name.upper()}", text)
    loaded = load_settings(tmp_path)
    assert loaded.places[name] == "default"
    assert getattr(loaded.context, name) == getattr(Context(), name)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("allow_writes", "perhaps", "Input should be true or false"),
        ("max_iterations", "many", "valid integer"),
        ("max_iterations", "0", "greater than 0"),
        ("timeout_seconds", "inf", "finite number"),
        ("timeout_seconds", "-1", "greater than 0"),
        ("temperature", "nan", "less than or equal to 2"),
        ("error_strategy", "panic", "'retry', 'skip', 'abort' or 'ask'"),
        ("prices", '{"m": ', r"a mapping \(JSON, in the environment\)"),
        ("prices", "[1]", "a mapping"),
    ],
)
def test_text_that_cannot_be_is_an_error_that_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, message: str
) -> None:
    variable = f"AKSARA_AGENT_{name.upper()}"
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError, match=message) as caught:
        load_context(tmp_path)
    assert str(caught.value).startswith(f"{name}=") and f"from environment variable {variable}: " in str(caught.value)


def test_an_unknown_variable_warns_with_the_nearest_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKSARA_AGENT_MODLE", "openai:some-model")
    with pytest.warns(UserWarning, match="'modle' in environment variable AKSARA_AGENT_MODLE. Did you mean 'model'"):
        assert load_context(tmp_path).model is None
