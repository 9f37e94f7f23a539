"""Where a setting comes from, and what is said about one that cannot be."""

from pathlib import Path
from typing import Any

import pytest

from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError
from aksara_agent.settings import load_context

SETTINGS_PY = 'AKSARA = {{"AI_AGENT_RUNTIME": {}}}\n'
PYPROJECT = "[tool.aksara-agent]\n{}\n"


def write(root: Path, *, settings: str | None = None, pyproject: str | None = None) -> Path:
    if settings is not None:
        (root / "settings.py").write_text(SETTINGS_PY.format(settings))
    if pyproject is not None:
        (root / "pyproject.toml").write_text(PYPROJECT.format(pyproject))
    return root


def test_an_empty_folder_has_the_defaults_of_the_spec(tmp_path: Path) -> None:
    context = load_context(tmp_path, {})
    assert (context.max_iterations, context.max_tool_calls, context.timeout_seconds) == (20, 50, 300)
    assert (context.allow_writes, context.allow_system_tools) == (True, False)
    assert context.require_approval_for == ("delete_record", "run_command")
    assert context.project == str(tmp_path)


def test_argument_beats_environment_beats_settings_py_beats_pyproject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, pyproject="max-iterations = 1")
    assert load_context(tmp_path, {}).max_iterations == 1
    write(tmp_path, settings='{"max_iterations": 2}')
    assert load_context(tmp_path, {}).max_iterations == 2
    monkeypatch.setenv("AKSARA_AGENT_MAX_ITERATIONS", "3")
    assert load_context(tmp_path, {}).max_iterations == 3
    assert load_context(tmp_path, {"max_iterations": 4}).max_iterations == 4


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


def test_the_settings_of_the_example_blog_are_read_without_running_them(blog: Path) -> None:
    context = load_context(blog, {})
    assert (context.temperature, context.max_total_tokens, context.model) == (0.1, 100_000, None)


def test_the_spec_names_of_settings_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, settings='{"default_tools": ["query_records", "list_models"], "allow_write_tools": False}')
    context = load_context(tmp_path, {})
    assert (context.tools, context.allow_writes) == (("query_records", "list_models"), False)
    monkeypatch.setenv("AKSARA_AGENT_ALLOW_WRITE_TOOLS", "true")
    assert load_context(tmp_path, {}).allow_writes


def test_lists_in_the_environment_are_separated_by_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKSARA_AGENT_TOOLS", "list_models, read_file,")
    assert load_context(tmp_path, {}).tools == ("list_models", "read_file")


def test_none_for_a_limit_means_no_limit_and_wins_like_any_value(tmp_path: Path) -> None:
    write(tmp_path, settings='{"max_iterations": None, "max_total_tokens": 1000}')
    assert load_context(tmp_path, {}).max_iterations is None
    context = load_context(tmp_path, {"timeout_seconds": None, "max_total_tokens": None})
    assert (context.timeout_seconds, context.max_total_tokens) == (None, None)


def test_none_for_another_setting_means_that_it_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKSARA_AGENT_MODEL", "openai:some-model")
    assert load_context(tmp_path, {"model": None, "max_retries": None}).model == "openai:some-model"


def test_an_unknown_key_in_a_file_warns_with_the_nearest_name_and_the_place(tmp_path: Path) -> None:
    write(tmp_path, settings='{"max_iteration": 5}')
    with pytest.warns(UserWarning, match=r"'max_iteration' in settings\.py .*Did you mean 'max_iterations'"):
        context = load_context(tmp_path, {})
    assert context.max_iterations == 20


def test_an_unknown_variable_in_the_environment_warns_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKSARA_AGENT_MODLE", "openai:some-model")
    with pytest.warns(UserWarning, match="'modle' in the environment. Did you mean 'model'"):
        load_context(tmp_path, {})


def test_an_unknown_argument_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"'max_iteration' in the arguments\. Did you mean 'max_iterations'"):
        load_context(tmp_path, {"max_iteration": 5})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_iterations": "many"}, "max_iterations='many' from the arguments"),
        ({"max_iterations": 0}, "max_iterations=0 from the arguments: Input should be greater than 0"),
        ({"timeout_seconds": -1}, "timeout_seconds=-1 from the arguments"),
        ({"temperature": 3}, "temperature=3 from the arguments: Input should be less than or equal to 2"),
        ({"require_approval_for": 5}, "require_approval_for=5 from the arguments"),
    ],
)
def test_a_wrong_argument_is_named_with_its_value(tmp_path: Path, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_context(tmp_path, arguments)
    assert message in str(caught.value)


def test_a_wrong_value_is_named_with_the_place_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, pyproject='temperature = "hot"', settings='{"max_tool_calls": []}')
    monkeypatch.setenv("AKSARA_AGENT_ALLOW_WRITES", "perhaps")
    with pytest.raises(ConfigurationError) as caught:
        load_context(tmp_path, {})
    message = str(caught.value)
    assert "temperature='hot' from pyproject.toml [tool.aksara-agent]" in message
    assert "max_tool_calls=[] from settings.py AKSARA['AI_AGENT_RUNTIME']" in message
    assert "allow_writes='perhaps' from the environment" in message


def test_a_wrong_value_that_a_better_place_replaces_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path, settings='{"max_iterations": "many"}')
    assert load_context(tmp_path, {"max_iterations": 5}).max_iterations == 5


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"settings": '["max_iterations"]'}, r"settings\.py AKSARA\['AI_AGENT_RUNTIME'\] is \['max_iterations'\]"),
        ({"settings": "{1: 2}"}, "must hold settings by name"),
        ({"pyproject": "= 5"}, "pyproject.toml cannot be read"),
    ],
)
def test_a_section_that_holds_no_settings_is_an_error_that_names_it(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load_context(write(tmp_path, **files), {})


def test_a_pyproject_section_must_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\naksara-agent = 5\n")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml \[tool\.aksara-agent\] is 5"):
        load_context(tmp_path, {})


def test_settings_py_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w')\n" + SETTINGS_PY.format('{"max_iterations": 7}')
    )
    assert load_context(tmp_path, {}).max_iterations == 7
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("value", ['{"max_iterations": int("7")}', "{**BASE}", "build()", "{[]: 1}"])
def test_computed_settings_are_not_guessed_but_ignored_with_a_warning(tmp_path: Path, value: str) -> None:
    with pytest.warns(UserWarning, match="AI_AGENT_RUNTIME is not a literal and is ignored"):
        context = load_context(write(tmp_path, settings=value), {})
    assert context.max_iterations == 20


@pytest.mark.parametrize("source", [b"AKSARA = {", b"x = 1\0", b"\xff\xfe", b"", b"AKSARA = 5", b"AKSARA: dict"])
def test_a_settings_file_that_says_nothing_to_us_is_passed_over(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "settings.py").write_bytes(source)
    assert load_context(tmp_path, {}).max_iterations == 20


def test_annotated_settings_are_read_too(tmp_path: Path) -> None:
    annotated = SETTINGS_PY.replace("AKSARA =", "AKSARA: dict[str, object] =")
    (tmp_path / "settings.py").write_text(annotated.format('{"max_iterations": 7}'))
    assert load_context(tmp_path, {}).max_iterations == 7


def test_a_context_cannot_be_changed_after_it_was_checked(tmp_path: Path) -> None:
    context = load_context(tmp_path, {})
    with pytest.raises(ValueError, match="frozen"):
        context.allow_writes = False  # type: ignore[misc]


def test_the_store_s_url_with_its_password_is_not_in_a_context_s_text() -> None:
    assert "hunter2" not in repr(Context(checkpoints="postgresql://me:hunter2@db/sessions"))
