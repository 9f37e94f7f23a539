"""A folder of tools: what its files register is found, and a file that is broken is named."""

import sys
from pathlib import Path

import pytest
from tool_use import Use

from aksara_agent.errors import ConfigurationError
from aksara_agent.tools.discovery import discover
from aksara_agent.tools.registry import known_tools

HEADER = "from __future__ import annotations\nfrom aksara_agent.tools import Tool, ToolContext, register_tool\n"
FUNCTION = "@register_tool(effect='read')\ndef {0}(city: str) -> str:\n    return '{0} ' + city\n"


async def test_every_file_is_searched_in_order_and_hidden_ones_are_not(tmp_path: Path, use: Use) -> None:
    (tmp_path / "weather.py").write_text(HEADER + FUNCTION.format("weather"))
    (tmp_path / "tides.py").write_text(HEADER + FUNCTION.format("tides") + FUNCTION.format("moon"))
    (tmp_path / "_draft.py").write_text("raise RuntimeError('not to be imported')\n")
    (tmp_path / "notes.md").write_text("no code\n")
    found = discover(tmp_path)
    assert list(found) == ["tides", "moon", "weather"]
    assert await use(found["weather"], city="Bergen") == "weather Bergen"
    assert found["weather"].effect == "read"


async def test_a_tool_class_in_a_folder_may_use_its_own_types_and_the_context(tmp_path: Path, use: Use) -> None:
    (tmp_path / "deploy.py").write_text(
        HEADER
        + "from typing import TypedDict\n"
        + "class Target(TypedDict):\n    name: str\n"
        + "@register_tool\nclass Deploy(Tool):\n    name = 'deploy'\n    description = 'Deploy'\n"
        + "    async def execute(self, context: ToolContext, target: list[str]) -> str:\n"
        + "        return context.run_id + target[0]\n"
    )
    tool = discover(tmp_path)["deploy"]
    assert list(tool.parameters["properties"]) == ["target"]
    assert await use(tool, target=["!"]) == "run!"


def test_the_tools_of_a_folder_are_known_only_where_the_folder_was_named(tmp_path: Path) -> None:
    (tmp_path / "weather.py").write_text(HEADER + FUNCTION.format("weather"))
    found = discover(tmp_path)
    assert "weather" not in known_tools()
    assert known_tools(found)["weather"] is found["weather"]


async def test_files_of_the_same_name_in_two_folders_do_not_meet(tmp_path: Path, use: Use) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "json.py").write_text(HEADER + FUNCTION.format(f"say_{folder}"))
    one, two = discover(tmp_path / "one"), discover(tmp_path / "two")
    assert (list(one), list(two)) == (["say_one"], ["say_two"])
    import json

    assert json.loads("1") == 1  # the standard library's module is not shadowed


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def (:", "SyntaxError"),
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        (HEADER + FUNCTION.format("read_file"), "'read_file' is the name of a built-in tool"),
        (HEADER + "@register_tool\nclass X(Tool):\n    name = 'x'\n", "needs a class attribute 'description'"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_with_the_reason(tmp_path: Path, source: str, reason: str) -> None:
    (tmp_path / "broken.py").write_text(source)
    modules = set(sys.modules)
    with pytest.raises(ConfigurationError) as caught:
        discover(tmp_path)
    assert str(tmp_path / "broken.py") in str(caught.value)
    assert reason in str(caught.value)
    assert not {name for name in set(sys.modules) - modules if "broken" in name}


def test_a_folder_can_be_searched_again_after_its_file_was_repaired(tmp_path: Path) -> None:
    (tmp_path / "weather.py").write_text("def (:")
    with pytest.raises(ConfigurationError):
        discover(tmp_path)
    (tmp_path / "weather.py").write_text(HEADER + FUNCTION.format("weather"))
    assert list(discover(tmp_path)) == ["weather"]


def test_a_folder_that_is_missing_is_an_error_and_an_empty_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere' is not a directory"):
        discover(tmp_path / "nowhere")
    assert discover(tmp_path) == {}
