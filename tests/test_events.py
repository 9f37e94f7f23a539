"""Events keep their type and data on the way through a stream of dictionaries."""

import json
import time

import pytest

from aksara_agent.events import (
    ActionStarted,
    AnyEvent,
    Approval,
    Complete,
    Retry,
    Thinking,
    ToolResult,
    from_dict,
)
from aksara_agent.results import AgentResult

EVENTS: list[AnyEvent] = [
    Thinking(content="Let me look.", run_id="r", iteration=1),
    ActionStarted(tool="read_file", input={"path": "a.py"}, call_id="c"),
    ToolResult(tool="write_file", call_id="c", status="done", changes=[{"kind": "created", "path": "a.py"}]),
    Retry(error="429", attempt=1, delay_seconds=0.5),
    Approval(requests=[{"action_requests": []}]),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_event_comes_back_from_json_as_it_was(event: AnyEvent) -> None:
    assert from_dict(json.loads(json.dumps(event.to_dict()))) == event


def test_the_spec_loop_can_tell_events_by_their_type() -> None:
    assert [event.type for event in EVENTS] == ["thinking", "action", "result", "retry", "approval"]


def test_the_last_event_carries_the_result_and_is_json_as_well() -> None:
    result = AgentResult(True, "Five models.", None, "completed", "run", "session")
    data = json.loads(json.dumps(Complete(output=result.output, result=result).to_dict()))
    assert (data["type"], data["output"], data["result"]["stop_reason"]) == ("complete", "Five models.", "completed")


def test_an_event_says_when_it_happened() -> None:
    before = time.time()
    assert before <= Thinking(content="").time <= time.time()
