"""The package as a whole: its public names, its sizes, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import aksara_agent

ROOT = Path(__file__).parents[1]
MAX_LINES = 400


def test_the_public_names_are_few_and_all_there() -> None:
    assert len(aksara_agent.__all__) <= 15
    for name in aksara_agent.__all__:
        assert getattr(aksara_agent, name) is not None
        assert name in dir(aksara_agent)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="AgentRuntim"):
        aksara_agent.AgentRuntim  # noqa: B018


@pytest.mark.parametrize("statement", ["import aksara_agent", "import aksara_agent.cli.main, aksara_agent.cli.options"])
def test_importing_it_loads_no_heavy_package(statement: str) -> None:
    heavy = ("langgraph", "langchain_core", "langchain_openai", "openai", "pydantic", "rich", "asyncio")
    program = f"import sys; {statement}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_starting_a_runtime_loads_no_provider_that_is_not_used() -> None:
    program = "import sys; from aksara_agent import AgentRuntime; AgentRuntime('.'); print('openai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("folder", ["src", "tests", "graphs", "tools", "benchmarks", "examples"])
def test_no_file_has_grown_too_long(folder: str) -> None:
    long = {path.name: len(path.read_text().splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {name: lines for name, lines in long.items() if lines > MAX_LINES} == {}
