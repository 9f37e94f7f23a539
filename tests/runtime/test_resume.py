"""Going on with a run: after a limit, a failure, an interrupt, in this process or the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime, ConfigurationError, SessionError
from aksara_agent.errors import ApprovalPending
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, fails, says

WRITE = calls(call("write_file", path="a.txt", content="one"))


def read(start: int) -> Any:
    """A step that no other step equals."""
    return calls(call("read_file", path="notes.txt", start=start))


async def test_a_run_that_reached_a_limit_goes_on_with_a_higher_one_and_repeats_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("1\n2\n3\n4\n")
    model = ScriptedModel(read(1), read(2), read(3), says("Read."))
    stopped = await AgentRuntime(tmp_path, model=model, max_iterations=2).execute("Read")
    assert (stopped.stop_reason, len(stopped.actions)) == ("max_iterations", 2)

    result = await AgentRuntime(tmp_path, model=model).resume(stopped.session_id, max_iterations=10)
    assert (result.success, result.output, result.run_id) == (True, "Read.", stopped.run_id)
    assert [action.input["start"] for action in result.actions] == [1, 2, 3]
    model.assert_finished()


async def test_a_run_whose_model_failed_goes_on_when_the_model_is_back(tmp_path: Path) -> None:
    with LoopbackServer(WRITE, fails(401), says("Written.")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            stopped = await runtime.execute("Write")
            assert (stopped.stop_reason, stopped.created_files) == ("model_error", ["a.txt"])
            result = await runtime.resume(stopped.session_id)
    assert (result.success, result.created_files) == (True, ["a.txt"])
    assert len(result.actions) == 1


async def test_decisions_given_later_by_another_runtime_are_carried_out(tmp_path: Path) -> None:
    waiting = await AgentRuntime(tmp_path, model=ScriptedModel(WRITE)).execute("Write", mode="supervised")
    (request,) = waiting.approvals
    assert request["preview"] == "--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1 @@\n+one"
    assert not (tmp_path / "a.txt").exists()

    later = AgentRuntime(tmp_path, model=ScriptedModel(says("Written.")))
    wrong = {"type": "approve", "signature": "0" * 16}
    for decisions, message in (([True, True], "1 calls wait"), ([wrong], "another call"), (["yes"], "not a decision")):
        with pytest.raises(ConfigurationError, match=message):
            await later.resume(waiting.session_id, decisions=decisions)
    approved = {"type": "approve", "id": request["id"], "signature": request["signature"]}
    result = await later.resume(waiting.session_id, decisions=[approved])
    assert (result.success, result.created_files) == (True, ["a.txt"])
    with pytest.raises(SessionError, match="No approval is waiting"):
        await later.resume(waiting.session_id, decisions=[True])


async def test_a_message_never_drops_a_waiting_approval(tmp_path: Path) -> None:
    model = ScriptedModel(WRITE, says("Written."))
    session = AgentRuntime(tmp_path, model=model, require_approval_for=["write_file"]).start_session()
    assert (await session.send("Write")).stop_reason == "interrupted"
    with pytest.raises(ApprovalPending, match="waits for approval of write_file"):
        await session.send("Never mind")
    result = await AgentRuntime(tmp_path, model=model).resume(session.id, decisions=[True])
    assert result.created_files == ["a.txt"]


async def test_an_approver_that_raises_or_never_answers_leaves_the_question_open(tmp_path: Path) -> None:
    import asyncio

    async def never(tool: str, params: dict[str, Any]) -> bool:
        await asyncio.sleep(60)
        return True

    def broken(tool: str, params: dict[str, Any]) -> bool:
        raise LookupError("no such user")

    for approver, words in ((never, "did not answer within 0.05 seconds"), (broken, "LookupError: no such user")):
        runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")), approval_timeout_seconds=0.05)
        waiting = await runtime.execute("Write", mode="supervised", approval_callback=approver)
        assert waiting.stop_reason == "interrupted"
        assert words in str(waiting.error)
        result = await runtime.resume(waiting.session_id, decisions=[{"type": "reject", "message": "No."}])
        assert (result.success, result.created_files) == (True, [])


async def test_an_approval_for_always_asks_once_a_session(tmp_path: Path) -> None:
    asked = []

    def approve(tool: str, params: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request["preview"])
        return {"type": "approve", "always": True}

    second = calls(call("write_file", path="b.txt", content="two"))
    model = ScriptedModel(WRITE, second, says("Both."))
    result = await AgentRuntime(tmp_path, model=model, approval_callback=approve).execute("Write", mode="supervised")
    assert result.created_files == ["a.txt", "b.txt"]
    assert len(asked) == 1 and "+one" in asked[0]


async def test_an_approval_for_a_pattern_covers_what_matches_and_nothing_else(tmp_path: Path) -> None:
    asked = []

    def approve(tool: str, params: dict[str, Any]) -> dict[str, Any]:
        asked.append(params["path"])
        return {"type": "approve", "always": {"path": "docs/*"}}

    paths = ["docs/a.md", "docs/b.md", "setup.py"]
    script = [calls(call("write_file", path=path, content="")) for path in paths]
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(*script, says("All.")), approval_callback=approve)
    assert (await runtime.execute("Write", mode="supervised")).created_files == paths
    assert asked == ["docs/a.md", "setup.py"]


async def test_three_rejections_of_the_same_call_end_the_run(tmp_path: Path) -> None:
    model = ScriptedModel(WRITE, repeat_last=True)
    runtime = AgentRuntime(tmp_path, model=model, approval_callback=lambda tool, params: False)
    result = await runtime.execute("Write", mode="supervised")
    assert (result.success, result.stop_reason) == (False, "rejected")
    assert len(result.actions) == 3
    assert not (tmp_path / "a.txt").exists()


async def test_unknown_ended_and_finished_sessions_say_what_to_do(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("Hi."), says("Hi.")))
    with pytest.raises(SessionError, match=r"no session 'nowhere'; runtime\.sessions\(\)"):
        await runtime.resume("nowhere")
    result = await runtime.execute("Hello")
    with pytest.raises(SessionError, match="is complete; send a new message"):
        await runtime.resume(result.session_id)
    session = runtime.start_session()
    await session.send("Hello")
    await session.end()
    with pytest.raises(SessionError, match="has ended"):
        await AgentRuntime(tmp_path).start_session(session.id).send("Again")


async def test_sessions_are_listed_with_their_last_task_and_outcome(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("Hi."), WRITE))
    done = await runtime.execute("Hello")
    waiting = await runtime.execute("Write", mode="supervised")
    listed = {session["session_id"]: session for session in AgentRuntime(tmp_path).sessions()}
    assert (listed[done.session_id]["last_task"], listed[done.session_id]["last_status"]) == ("Hello", "completed")
    assert (listed[waiting.session_id]["mode"], listed[waiting.session_id]["last_status"]) == (
        "supervised",
        "interrupted",
    )


async def test_the_store_keeps_out_of_git_and_out_of_other_eyes(tmp_path: Path) -> None:
    await AgentRuntime(tmp_path, model=ScriptedModel(says("Hi."))).execute("Hello")
    assert (tmp_path / ".aksara/.gitignore").read_text() == "*\n"
    assert (tmp_path / ".aksara/sessions.db").stat().st_mode & 0o077 == 0
    memory = tmp_path / "memory"
    memory.mkdir()
    await AgentRuntime(memory, model=ScriptedModel(says("Hi.")), checkpoints="memory").execute("Hello")
    assert list(memory.iterdir()) == []


async def test_a_result_can_be_fetched_again_by_a_later_process(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")))
    result = await runtime.execute("Write")
    await runtime.close()
    again = await AgentRuntime(tmp_path, model="offline").result(result.run_id)
    assert again == result
    with pytest.raises(SessionError, match="no run 'nobody'"):
        await AgentRuntime(tmp_path, model="offline").result("nobody")


async def test_a_run_that_was_resumed_shows_as_running_while_it_works(tmp_path: Path) -> None:
    seen: list[Any] = []
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(read(1), read(2), says("Read.")), max_iterations=1)
    (tmp_path / "notes.txt").write_text("1\n2\n")
    stopped = await runtime.execute("Read")
    assert runtime.sessions()[0]["last_status"] == "max_iterations"
    look = lambda event: seen.append(runtime.sessions()[0]["last_status"])  # noqa: E731
    await runtime.resume(stopped.session_id, max_iterations=9, progress_callback=look)
    assert set(seen) == {"running"} and runtime.sessions()[0]["last_status"] == "completed"


def test_a_script_resumes_without_async(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")))
    waiting = runtime.execute_sync("Write", mode="supervised")
    assert runtime.resume_sync(waiting.session_id, decisions=[True]).created_files == ["a.txt"]
