"""The types of the fixtures with which tools are used."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aksara_agent.tools.base import ToolContext

Use = Callable[..., Awaitable[Any]]
OpenContext = Callable[[Path], ToolContext]
