"""A setting that cannot be is refused with its name, its value, its place and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from settings_files import write

from aksara_agent import AgentRuntime
from aksara_agent.errors import ConfigurationError
from aksara_agent.settings import load_context, load_settings


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_iterations": "many"}, "max_iterations='many' from the arguments: Input should be a valid integer"),
        ({"max_iterations": 0}, "max_iterations=0 from the arguments: Input should be greater than 0"),
        ({"max_iterations": 2.5}, "max_iterations=2.5 from the arguments: Input should be a valid integer"),
        ({"max_iterations": True}, "max_iterations=True from the arguments: Input should be a number"),
        ({"max_retries": -1}, "max_retries=-1 from the arguments: Input should be greater than or equal to 0"),
        ({"timeout_seconds": -1}, "timeout_seconds=-1 from the arguments: Input should be greater than 0"),
        ({"timeout_seconds": float("inf")}, "timeout_seconds=inf from the arguments: Input should be a finite number"),
        ({"temperature": 3}, "temperature=3 from the arguments: Input should be less than or equal to 2"),
        ({"require_approval_for": 5}, "require_approval_for=5 from the arguments: Input should be a list of names"),
        ({"default_tools": "a"}, "tools='a' from the arguments: Input should be a list of names"),
        ({"allow_writes": "perhaps"}, "allow_writes='perhaps' from the arguments: Input should be true or false"),
        ({"error_strategy": "panic"}, "Input should be 'retry', 'skip', 'abort' or 'ask'"),
        ({"prices": {"m": {"input": -1, "output": 1}}}, "prices.m.input=-1 from the arguments: Input should be great"),
    ],
)
def test_a_wrong_argument_is_named_with_its_value(tmp_path: Path, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AgentRuntime(tmp_path, **arguments)
    assert message in str(caught.value)


def test_each_wrong_value_is_named_with_the_place_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, pyproject='temperature = "hot"', settings='{"max_tool_calls": []}')
    monkeypatch.setenv("AKSARA_AGENT_ALLOW_WRITES", "perhaps")
    with pytest.raises(ConfigurationError) as caught:
        AgentRuntime(tmp_path)
    message = str(caught.value)
    assert "temperature='hot' from pyproject.toml [tool.aksara-agent]: Input should be a valid number" in message
    assert "max_tool_calls=[] from settings.py AKSARA['AI_AGENT_RUNTIME']: Input should be a valid integer" in message
    assert "allow_writes='perhaps' from environment variable AKSARA_AGENT_ALLOW_WRITES: Input should be" in message


def test_a_wrong_value_that_a_better_place_replaces_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, settings='{"max_iterations": "many", "prices": 5}')
    monkeypatch.setenv("AKSARA_AGENT_PRICES", "{")
    assert load_context(tmp_path, {"max_iterations": 5, "prices": {}}).max_iterations == 5


def test_settings_that_contradict_each_other_are_named_with_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, settings='{"error_strategy": "retry"}')
    monkeypatch.setenv("AKSARA_AGENT_MAX_RETRIES", "0")
    with pytest.raises(ConfigurationError) as caught:
        AgentRuntime(tmp_path)
    message = str(caught.value)
    assert message.startswith("error_strategy='retry' contradicts max_retries=0")
    assert "error_strategy from settings.py AKSARA['AI_AGENT_RUNTIME']" in message
    assert "max_retries from environment variable AKSARA_AGENT_MAX_RETRIES" in message


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"settings": '{"max_iteration": 5}'}, r"settings\.py AKSARA\['AI_AGENT_RUNTIME'\]"),
        ({"pyproject": "max_iteration = 5"}, r"pyproject\.toml \[tool\.aksara-agent\]"),
    ],
)
def test_an_unknown_key_in_a_file_warns_with_the_nearest_name_and_the_place(
    tmp_path: Path, files: dict[str, str], place: str
) -> None:
    write(tmp_path, **files)
    with pytest.warns(UserWarning, match=rf"'max_iteration' in {place}\. Did you mean 'max_iterations'"):
        assert AgentRuntime(tmp_path).resources.context.max_iterations == 20


def test_an_unknown_argument_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"'max_iteration' in the arguments\. Did you mean 'max_iterations'"):
        AgentRuntime(tmp_path, max_iteration=5)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"settings": '["max_iterations"]'}, r"settings\.py AKSARA\['AI_AGENT_RUNTIME'\] is \['max_iterations'\]"),
        ({"settings": "None"}, r"settings\.py AKSARA\['AI_AGENT_RUNTIME'\] is None; it must hold settings by name"),
        ({"settings": "{1: 2}"}, "has the key 1; it must hold settings by name"),
        ({"settings": '{"tools": {"a"}}'}, r"AKSARA\['AI_AGENT_RUNTIME'\]\['tools'\] is of type set; write it as"),
        ({"settings": '{"tools": ["a", b"b"]}'}, r"\['tools'\]\[1\] is of type bytes"),
        ({"settings": f'{{"max_iterations": {1 << 80}}}'}, r"\['max_iterations'\] is a whole number beyond 64 bits"),
        ({"pyproject": "= 5"}, "pyproject.toml cannot be read"),
    ],
)
def test_a_section_that_holds_no_settings_is_an_error_that_names_it(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load_context(write(tmp_path, **files))


def test_a_pyproject_section_must_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\naksara-agent = 5\n")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml \[tool\.aksara-agent\] is 5"):
        load_context(tmp_path)
    (tmp_path / "pyproject.toml").write_text("tool = 5\n")
    assert load_context(tmp_path).max_iterations == 20


def test_two_names_of_one_setting_in_one_place_must_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"allow_writes=True .* and allow_write_tools=False .* keep one of"):
        load_context(tmp_path, {"allow_writes": True, "allow_write_tools": False})
    write(tmp_path, settings='{"tools": ["a"], "default_tools": ["b"]}')
    with pytest.raises(ConfigurationError, match=r"tools=\['a'\] in settings\.py .* and default_tools=\['b'\]"):
        load_context(tmp_path)
    write(tmp_path, settings='{"tools": ["a"], "default_tools": ("a",)}', pyproject="max-retries = 1\nmax_retries = 2")
    with pytest.raises(ConfigurationError, match=r"max-retries=1 in pyproject\.toml .* and max_retries=2"):
        load_context(tmp_path)
    write(tmp_path, pyproject="max-retries = 1\nmax_retries = 1")
    assert load_context(tmp_path).tools == ("a",)
    monkeypatch.setenv("AKSARA_AGENT_TOOLS", "a")
    monkeypatch.setenv("AKSARA_AGENT_DEFAULT_TOOLS", "b")
    with pytest.raises(ConfigurationError, match=r"variable AKSARA_AGENT_\w+ and \w+=\('\w',\) in environment"):
        load_context(tmp_path)


def test_two_names_in_two_places_are_one_setting_of_which_the_stronger_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, settings='{"allow_write_tools": False}')
    monkeypatch.setenv("AKSARA_AGENT_ALLOW_WRITES", "yes")
    loaded = load_settings(tmp_path)
    assert loaded.context.allow_writes
    assert loaded.places["allow_writes"] == "environment variable AKSARA_AGENT_ALLOW_WRITES"


def test_a_message_shows_no_password_and_no_more_than_the_start_of_a_long_value(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_context(tmp_path, {"tools": "postgresql://me:hunter2@db/x", "fallback_models": "x" * 10_000})
    message = str(caught.value)
    assert "hunter2" not in message and "me:***@db" in message
    assert len(message) < 1000
