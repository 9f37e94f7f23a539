"""Approval requests and decisions, in LangChain's words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aksara_agent.approval import checked_decision, decide, decisions_for, request_for
from aksara_agent.errors import ConfigurationError
from aksara_agent.journal import MemoryJournal
from aksara_agent.project import Project
from aksara_agent.state import Call
from aksara_agent.tools.base import Preview, Tool, ToolContext
from aksara_agent.tools.registry import built_in
from aksara_agent.workspace import Workspace


def looking(call: Call) -> ToolContext:
    """A context for previews."""
    return ToolContext(Project.open(Path()), Workspace(Path()), MemoryJournal(), "run", call["id"])


TOOLS: Mapping[str, Tool] = {name: built_in(name) for name in ("write_file", "read_file")}
CALLS: list[Call] = [
    {"id": "1", "name": "write_file", "args": {"path": "a.py", "content": ""}},
    {"id": "2", "name": "read_file", "args": {"path": "b.py"}},
]


async def test_a_request_shows_each_call_with_what_the_tool_does_and_the_possible_answers() -> None:
    request = await request_for(CALLS, TOOLS, looking)
    assert [a["name"] for a in request["action_requests"]] == ["write_file", "read_file"]
    assert request["action_requests"][0]["args"] == {"path": "a.py", "content": ""}
    assert request["action_requests"][0]["description"].startswith(TOOLS["write_file"].description)
    assert [c["action_name"] for c in request["review_configs"]] == ["write_file", "read_file"]
    assert set(request["review_configs"][0]["allowed_decisions"]) == {"approve", "edit", "reject", "respond"}


def test_decisions_belong_to_the_calls_in_their_order() -> None:
    decisions = decisions_for(CALLS, {"decisions": [{"type": "approve"}, {"type": "reject", "message": "no"}]})
    assert decisions == {"1": {"type": "approve"}, "2": {"type": "reject", "message": "no"}}


@pytest.mark.parametrize(
    "answer", [None, True, [], {}, {"decisions": None}, {"decisions": [{"type": "approve"}]}, {"decisions": [True] * 3}]
)
def test_anything_but_one_decision_a_call_is_refused(answer: Any) -> None:
    with pytest.raises(ConfigurationError, match="2 calls wait for a decision"):
        decisions_for(CALLS, answer)


async def test_a_decision_that_names_its_call_is_refused_for_any_other() -> None:
    first, second = (await request_for(CALLS, TOOLS, looking))["action_requests"]
    yes = [{"type": "approve", "id": a["id"], "signature": a["signature"]} for a in (first, second)]
    assert [d["type"] for d in decisions_for(CALLS, {"decisions": yes}).values()] == ["approve", "approve"]
    with pytest.raises(ConfigurationError, match="about another call than write_file"):
        decisions_for(CALLS, {"decisions": yes[::-1]})
    changed: list[Call] = [{**CALLS[0], "args": {"path": "other.py", "content": ""}}, CALLS[1]]
    with pytest.raises(ConfigurationError, match="about another call than write_file"):
        decisions_for(changed, {"decisions": yes})


@pytest.mark.parametrize(("given", "kind"), [(True, "approve"), (False, "reject")])
def test_a_callback_may_simply_say_yes_or_no(given: bool, kind: str) -> None:
    assert checked_decision(given) == {"type": kind}


@pytest.mark.parametrize("given", [None, "approve", 1, {}, {"type": "allow"}, {"type": ["approve"]}, object()])
def test_what_is_not_clearly_a_decision_is_never_taken_for_consent(given: Any) -> None:
    with pytest.raises(ConfigurationError, match="is not a decision"):
        checked_decision(given)


@pytest.mark.parametrize("edited", [None, {}, {"name": "write_file"}, {"args": "x"}, "write_file"])
def test_an_edit_without_arguments_is_refused(edited: Any) -> None:
    with pytest.raises(ConfigurationError, match="edited_action="):
        checked_decision({"type": "edit", "edited_action": edited})


def test_a_decision_is_a_copy_that_the_callback_cannot_change_later() -> None:
    given = {"type": "approve"}
    decision = checked_decision(given)
    given["type"] = "reject"
    assert decision["type"] == "approve"


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
