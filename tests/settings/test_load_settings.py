"""Where a setting comes from: argument > environment > project settings > defaults."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from settings_files import IN_PYPROJECT, IN_SETTINGS_PY, write

from aksara_agent import AgentRuntime
from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError
from aksara_agent.settings import load_context, load_settings
from aksara_agent.testing import ScriptedModel, call, calls, says

PLACES = ("pyproject.toml", "settings.py", "environment", "argument")
# For each setting a value for each of the places, none of them the default.
VALUES: dict[str, tuple[Any, Any, Any, Any]] = {
    "max_iterations": (1, 2, 3, 4),
    "timeout_seconds": (0.5, 60, 3600.0, 7),
    "temperature": (0.1, 0.2, 0.3, 0.4),
    "model": ("openai:a", "openai:b", "openai:c", "openai:d"),
    "tools": (["a"], ["b", "c"], ["d"], []),
    "error_strategy": ("skip", "abort", "ask", "retry"),
    "prices": tuple({"m": {"input": cost, "output": 2.0}} for cost in (1.0, 2.0, 3.0, 4.0)),
}


def say(root: Path, patch: pytest.MonkeyPatch, place: str, name: str, value: Any) -> tuple[dict[str, Any], str]:
    """Set the setting in a place; the arguments to load with, and what the place is called."""
    variable = f"AKSARA_AGENT_{name.upper()}"
    if place == "argument":
        return {name: value}, place
    if place == "environment":
        text = ",".join(value) if isinstance(value, list) else json.dumps(value) if name == "prices" else str(value)
        patch.setenv(variable, text)
        return {}, f"environment variable {variable}"
    if place == "settings.py":
        write(root, settings=repr({name: value}))
        return {}, IN_SETTINGS_PY
    inline = f"{{m = {{input = {value['m']['input']}, output = 2}}}}" if name == "prices" else json.dumps(value)
    write(root, pyproject=f"{name} = {inline}")
    return {}, IN_PYPROJECT


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize(("weak", "strong"), list(itertools.combinations(PLACES, 2)))
def test_the_stronger_of_any_two_places_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, weak: str, strong: str
) -> None:
    say(tmp_path, monkeypatch, weak, name, VALUES[name][PLACES.index(weak)])
    value = VALUES[name][PLACES.index(strong)]
    arguments, called = say(tmp_path, monkeypatch, strong, name, value)
    loaded = load_settings(tmp_path, arguments)
    assert loaded.context.model_dump(mode="json", exclude_none=True)[name] == value
    assert loaded.places[name] == called


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("place", PLACES)
def test_any_place_alone_beats_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    assert load_settings(tmp_path).places[name] == "default"
    arguments, called = say(tmp_path, monkeypatch, place, name, VALUES[name][0])
    loaded = load_settings(tmp_path, arguments)
    assert loaded.context.model_dump(mode="json", exclude_none=True)[name] == VALUES[name][0]
    assert loaded.places[name] == called


def test_a_runtime_has_the_settings_of_its_project_and_a_run_those_given_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, settings='{"max_iterations": 7, "max_tool_calls": 8}')
    monkeypatch.setenv("AKSARA_AGENT_MAX_TOOL_CALLS", "9")
    with AgentRuntime(tmp_path, temperature=0.5) as runtime:
        context = runtime.resources.context
    assert (context.max_iterations, context.max_tool_calls, context.temperature) == (7, 9, 0.5)


async def test_a_limit_in_settings_py_ends_a_run_until_an_argument_raises_it(tmp_path: Path) -> None:
    write(tmp_path, settings='{"max_iterations": 1}')
    model = ScriptedModel(calls(call("list_models")), calls(call("list_models")), says("Done."))
    async with AgentRuntime(tmp_path, model=model) as runtime:
        limited = await runtime.execute("List the models")
        assert (limited.stop_reason, limited.iterations) == ("max_iterations", 1)
        assert (await runtime.execute("List the models", max_iterations=5)).output == "Done."


def test_an_empty_folder_has_the_defaults_of_the_spec(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path)
    context = loaded.context
    assert (context.max_iterations, context.max_tool_calls, context.timeout_seconds) == (20, 50, 300)
    assert (context.allow_writes, context.allow_system_tools) == (True, False)
    assert context.require_approval_for == ("delete_record", "run_command")
    assert context.project == str(tmp_path)
    assert loaded.places == {**dict.fromkeys(Context.model_fields, "default"), "project": "argument"}


def test_places_complete_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, pyproject="temperature = 0.5", settings='{"max_tool_calls": 9}')
    monkeypatch.setenv("AKSARA_AGENT_MODEL", "openai:some-model")
    context = load_context(tmp_path, {"interactive": True})
    assert (context.temperature, context.max_tool_calls, context.model, context.interactive) == (
        0.5,
        9,
        "openai:some-model",
        True,
    )


def test_later_arguments_win_over_earlier_ones_also_under_the_other_name(tmp_path: Path) -> None:
    of_the_runtime = {"allow_write_tools": True, "max_iterations": 1}
    context = load_context(tmp_path, of_the_runtime, {"allow_writes": False})
    assert (context.allow_writes, context.max_iterations) == (False, 1)


def test_the_settings_of_the_example_blog_are_those_of_the_spec(blog: Path) -> None:
    context = load_context(blog)
    assert (context.temperature, context.max_total_tokens, context.model) == (0.1, 100_000, None)
    assert (context.log_actions, context.log_reasoning, context.sandbox_mode) == (True, False, False)


def test_the_spec_names_of_settings_are_understood_in_every_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, pyproject='default-tools = ["find_issues"]\nallow_write_tools = false')
    context = load_context(tmp_path)
    assert (context.tools, context.allow_writes) == (("find_issues",), False)
    write(tmp_path, settings='{"default_tools": ["query_records", "list_models"], "allow_write_tools": True}')
    context = load_context(tmp_path)
    assert (context.tools, context.allow_writes) == (("query_records", "list_models"), True)
    monkeypatch.setenv("AKSARA_AGENT_ALLOW_WRITE_TOOLS", "false")
    monkeypatch.setenv("AKSARA_AGENT_DEFAULT_TOOLS", "read_file")
    loaded = load_settings(tmp_path)
    assert (loaded.context.tools, loaded.context.allow_writes) == (("read_file",), False)
    assert loaded.places["tools"] == "environment variable AKSARA_AGENT_DEFAULT_TOOLS"
    context = load_context(tmp_path, {"default_tools": ["list_models"], "allow_write_tools": True})
    assert (context.tools, context.allow_writes) == (("list_models",), True)


def test_none_for_a_number_means_none_of_it_and_wins_like_any_value(tmp_path: Path) -> None:
    write(tmp_path, settings='{"max_iterations": None, "max_total_tokens": 1000, "temperature": 0.1}')
    loaded = load_settings(tmp_path)
    assert (loaded.context.max_iterations, loaded.places["max_iterations"]) == (None, IN_SETTINGS_PY)
    context = load_context(tmp_path, {"timeout_seconds": None, "max_total_tokens": None, "temperature": None})
    assert (context.timeout_seconds, context.max_total_tokens, context.temperature) == (None, None, None)


def test_none_for_another_setting_means_that_it_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKSARA_AGENT_MODEL", "openai:some-model")
    loaded = load_settings(tmp_path, {"model": None, "max_retries": None})
    assert loaded.context.model == "openai:some-model"
    assert loaded.places["max_retries"] == "default"


def test_pyproject_writes_no_limit_as_none_and_names_with_dashes(tmp_path: Path) -> None:
    write(tmp_path, pyproject='max-iterations = "none"\nrequire-approval-for = []')
    context = load_context(tmp_path)
    assert (context.max_iterations, context.require_approval_for) == (None, ())


def test_a_warning_points_at_the_code_that_made_the_runtime(tmp_path: Path) -> None:
    write(tmp_path, settings='{"max_iteration": 5}')
    with pytest.warns(UserWarning, match="max_iteration") as caught:
        AgentRuntime(tmp_path)
    assert caught[0].filename == __file__


def test_a_context_cannot_be_changed_after_it_was_checked(tmp_path: Path) -> None:
    context = load_context(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        context.allow_writes = False  # type: ignore[misc]


def test_the_store_s_url_with_its_password_is_not_in_a_context_s_text() -> None:
    assert "hunter2" not in repr(Context(checkpoints="postgresql://me:hunter2@db/sessions"))


def test_which_project_it_is_cannot_be_set_by_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKSARA_AGENT_PROJECT", "/elsewhere")
    with pytest.warns(UserWarning, match="'project' in environment variable AKSARA_AGENT_PROJECT"):
        assert load_context(tmp_path).project == str(tmp_path)
    monkeypatch.delenv("AKSARA_AGENT_PROJECT")
    with pytest.raises(ConfigurationError, match="'project' in the arguments"):
        load_context(tmp_path, {"project": "/elsewhere"})
