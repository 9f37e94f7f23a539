"""Long conversations: large results are kept out, the past is condensed, and nothing is lost by it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, fails, says
from aksara_agent.usage import estimate

FILES = ("read_file", "write_file")  # so that what the tools need stays the same
SUMMARY = says("The user wants the letters read. a.txt to d.txt were read.")


def letters(root: Path, size: int = 12_000) -> None:
    """Files of one letter each."""
    for letter in "abcdefgh":
        (root / f"{letter}.txt").write_text((letter * 80 + "\n") * (size // 81))


def read(letter: str) -> Any:
    return calls(call("read_file", path=f"{letter}.txt"))


def asked(request: list[Any]) -> str:
    return "\n".join(str(message.content) for message in request)


async def test_old_results_are_kept_out_of_a_request_that_would_be_too_long_and_can_be_recalled(tmp_path: Path) -> None:
    letters(tmp_path)
    recall = calls(call("recall_result", {"call_id": "call_1", "start": 6_000, "characters": 100}))
    model = ScriptedModel(read("a"), read("b"), read("c"), recall, says("Read."))
    result = await AgentRuntime(tmp_path, model=model, tools=FILES, max_input_tokens=9_000).execute("Read the letters")
    assert result.success, result.error
    assert all(estimate(request) < 9_000 for request in model.requests)
    before_last = asked(model.requests[3])
    assert "recall_result(call_id='call_1') shows all" in before_last
    assert "c" * 80 in before_last, "the last result is whole"
    assert "a" * 80 in result.actions[3].output and "characters 6000 to 6100" in result.actions[3].output
    assert len(result.actions[0].output["content"]) > 12_000, "the result has it whole"


async def test_what_was_kept_out_is_not_sent_again_in_later_requests_so_that_the_cached_beginning_stays(
    tmp_path: Path,
) -> None:
    letters(tmp_path)
    model = ScriptedModel(*map(read, "abcdef"), says("Read."))
    await AgentRuntime(tmp_path, model=model, tools=FILES, max_input_tokens=12_000).execute("Read the letters")
    texts = [[str(message.content) for message in request] for request in model.requests]
    kept = [after[: len(before)] == before for before, after in itertools.pairwise(texts)]
    assert kept.count(True) >= 3, "not every request is shortened anew"


async def test_a_past_of_many_small_steps_is_condensed_with_what_was_done_and_the_notes(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text(f"line of {number}\n" * 20)
    steps = [calls(call("read_file", path=f"{number}.txt")) for number in range(12)]
    note = calls(call("note_progress", note="The odd ones matter."), call("write_file", path="x.txt", content="x"))

    def next_one(messages: list[Any]) -> Any:
        return SUMMARY if "Condense the record" in str(messages[0].content) else script.pop(0)

    script = [note, *steps, calls(call("goal_reached", evidence="all read"))]
    model = ScriptedModel(next_one, repeat_last=True, strict=False)
    result = await AgentRuntime(tmp_path, model=model, tools=FILES, max_input_tokens=2_000).execute(goal="Read all")
    assert result.success, result.error
    last = asked(model.requests[-1])
    assert "Read all" in last, "the goal stays as it was said"
    assert "The user wants the letters read." in last
    assert "write_file {'path': 'x.txt', 'content': 'x'}: done" in last
    assert "- The odd ones matter." in last
    assert result.created_files == ["x.txt"]


async def test_a_conversation_that_was_condensed_goes_on_in_another_process_from_the_summary(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a" * 400)
    turns = [says(f"Answer {number}: " + "words " * 300) for number in range(8)]

    def next_one(messages: list[Any]) -> Any:
        return SUMMARY if "Condense the record" in str(messages[0].content) else turns.pop(0)

    model = ScriptedModel(next_one, repeat_last=True)
    runtime = AgentRuntime(tmp_path, model=model, tools=FILES, max_input_tokens=2_500)
    session = runtime.start_session("s")
    for number in range(7):
        assert (await session.send(f"Question {number}")).success
    await runtime.close()
    later = AgentRuntime(tmp_path, model=model, tools=FILES, max_input_tokens=2_500).start_session("s")
    assert (await later.send("Question 7")).success
    assert "The user wants the letters read." in asked(model.requests[-1])
    assert "Question 7" in asked(model.requests[-1])
    assert len(await later.messages()) == 16, "the session itself keeps every message"


async def test_a_model_that_cannot_summarise_costs_the_words_and_not_the_run(tmp_path: Path) -> None:
    turns = [says("words " * 300) for _ in range(6)]

    def next_one(messages: list[Any]) -> Any:
        return ConnectionError("away") if "Condense the record" in str(messages[0].content) else turns.pop(0)

    session = AgentRuntime(
        tmp_path, model=ScriptedModel(next_one, repeat_last=True), tools=FILES, max_input_tokens=2_000
    ).start_session()
    for _ in range(6):
        assert (await session.send("Go on")).success


async def test_a_request_that_the_provider_finds_too_long_is_sent_again_shorter(tmp_path: Path) -> None:
    letters(tmp_path)
    too_long = fails(400, code="context_length_exceeded")
    with LoopbackServer(read("a"), read("b"), read("c"), too_long, says("Read.")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            result = await runtime.execute("Read")
        sizes = [len(str(request["messages"])) for request in server.requests]
    assert (result.success, result.output) == (True, "Read.")
    assert sizes[4] < 0.7 * sizes[3]


async def test_a_limit_below_what_any_request_needs_ends_the_run_with_a_sentence(tmp_path: Path) -> None:
    result = await AgentRuntime(tmp_path, model=ScriptedModel(), max_input_tokens=200).execute("Hello")
    assert (result.success, result.stop_reason) == (False, "max_input_tokens")
    assert "Raise max_input_tokens, offer fewer tools" in str(result.error)


async def test_new_results_that_do_not_fit_together_are_shown_in_part(tmp_path: Path) -> None:
    letters(tmp_path, 18_000)
    three = calls(*(call("read_file", path=f"{letter}.txt") for letter in "abc"))
    model = ScriptedModel(three, says("Read."))
    result = await AgentRuntime(tmp_path, model=model, tools=FILES, max_input_tokens=8_000).execute("Read")
    assert result.success, result.error
    shown = asked(model.requests[1])
    assert all(letter * 80 in shown for letter in "abc") and shown.count("kept out to save room") == 3


@pytest.mark.parametrize("limit", [None, 4_000])
async def test_the_usage_counts_what_the_summary_cost(tmp_path: Path, limit: int | None) -> None:
    turns = [says("words " * 600) for _ in range(6)]

    def next_one(messages: list[Any]) -> Any:
        return SUMMARY if "Condense the record" in str(messages[0].content) else turns.pop(0)

    model = ScriptedModel(next_one, repeat_last=True)
    session = AgentRuntime(tmp_path, model=model, tools=FILES, max_input_tokens=limit).start_session()
    for _ in range(6):
        result = await session.send("Go on")
    assert result.usage["total_tokens"] == 15 * len(model.requests)
    assert (len(model.requests) > 6) is (limit is not None)
