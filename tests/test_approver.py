"""The callback that decides."""

from pathlib import Path
from typing import Any

from aksara_agent.approval import decisions_for, request_for
from aksara_agent.approver import decide
from aksara_agent.journal import MemoryJournal
from aksara_agent.project import Project
from aksara_agent.state import Call
from aksara_agent.tools.base import Preview, Tool, ToolContext
from aksara_agent.tools.registry import built_in
from aksara_agent.workspace import Workspace

TOOLS = {name: built_in(name) for name in ("write_file", "read_file")}
CALLS: list[Call] = [
    {"id": "1", "name": "write_file", "args": {"path": "a.py", "content": ""}},
    {"id": "2", "name": "read_file", "args": {"path": "b.py"}},
]


def looking(call: Call) -> ToolContext:
    """A context for previews."""
    return ToolContext(Project.open(Path()), Workspace(Path()), MemoryJournal(), "run", call["id"])


async def test_the_approver_is_asked_about_each_call_in_order_with_the_spec_arguments() -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def approve(tool_name: str, params: dict[str, Any]) -> bool:
        asked.append((tool_name, params))
        return tool_name == "read_file"

    answer = await decide(await request_for(CALLS, TOOLS, looking), approve)
    assert asked == [("write_file", {"path": "a.py", "content": ""}), ("read_file", {"path": "b.py"})]
    assert decisions_for(CALLS, answer) == {"1": {"type": "reject"}, "2": {"type": "approve"}}


async def test_the_approver_may_be_async_and_may_edit() -> None:
    edit = {"type": "edit", "edited_action": {"name": "read_file", "args": {"path": "c.py"}}}

    async def approve(tool_name: str, params: dict[str, Any]) -> Any:
        return edit if tool_name == "read_file" else True

    answer = await decide(await request_for(CALLS, TOOLS, looking), approve)
    assert answer["decisions"] == [{"type": "approve"}, edit]


async def test_an_approval_carries_the_fingerprint_of_what_was_shown_and_a_rejection_does_not() -> None:
    class Counted(Tool):
        name = "counted"
        description = "Look first."

        async def foresee(self, arguments: dict[str, Any], context: ToolContext) -> Preview:
            return Preview(f"call {context.call_id} changes 3 rows", "3:abc")

        async def execute(self) -> None:
            """Do nothing."""

    calls: list[Call] = [{"id": number, "name": "counted", "args": {}} for number in ("1", "2")]
    request = await request_for(calls, {"counted": Counted()}, looking)
    assert [action["preview"] for action in request["action_requests"]] == [
        "call 1 changes 3 rows",
        "call 2 changes 3 rows",
    ]
    answers = iter([True, False])
    answer = await decide(request, lambda tool, params: next(answers))
    assert answer["decisions"] == [{"type": "approve", "fingerprint": "3:abc"}, {"type": "reject"}]
