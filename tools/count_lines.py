"""A read: count the lines of the project's files."""

from aksara_agent.tools import ToolContext, ToolError, register_tool


@register_tool(effect="read")
def count_lines(context: ToolContext, files: str = "*.py") -> dict[str, int]:
    """Count files and lines that match a glob, e.g. *.py or models/*."""
    counted = {"files": 0, "lines": 0}
    for path in context.workspace.files(files):
        try:
            counted["lines"] += len(context.workspace.read(path).splitlines())
        except ToolError:  # binary or unreadable
            continue
        counted["files"] += 1
    return counted
