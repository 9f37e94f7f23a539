"""A run through the public door, with ChatOpenAI over real HTTP and with a scripted model."""

from __future__ import annotations

import json
from pathlib import Path

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, drops, fails, says


async def test_parallel_calls_through_chat_openai_survive_one_failing_and_one_malformed(own_blog: Path) -> None:
    script = [
        calls(
            call("list_models"),
            call("read_file", path="models/nowhere.py"),
            call("query_records", raw_arguments='{"model": "Us'),
        ),
        says("There are five models."),
    ]
    with LoopbackServer(*script) as server:
        async with AgentRuntime(own_blog, model="openai:test", base_url=server.base_url) as runtime:
            result = await runtime.execute("What models exist?")
        server.assert_finished()

    assert result.success and result.stop_reason == "completed"
    assert result.output == "There are five models."
    assert result.iterations == 2
    assert [(a.tool, a.status) for a in result.actions] == [
        ("list_models", "done"),
        ("read_file", "failed"),
        ("query_records", "failed"),
    ]
    assert "missing" in str(result.actions[1].error)
    assert "not valid JSON" in str(result.actions[2].error)
    assert result.usage["total_tokens"] > 0 and not result.usage["estimated"]

    told = [message for message in server.requests[1]["messages"] if message["role"] == "tool"]
    assert len(told) == 3, "every call is answered before the model is asked again"
    sent_back = server.requests[1]["messages"][2]["tool_calls"]
    assert all(json.loads(sent["function"]["arguments"]) is not None for sent in sent_back)


async def test_the_result_lists_actions_with_input_output_and_duration(own_blog: Path) -> None:
    model = ScriptedModel(calls(call("query_records", model="User", limit=2)), says("Two users."))
    async with AgentRuntime(own_blog, model=model) as runtime:
        result = await runtime.execute("Show two users")
    (action,) = result.actions
    assert action.tool == "query_records"
    assert action.input == {"model": "User", "limit": 2}
    assert len(action.output["rows"]) == 2
    assert action.duration_ms > 0
    assert json.dumps(result.to_dict())


async def test_written_files_are_in_the_result_by_what_really_happened(own_blog: Path) -> None:
    model = ScriptedModel(
        calls(call("write_file", path="services/mail.py", content="SENDER = 'blog'\n")),
        calls(call("write_file", path="services/mail.py", content="SENDER = 'us'\n")),
        calls(call("write_file", path="app.py", content="def broken(:\n")),
        says("I wrote everything, app.py too."),
    )
    before = (own_blog / "app.py").read_text()
    async with AgentRuntime(own_blog, model=model) as runtime:
        result = await runtime.execute("Write")
    assert result.created_files == ["services/mail.py"]
    assert result.modified_files == []
    assert (own_blog / "services/mail.py").read_text() == "SENDER = 'us'\n"
    assert (own_blog / "app.py").read_text() == before, "Python that does not parse is refused"


async def test_reported_findings_and_suggestions_become_structured_results(own_blog: Path) -> None:
    finding = {"severity": "high", "issue": "It breaks", "fix": "Mend it", "file": "app.py", "line": 1}
    suggestion = {"text": "Add a slug", "file": "models/post.py", "line": 3}
    model = ScriptedModel(calls(call("report", findings=[finding], suggestions=[suggestion, "Rest"])), says("Done."))
    async with AgentRuntime(own_blog, model=model) as runtime:
        result = await runtime.execute("Review")
    assert result.findings == [{**finding, "verified": False}]
    assert result.suggestions == ["Add a slug (models/post.py:3)", "Rest"]


async def test_the_chosen_tools_are_all_that_the_model_sees_besides_report(own_blog: Path) -> None:
    model = ScriptedModel(says("Nothing to do."))
    async with AgentRuntime(own_blog, model=model) as runtime:
        await runtime.execute("Look", tools=["list_models", "read_file"])
    assert set(model.bound_tools) == {"list_models", "read_file", "report", "recall_result"}


async def test_a_read_only_agent_neither_sees_nor_runs_writing_tools(own_blog: Path) -> None:
    model = ScriptedModel(calls(call("write_file", path="x.py", content="")), says("I could not."), strict=False)
    async with AgentRuntime(own_blog, model=model, allow_writes=False) as runtime:
        result = await runtime.execute("Write x.py")
    assert "write_file" not in model.bound_tools
    assert result.actions[0].status == "failed"
    assert "There is no tool 'write_file'" in str(result.actions[0].error)
    assert not (own_blog / "x.py").exists()


async def test_a_passing_failure_of_the_model_is_retried_and_seen_in_the_stream(own_blog: Path) -> None:
    script = [fails(429, retry_after=0.01), fails(500), drops(after_chunks=1), says("Here you are.")]
    with LoopbackServer(*script) as server:
        async with AgentRuntime(own_blog, model="openai:test", base_url=server.base_url) as runtime:
            events = [event async for event in runtime.execute_stream("Hello")]
        assert len(server.requests) == 4
    retries = [event for event in events if event.type == "retry"]
    assert [retry.attempt for retry in retries] == [1, 2, 3]
    assert retries[0].delay_seconds == 0.01, "Retry-After is honoured"
    assert events[-1].type == "complete" and events[-1].output == "Here you are."


async def test_without_a_key_or_model_the_offline_model_reviews_from_tool_results(own_blog: Path) -> None:
    async with AgentRuntime(own_blog) as runtime:
        before = await runtime.execute("Review the Post model and suggest improvements")
        model_file = own_blog / "models/post.py"
        source = model_file.read_text()
        model_file.write_text(
            source.replace(
                "created_at: Mapped[datetime] = mapped_column(",
                "created_at: Mapped[datetime] = mapped_column(index=True, ",
            )
        )
        assert model_file.read_text() != source
        after = await runtime.execute("Review the Post model and suggest improvements")
    assert any("Post.created_at" in text and "models/post.py:" in text for text in before.suggestions)
    assert any("Post.author_id" in text for text in before.suggestions)
    assert any("slug" in text for text in before.suggestions)
    assert not any("Post.created_at" in text for text in after.suggestions), "change the model, and the answer changes"
    assert all(finding["verified"] for finding in before.findings)
