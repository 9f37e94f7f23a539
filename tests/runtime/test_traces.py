"""OpenTelemetry spans of a whole run, as a user's exporter gets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, fails, says


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What the process's tracer exports."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield exporter
    provider.shutdown()


async def test_a_run_is_a_tree_of_spans_for_the_agent_its_requests_and_its_tools(
    tmp_path: Path, spans: InMemorySpanExporter, quick: None
) -> None:
    script = [fails(500), calls(call("list_models"), call("read_file", path="nowhere")), says("None.")]
    with LoopbackServer(*script) as server:
        async with AgentRuntime(tmp_path, model="openai:test", base_url=server.base_url) as runtime:
            result = await runtime.execute("Models?")
    told = spans.get_finished_spans()
    (agent,) = [span for span in told if span.name == "invoke_agent aksara-agent"]
    below = [span for span in told if span.parent and span.parent.span_id == agent.context.span_id]
    assert sorted(span.name for span in below) == [
        "chat test", "chat test", "chat test", "execute_tool list_models", "execute_tool read_file",
    ]  # fmt: skip
    assert agent.attributes is not None
    assert agent.attributes["gen_ai.usage.input_tokens"] == result.usage["input_tokens"]
    failed = [
        span.name for span in told if not span.status.is_ok and span.attributes and "error.type" in span.attributes
    ]
    assert sorted(failed) == ["chat test", "execute_tool read_file"]


async def test_a_run_ends_its_span_when_the_listener_walks_away(tmp_path: Path, spans: InMemorySpanExporter) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(calls(call("list_models")), says("None.")))
    async with runtime, aclosing(runtime.execute_stream("Models?")) as events:
        async for event in events:
            if event.type == "action":
                break
    (agent,) = [span for span in spans.get_finished_spans() if span.name == "invoke_agent aksara-agent"]
    assert agent.attributes is not None and agent.attributes["aksara.run.stop_reason"] == "cancelled"
