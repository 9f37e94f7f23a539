"""Each limit through ChatOpenAI and real HTTP: what was done is in the result, and a higher limit finishes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, call, calls, says, stalls

PRICES = {"m": {"input": 1_000_000, "output": 2_000_000}}  # a token costs 1 or 2


def read(start: int) -> Any:
    return calls(call("read_file", path="notes.txt", start=start), input_tokens=100, output_tokens=50)


@pytest.mark.parametrize(
    ("limit", "higher", "reason", "done"),
    [
        ({"max_iterations": 2}, {"max_iterations": 20}, "max_iterations", 2),
        ({"max_tool_calls": 2}, {"max_tool_calls": 20}, "max_tool_calls", 2),
        ({"max_total_tokens": 250}, {"max_total_tokens": 9_000}, "max_total_tokens", 2),
        ({"max_cost": 250.0, "prices": PRICES}, {"max_cost": 9_000.0}, "max_cost", 2),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
async def test_a_reached_limit_gives_back_what_was_done_and_a_higher_one_finishes_without_repeating(
    tmp_path: Path, limit: dict[str, Any], higher: dict[str, Any], reason: str, done: int
) -> None:
    (tmp_path / "notes.txt").write_text("\n".join(map(str, range(9))))
    refused = [read(3)] if reason == "max_tool_calls" else []  # was asked for and not carried out
    with LoopbackServer(read(1), read(2), *refused, read(3), says("Read.")) as server:
        async with AgentRuntime(tmp_path, model="openai:m", base_url=server.base_url, **limit) as runtime:
            stopped = await runtime.execute("Read")
            assert (stopped.success, stopped.stop_reason, len(stopped.actions)) == (False, reason, done)
            assert all(action.output["content"] for action in stopped.actions)
            assert f"{reason}" in str(stopped.error) and stopped.usage["total_tokens"] >= 300
            result = await runtime.resume(stopped.session_id, **higher)
        server.assert_finished()
    assert (result.success, result.output, result.run_id) == (True, "Read.", stopped.run_id)
    assert [action.input["start"] for action in result.actions] == [1, 2, 3]


async def test_a_run_that_ran_out_of_time_finishes_when_it_gets_more(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("\n".join(map(str, range(9))))
    with LoopbackServer(read(1), stalls(30), read(2), says("Read.")) as server:
        async with AgentRuntime(tmp_path, model="openai:m", base_url=server.base_url, timeout_seconds=1) as runtime:
            stopped = await runtime.execute("Read")
            assert (stopped.stop_reason, len(stopped.actions)) == ("timeout", 1)
            result = await runtime.resume(stopped.session_id, timeout_seconds=60)
    assert (result.success, [a.input["start"] for a in result.actions]) == (True, [1, 2])


async def test_max_output_tokens_and_temperature_reach_the_provider(tmp_path: Path) -> None:
    with LoopbackServer(says("Short.")) as server:
        async with AgentRuntime(
            tmp_path, model="openai:m", base_url=server.base_url, max_output_tokens=77, temperature=0.1
        ) as runtime:
            await runtime.execute("Talk")
        request = server.requests[0]
    assert (request["max_completion_tokens"], request["temperature"]) == (77, 0.1)


async def test_the_cost_counts_input_output_and_cached_input_by_the_user_s_prices(tmp_path: Path) -> None:
    prices = {"m": {"input": 2.5, "output": 10}}
    with LoopbackServer(says("Hello.", input_tokens=200_000, output_tokens=10_000)) as server:
        async with AgentRuntime(tmp_path, model="openai:m", base_url=server.base_url, prices=prices) as runtime:
            result = await runtime.execute("Talk")
    assert result.usage["cost"] == pytest.approx(0.6)


async def test_without_counts_from_the_provider_the_usage_is_an_estimate_and_says_so(tmp_path: Path) -> None:
    with LoopbackServer(says("word " * 100, usage=None)) as server:
        async with AgentRuntime(tmp_path, model="openai:m", base_url=server.base_url) as runtime:
            result = await runtime.execute("Talk")
    assert result.usage["estimated"] and 100 < result.usage["output_tokens"] < 150


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"max_tool_calls": 3}, "You have no tool calls left"),
        ({"max_iterations": 4}, "This is your last step"),
        ({"max_total_tokens": 500}, "tokens in this session are left"),
        ({"max_cost": 700.0, "prices": PRICES}, "units of cost in this session are left"),
    ],
)
async def test_near_a_limit_the_model_is_told_once_so_that_it_can_finish(
    tmp_path: Path, limit: dict[str, Any], words: str
) -> None:
    (tmp_path / "notes.txt").write_text("\n".join(map(str, range(9))))
    with LoopbackServer(read(1), read(2), read(3), says("Read so far.", input_tokens=9, output_tokens=9)) as server:
        async with AgentRuntime(tmp_path, model="openai:m", base_url=server.base_url, **limit) as runtime:
            result = await runtime.execute("Read")
        told = [words in str(request["messages"]) for request in server.requests]
    assert (result.success, result.output) == (True, "Read so far.")
    assert told == [False, False, False, True]


async def test_report_and_other_words_of_the_run_itself_are_no_part_of_max_tool_calls(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("1\n2\n")
    report = calls(call("report", suggestions=["Rest"]))
    with LoopbackServer(read(1), report, says("Done.")) as server:
        async with AgentRuntime(tmp_path, model="openai:m", base_url=server.base_url, max_tool_calls=1) as runtime:
            result = await runtime.execute("Read")
    assert (result.success, result.suggestions) == (True, ["Rest"])


async def test_the_tokens_of_a_session_are_limited_over_its_turns(tmp_path: Path) -> None:
    turn = says("Hm.", input_tokens=100, output_tokens=50)
    with LoopbackServer(turn, turn, turn) as server:
        async with AgentRuntime(tmp_path, model="openai:m", base_url=server.base_url, max_total_tokens=250) as runtime:
            session = runtime.start_session()
            results = [await session.send("And?") for _ in range(3)]
    assert [result.stop_reason for result in results] == ["completed", "completed", "max_total_tokens"]
