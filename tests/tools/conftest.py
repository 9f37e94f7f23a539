"""Tools as a run gives them work: with a project, a workspace and a journal, all real."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tool_use import OpenContext, Use

from aksara_agent.journal import MemoryJournal
from aksara_agent.project import Project
from aksara_agent.tools import registry
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.workspace import Workspace


@pytest.fixture
async def open_context() -> AsyncIterator[OpenContext]:
    """Opens a folder as the project of a tool call."""
    projects: list[Project] = []

    def opened(root: Path) -> ToolContext:
        projects.append(Project.open(root, python=sys.executable))
        return ToolContext(projects[-1], Workspace(root), MemoryJournal(), "run", "call")

    yield opened
    for project in projects:
        await project.close()


@pytest.fixture
def context(open_context: OpenContext, tmp_path: Path) -> ToolContext:
    """A context in an empty folder."""
    return open_context(tmp_path)


@pytest.fixture
def blog_context(open_context: OpenContext, blog: Path) -> ToolContext:
    return open_context(blog)


@pytest.fixture
def use(context: ToolContext) -> Use:
    """Uses a tool in an empty folder: ``await use(tool, argument=…)``."""

    async def used(tool: Tool, **arguments: Any) -> Any:
        return await tool.run(arguments, context)

    return used


@pytest.fixture
def on_blog(blog_context: ToolContext) -> Use:
    """Uses a tool on the blog: ``await on_blog(tool, argument=…)``."""

    async def used(tool: Tool, **arguments: Any) -> Any:
        return await tool.run(arguments, blog_context)

    return used


@pytest.fixture(autouse=True)
def forget_registered_tools() -> Iterator[None]:
    """A test knows no tool that another one registered."""
    before = dict(registry._registered)
    registry._registered.clear()
    yield
    registry._registered.clear()
    registry._registered.update(before)
