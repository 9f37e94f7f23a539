"""Traces of runs: the spans, names and attributes of OpenTelemetry's conventions for GenAI, and no content."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from opentelemetry import trace as api
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as conventions
from opentelemetry.trace import SpanKind, StatusCode

from aksara_agent.tracing import PROVIDERS, begin_run

USAGE: Any = {
    "input_tokens": 100, "output_tokens": 20, "total_tokens": 120,
    "input_token_details": {"cache_read": 80}, "output_token_details": {"reasoning": 5},
}  # fmt: skip
ANSWER = AIMessage(
    "The salary of Ada is 7.",
    id="chatcmpl-1",
    usage_metadata=USAGE,
    response_metadata={"model_name": "gpt-x-2026-01-01", "finish_reason": "stop"},
)


class Recorder:
    """A provider of its own, so that no test changes what is global."""

    def __init__(self) -> None:
        self.memory, self.provider = InMemorySpanExporter(), TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.memory))

    def begin(self, model: str = "openai:gpt-x") -> Any:
        return begin_run("run-1", "session-1", "single", model, provider=self.provider)

    @property
    def spans(self) -> dict[str, ReadableSpan]:
        return {span.name: span for span in self.memory.get_finished_spans()}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_run_is_a_span_with_its_model_calls_and_tool_calls_below(recorder: Recorder) -> None:
    trace = recorder.begin()
    with trace.chat(stream=True) as step:
        step.answered(ANSWER)
    with trace.tool("read_file", "call-1", effect="read") as step:
        step.ended("done")
    trace.end("completed")
    run, chat, tool = (recorder.spans[n] for n in ("invoke_agent aksara-agent", "chat gpt-x", "execute_tool read_file"))
    assert run.context and run.parent is None
    for span in (chat, tool):
        assert span.parent and span.parent.span_id == run.context.span_id
    assert (run.kind, chat.kind, tool.kind) == (SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.INTERNAL)
    assert {span.status.status_code for span in (run, chat, tool)} == {StatusCode.UNSET}


def test_the_attributes_are_those_of_the_conventions(recorder: Recorder) -> None:
    trace = recorder.begin()
    with trace.chat(stream=True) as step:
        step.answered(ANSWER)
    with trace.tool("read_file", "call-1", effect="read") as step:
        step.ended("done")
    trace.end("completed")
    chat = attributes(recorder.spans["chat gpt-x"])
    assert chat == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-x",
        "gen_ai.request.stream": True,
        "gen_ai.conversation.id": "session-1",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.model": "gpt-x-2026-01-01",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 80,
        "gen_ai.usage.reasoning.output_tokens": 5,
    }
    tool = attributes(recorder.spans["execute_tool read_file"])
    assert tool == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "read_file",
        "gen_ai.tool.call.id": "call-1",
        "gen_ai.tool.type": "function",
        "aksara.tool.effect": "read",
        "aksara.tool.status": "done",
    }
    run = attributes(recorder.spans["invoke_agent aksara-agent"])
    assert (run["gen_ai.operation.name"], run["gen_ai.agent.name"]) == ("invoke_agent", "aksara-agent")
    assert (run["gen_ai.conversation.id"], run["aksara.run.id"]) == ("session-1", "run-1")
    assert (run["aksara.run.mode"], run["aksara.run.stop_reason"]) == ("single", "completed")
    known = {value for name, value in vars(conventions).items() if name.startswith("GEN_AI_")}
    assert {name for name in {*chat, *tool, *run} if name.startswith("gen_ai.")} <= known


def test_every_provider_that_has_another_name_in_the_conventions_gets_it(recorder: Recorder) -> None:
    assert set(PROVIDERS.values()) <= {value.value for value in conventions.GenAiProviderNameValues}
    for model in ("google_genai:gemini-x", "offline"):
        recorder.begin(model).end("completed")
    first, second = (attributes(span) for span in recorder.memory.get_finished_spans())
    assert (first["gen_ai.provider.name"], first["gen_ai.request.model"]) == ("gcp.gemini", "gemini-x")
    assert (second["gen_ai.provider.name"], second["gen_ai.request.model"]) == ("offline", "offline")


def test_the_run_counts_the_tokens_of_all_its_requests(recorder: Recorder) -> None:
    trace = recorder.begin()
    for model in (None, "anthropic:claude-x"):
        with trace.chat(model) as step:
            step.answered(ANSWER)
    trace.end("completed")
    run = attributes(recorder.spans["invoke_agent aksara-agent"])
    assert (run["gen_ai.usage.input_tokens"], run["gen_ai.usage.output_tokens"]) == (200, 40)
    assert attributes(recorder.spans["chat claude-x"])["gen_ai.provider.name"] == "anthropic"


def test_an_answer_that_says_little_is_recorded_too(recorder: Recorder) -> None:
    trace = recorder.begin()
    with trace.chat() as step:
        step.answered(AIMessage("Hi."))
    assert "gen_ai.usage.input_tokens" not in attributes(recorder.spans["chat gpt-x"])


def test_what_failed_is_an_error_of_its_type_and_its_text_stays_out(recorder: Recorder) -> None:
    trace = recorder.begin()
    with pytest.raises(TimeoutError), trace.chat():
        raise TimeoutError("the answer was: Ada earns 7")
    with trace.tool("write_file", "call-1") as step:
        step.ended("failed")
    with pytest.raises(asyncio.CancelledError), trace.tool("run_command", "call-2"):
        raise asyncio.CancelledError
    trace.end("aborted", subprocess.TimeoutExpired("secret command", 1))
    types = {span.name: attributes(span)["error.type"] for span in recorder.memory.get_finished_spans()}
    assert types == {
        "chat gpt-x": "TimeoutError",
        "execute_tool write_file": "failed",
        "execute_tool run_command": "asyncio.exceptions.CancelledError",
        "invoke_agent aksara-agent": "subprocess.TimeoutExpired",
    }
    for span in recorder.memory.get_finished_spans():
        assert (span.status.status_code, span.status.description, len(span.events)) == (StatusCode.ERROR, None, 0)


@pytest.mark.parametrize("reason", ["completed", "interrupted", "rejected"])
def test_a_run_that_waits_or_was_refused_is_no_error(recorder: Recorder, reason: str) -> None:
    recorder.begin().end(reason)
    assert "error.type" not in attributes(recorder.spans["invoke_agent aksara-agent"])


def test_a_run_that_met_a_limit_is_an_error_of_that_type(recorder: Recorder) -> None:
    recorder.begin().end("max_iterations")
    assert attributes(recorder.spans["invoke_agent aksara-agent"])["error.type"] == "max_iterations"


def test_a_run_can_be_ended_twice(recorder: Recorder) -> None:
    trace = recorder.begin()
    trace.end("completed")
    trace.end("aborted", RuntimeError())
    assert attributes(recorder.spans["invoke_agent aksara-agent"])["aksara.run.stop_reason"] == "completed"


def test_no_message_argument_or_result_is_in_any_attribute(recorder: Recorder) -> None:
    trace = recorder.begin()
    with trace.chat() as step:
        step.answered(ANSWER)
    trace.end("completed")
    assert "salary" not in "".join(span.to_json() for span in recorder.memory.get_finished_spans())


async def test_spans_of_a_generator_and_its_tasks_are_in_one_tree(recorder: Recorder) -> None:
    tracer = recorder.provider.get_tracer("user")

    async def use(trace: Any, number: int) -> None:
        with trace.tool(f"tool_{number}", f"call-{number}"):
            await asyncio.sleep(0)
            with tracer.start_as_current_span(f"SELECT {number}"):
                await asyncio.sleep(0)

    async def run() -> AsyncGenerator[int]:
        trace = recorder.begin()
        try:
            for number in range(3):
                await asyncio.gather(use(trace, number), asyncio.create_task(use(trace, number + 10)))
                yield number
        finally:
            trace.end("completed")

    with tracer.start_as_current_span("POST /ask"):
        async for _ in run():
            assert api.get_current_span().name == "POST /ask"  # type: ignore[attr-defined]
    spans = recorder.spans
    names = {span.context.span_id: name for name, span in spans.items() if span.context}
    parents = {name: names[span.parent.span_id] for name, span in spans.items() if span.parent}
    for number in (0, 1, 2, 10, 11, 12):
        assert parents[f"SELECT {number}"] == f"execute_tool tool_{number}"
        assert parents[f"execute_tool tool_{number}"] == "invoke_agent aksara-agent"
    assert parents["invoke_agent aksara-agent"] == "POST /ask"


def test_the_provider_of_the_application_is_used_when_none_is_given() -> None:
    script = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from aksara_agent.tracing import begin_run
memory, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(memory))
trace.set_tracer_provider(provider)
begin_run("r", "s", "single", "offline").end("completed")
(span,) = memory.get_finished_spans()
print(span.name, span.instrumentation_scope.name)
"""
    assert run_python(script) == "invoke_agent aksara-agent aksara_agent\n"


@pytest.mark.parametrize("blocked", [True, False], ids=["without the API", "with the API alone"])
def test_without_opentelemetry_nothing_happens_and_nothing_breaks(blocked: bool) -> None:
    script = f"""
import sys
import aksara_agent.tracing
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
if {blocked}:
    sys.modules["opentelemetry"] = None
from langchain_core.messages import AIMessage
trace = aksara_agent.tracing.begin_run("r", "s", "single", "openai:gpt-x")
with trace.chat(stream=True) as step:
    step.answered(AIMessage("Hi."))
try:
    with trace.tool("read_file", "c", effect="read") as step:
        step.ended("failed")
        raise KeyError("c")
except KeyError:
    trace.end("aborted", KeyError("c"))
    print("fine")
"""
    assert run_python(script) == "fine\n"


def run_python(script: str) -> str:
    ended = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
