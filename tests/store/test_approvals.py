"""An approval that one process asks for and another answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime, ConfigurationError, SessionError
from aksara_agent.errors import ApprovalPending
from aksara_agent.testing import ScriptedModel, says


@pytest.fixture
def asked(lasting: str, tmp_path: Path, elsewhere: Callable[..., Any]) -> dict[str, Any]:
    """What the process that asked left behind; it wants to write a.txt and b.txt and is gone."""
    with elsewhere("ask", project=str(tmp_path), checkpoints=lasting, paths=["a.txt", "b.txt"]) as (process, told):
        assert process.wait(timeout=30) == 0
    assert not (tmp_path / "a.txt").exists()
    return dict(told)


@pytest.fixture
async def runtime(lasting: str, tmp_path: Path) -> AsyncIterator[AgentRuntime]:
    model = ScriptedModel(says("Written."))
    async with AgentRuntime(tmp_path, model=model, checkpoints=lasting) as opened:
        yield opened


async def test_a_question_of_a_process_that_is_gone_is_still_there_to_be_answered(
    asked: dict[str, Any], runtime: AgentRuntime, tmp_path: Path
) -> None:
    again = await runtime.resume(asked["session_id"])
    assert (again.stop_reason, again.approvals) == ("interrupted", asked["approvals"])
    result = await runtime.resume(asked["session_id"], decisions=[True, False])
    assert (result.success, result.run_id) == (True, asked["run_id"])
    assert [action.status for action in result.actions] == ["done", "rejected"]
    assert (tmp_path / "a.txt").read_text() == "from the model"
    assert not (tmp_path / "b.txt").exists()


async def test_answers_may_name_the_calls_they_are_for(
    asked: dict[str, Any], runtime: AgentRuntime, tmp_path: Path
) -> None:
    named = [{"type": "approve", "id": r["id"], "signature": r["signature"]} for r in asked["approvals"]]
    result = await runtime.resume(asked["session_id"], decisions=named)
    assert result.created_files == ["a.txt", "b.txt"]


async def test_a_second_answer_is_refused(asked: dict[str, Any], runtime: AgentRuntime, tmp_path: Path) -> None:
    await runtime.resume(asked["session_id"], decisions=[True, True])
    (tmp_path / "a.txt").write_text("changed since")
    with pytest.raises(SessionError, match="may have been answered already"):
        await runtime.resume(asked["session_id"], decisions=[True, True])
    assert (tmp_path / "a.txt").read_text() == "changed since"


async def test_an_answer_to_other_arguments_is_refused_and_the_question_stays(
    asked: dict[str, Any], runtime: AgentRuntime, tmp_path: Path
) -> None:
    first, second = asked["approvals"]
    stale = {"type": "approve", "signature": "0" * 16}
    swapped = {"type": "approve", "signature": second["signature"]}
    wrong_call = {"type": "approve", "id": second["id"]}
    for wrong in (stale, swapped, wrong_call):
        with pytest.raises(ConfigurationError, match="about another call than write_file"):
            await runtime.resume(asked["session_id"], decisions=[wrong, True])
    assert not (tmp_path / "a.txt").exists()
    right = {"type": "approve", "id": first["id"], "signature": first["signature"]}
    assert (await runtime.resume(asked["session_id"], decisions=[right, True])).success


async def test_decisions_that_do_not_fit_are_refused_and_the_question_stays(
    asked: dict[str, Any], runtime: AgentRuntime, tmp_path: Path
) -> None:
    unfit: list[list[Any]] = [[], [True], [True, True, True], ["yes", True], [{"type": "perhaps"}, True]]
    for decisions in unfit:
        with pytest.raises(ConfigurationError, match=r"2 calls wait for a decision|is not a decision"):
            await runtime.resume(asked["session_id"], decisions=decisions)
    assert not (tmp_path / "a.txt").exists()
    assert (await runtime.resume(asked["session_id"], decisions=[False, True])).created_files == ["b.txt"]


async def test_a_new_message_does_not_drop_the_question(
    asked: dict[str, Any], runtime: AgentRuntime, tmp_path: Path
) -> None:
    with pytest.raises(ApprovalPending, match="write_file"):
        await runtime.execute("Something else", mode="supervised", session_id=asked["session_id"])
    assert (await runtime.resume(asked["session_id"], decisions=[True, True])).success
