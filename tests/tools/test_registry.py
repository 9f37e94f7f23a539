"""The names by which tools are known, and what is said about a wrong one."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tool_use import Use

from aksara_agent.errors import ConfigurationError, UnknownTool
from aksara_agent.tools import Tool, register_tool, registry
from aksara_agent.tools.registry import BUILT_IN, CONTROL, known_tools, select

WRITING = (
    "create_record",
    "update_record",
    "delete_record",
    "export_records",
    "create_migration",
    "write_file",
    "patch_file",
)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_tool_is_there_under_its_name_with_a_description_and_an_effect(name: str) -> None:
    tool = known_tools()[name]
    assert tool.name == name
    assert tool.description
    assert tool.effect == ("external" if name == "run_command" else "write" if name in WRITING else "read")
    assert tool.parameters["type"] == "object"


def test_the_chosen_tools_come_with_those_of_the_runtime_itself() -> None:
    assert set(select(["read_file"], known_tools())) == {"read_file", *CONTROL}


def test_without_a_choice_all_known_tools_are_there() -> None:
    assert set(select(None, known_tools())) == set(known_tools())


def test_names_classes_and_functions_can_be_chosen_together() -> None:
    def ping() -> str:
        return "pong"

    class Deploy(Tool):
        name = "deploy"
        description = "Deploy"

        async def execute(self) -> None: ...

    assert set(select(["read_file", ping, Deploy], known_tools())) == {"read_file", "ping", "deploy", *CONTROL}


@pytest.mark.parametrize(
    ("wrong", "close"), [("read_fil", "'read_file'"), ("describe_models", "'describe_model'"), ("ReadFile", "")]
)
def test_an_unknown_name_is_answered_with_close_and_available_ones(wrong: str, close: str) -> None:
    with pytest.raises(UnknownTool) as caught:
        select(["list_models", wrong], known_tools())
    message = str(caught.value)
    assert f"Unknown tool {wrong!r}" in message
    assert close in message
    assert "describe_model, " in message.partition("Available: ")[2]


def test_no_tools_at_all_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"tools=\[\] leaves the agent nothing to act with.*read_file"):
        select([], known_tools())


def test_a_string_in_place_of_a_list_is_refused_with_the_list_it_should_be() -> None:
    with pytest.raises(ConfigurationError, match=r"give a list: tools=\['read_file'\]"):
        select("read_file", known_tools())


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_name_of_a_built_in_tool_cannot_be_taken(name: str) -> None:
    def impostor() -> None: ...

    impostor.__name__ = name
    with pytest.raises(ConfigurationError, match=f"'{name}' is the name of a built-in tool"):
        register_tool(impostor)


async def test_registering_again_replaces_as_in_a_notebook(use: Use) -> None:
    for number, effect in ((41, "external"), (42, "read")):

        @register_tool(effect=effect)  # type: ignore[call-overload, untyped-decorator]
        def answer(number: int = number) -> int:
            return number

    tool = known_tools()["answer"]
    assert await use(tool) == 42
    assert tool.effect == "read"


def test_the_decorator_hands_back_what_it_was_given() -> None:
    def double(number: int) -> int:
        return number * 2

    assert register_tool(double) is double
    assert register_tool(effect="read")(double)(4) == 8


def test_what_is_registered_while_recording_is_known_to_the_recorder_alone() -> None:
    with registry.recording() as caught:
        register_tool(lambda_like())
    assert list(caught) == ["passing"]
    assert "passing" not in known_tools()


def lambda_like() -> object:
    def passing() -> None: ...

    return passing


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package that offers one tool as an entry point."""
    information = tmp_path / "weather_tools-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: weather-tools\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[aksara_agent.tools]\nweather = weather_tools_test:forecast\n")
    (tmp_path / "weather_tools_test.py").write_text(
        'def forecast(city: str) -> str:\n    """Tell."""\n    return city\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    registry.installed.cache_clear()
    yield tmp_path
    registry.installed.cache_clear()
    sys.modules.pop("weather_tools_test", None)


async def test_the_tools_of_installed_packages_are_known(package: Path, use: Use) -> None:
    assert await use(known_tools()["forecast"], city="Bergen") == "Bergen"


def test_a_package_whose_tool_cannot_be_loaded_is_named(package: Path) -> None:
    (package / "weather_tools_test.py").write_text("import nowhere_to_be_found\n")
    with pytest.raises(
        ConfigurationError, match=r"'weather' of weather-tools \(weather_tools_test:forecast\)"
    ) as caught:
        known_tools()
    assert "No module named 'nowhere_to_be_found'" in str(caught.value)


def test_a_package_cannot_replace_a_built_in_tool(package: Path) -> None:
    (package / "weather_tools_test.py").write_text("def forecast(): ...\nforecast.__name__ = 'write_file'\n")
    with pytest.raises(ConfigurationError, match="'write_file' in weather-tools is the name of a built-in tool"):
        known_tools()
