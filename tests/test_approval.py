"""Approval requests and decisions, in LangChain's words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aksara_agent.approval import checked_decision, decisions_for, request_about, request_for, strategies_from
from aksara_agent.errors import ConfigurationError
from aksara_agent.journal import MemoryJournal
from aksara_agent.project import Project
from aksara_agent.state import Call, Failure
from aksara_agent.tools.base import Tool, ToolContext
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


READ: Failure = {
    "kind": "connection",
    "message": "It is down.",
    "id": "1",
    "harmless": True,
    "task": {"call": CALLS[1], "run_id": "r", "iteration": 1, "started_at": 0.0},
}
WRITE: Failure = {**READ, "id": "2", "harmless": False, "task": {**READ["task"], "call": CALLS[0]}}
MODEL: Failure = {"kind": "server", "message": "It is away.", "id": "model"}


def test_a_question_about_failures_says_what_failed_and_offers_no_repetition_of_an_effect() -> None:
    request = request_about([READ, WRITE, MODEL])
    assert [(a["name"], a["error"]) for a in request["action_requests"]] == [
        ("read_file", "It is down."),
        ("write_file", "It is down."),
        ("model", "It is away."),
    ]
    allowed = [review["allowed_decisions"] for review in request["review_configs"]]
    assert allowed == [["approve", "reject"], ["reject"], ["approve", "reject"]]


@pytest.mark.parametrize(
    ("word", "strategy"), [("retry", "retry"), (True, "retry"), ("skip", "skip"), (False, "skip"), ("abort", "abort")]
)
def test_a_failure_is_answered_with_the_words_of_error_strategy_or_a_bool(word: Any, strategy: str) -> None:
    request = request_about([READ])
    decision = checked_decision(word, request["action_requests"][0], request["review_configs"][0])
    assert strategies_from(request, {"decisions": [decision]}) == [strategy]


def test_trying_again_is_refused_where_an_effect_could_happen_twice() -> None:
    request = request_about([WRITE])
    with pytest.raises(ConfigurationError, match="write_file can get one of these decisions: reject; not approve"):
        checked_decision("retry", request["action_requests"][0], request["review_configs"][0])


@pytest.mark.parametrize("word", ["retry", "skip", "abort", "approve"])
async def test_a_word_is_no_answer_to_a_request_for_approval(word: str) -> None:
    request = await request_for(CALLS, TOOLS, looking)
    with pytest.raises(ConfigurationError, match="is not a decision"):
        checked_decision(word, request["action_requests"][0], request["review_configs"][0])
