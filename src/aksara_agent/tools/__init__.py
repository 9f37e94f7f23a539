"""The tools an agent can use, and the base to write your own."""

from aksara_agent.errors import ToolError, ToolFailed, ToolRetry
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.registry import register_tool

__all__ = ["Tool", "ToolContext", "ToolError", "ToolFailed", "ToolRetry", "register_tool"]
