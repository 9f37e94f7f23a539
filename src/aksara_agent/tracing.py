"""OpenTelemetry spans of a run by the semantic conventions for GenAI, when the OpenTelemetry API is installed.

invoke_agent aksara-agent
├── chat {model}           each request to the model
└── execute_tool {tool}    each tool call; what the tool does itself nests below it

No content: no message, argument, result or text of an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, TracerProvider

AGENT = "aksara-agent"
# LangChain's names of providers where the conventions have another one.
PROVIDERS = {
    "azure_ai": "azure.ai.inference",
    "azure_openai": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "bedrock_converse": "aws.bedrock",
    "google_genai": "gcp.gemini",
    "google_vertexai": "gcp.vertex_ai",
    "ibm": "ibm.watsonx.ai",
    "mistralai": "mistral_ai",
    "xai": "x_ai",
}
NO_ERROR = ("completed", "interrupted", "done", "rejected")  # a person who says no is no fault


class Trace:
    """The trace of a run that nobody records: each method does nothing."""

    @contextmanager
    def chat(self, model: str | None = None, *, stream: bool = False) -> Iterator[Step]:
        """Around one request to a model, the run's own one unless another is named."""
        yield Step()

    @contextmanager
    def tool(self, name: str, call_id: str, *, effect: str | None = None) -> Iterator[Step]:
        """Around one tool call."""
        yield Step()

    def end(self, stop_reason: str, error: BaseException | None = None) -> None:
        """The run is over, by this reason or by an exception; what follows is ignored."""


class Step:
    """A model call or tool call that nobody records."""

    def answered(self, answer: AIMessage) -> None:
        """The model's answer: its tokens, its model and why it ended."""

    def ended(self, status: str) -> None:
        """The status that the action has in the journal: ``done``, ``failed`` and so on."""


def begin_run(run_id: str, session_id: str, mode: str, model: str, *, provider: TracerProvider | None = None) -> Trace:
    """Begin the trace of a run below the span that is current here; ``model`` is ``provider:name``, or ``offline``."""
    api = _api()
    if api is None:
        return Trace()
    attributes = {"aksara.run.id": run_id, "aksara.run.mode": mode}
    return _Recorded(api, provider, session_id, model, attributes)


@cache
def _api() -> Any:
    """OpenTelemetry's trace module, None when it is not installed."""
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    return trace


class _Recorded(Trace):
    """Spans with an explicit parent: a run is a generator and its nodes are tasks, so none can stay current."""

    def __init__(self, api: Any, provider: Any, session_id: str, model: str, attributes: Mapping[str, Any]) -> None:
        self._api, self._model, self._session_id = api, model, session_id
        self._tracer = api.get_tracer("aksara_agent", version(AGENT), tracer_provider=provider)
        self._tokens = {"input": 0, "output": 0}
        request = {**_request("invoke_agent", model), "gen_ai.conversation.id": session_id}
        agent = {"gen_ai.agent.name": AGENT, "gen_ai.agent.version": version(AGENT)}
        self._span: Span = self._tracer.start_span(
            f"invoke_agent {AGENT}", attributes={**request, **agent, **attributes}
        )
        self._below: Context = api.set_span_in_context(self._span)

    @contextmanager
    def chat(self, model: str | None = None, *, stream: bool = False) -> Iterator[Step]:
        request = {**_request("chat", model or self._model), "gen_ai.conversation.id": self._session_id}
        name = f"chat {request['gen_ai.request.model']}"
        with self._current(name, {**request, "gen_ai.request.stream": stream}, self._api.SpanKind.CLIENT) as span:
            yield _RecordedStep(self._api, span, self._tokens)

    @contextmanager
    def tool(self, name: str, call_id: str, *, effect: str | None = None) -> Iterator[Step]:
        attributes = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": name,
            "gen_ai.tool.call.id": call_id,
            "gen_ai.tool.type": "function",
            **({"aksara.tool.effect": effect} if effect else {}),
        }
        with self._current(f"execute_tool {name}", attributes, self._api.SpanKind.INTERNAL) as span:
            yield _RecordedStep(self._api, span, self._tokens)

    def end(self, stop_reason: str, error: BaseException | None = None) -> None:
        if not self._span.is_recording():
            return
        self._span.set_attribute("aksara.run.stop_reason", stop_reason)
        self._span.set_attributes({f"gen_ai.usage.{way}_tokens": count for way, count in self._tokens.items()})
        if error is not None or stop_reason not in NO_ERROR:
            _fail(self._api, self._span, _type_of(error) if error is not None else stop_reason)
        self._span.end()

    @contextmanager
    def _current(self, name: str, attributes: Mapping[str, Any], kind: Any) -> Iterator[Span]:
        """A span that is current for what one task does inside, so that spans of others nest in it."""
        span: Span = self._tracer.start_span(name, context=self._below, kind=kind, attributes=attributes)
        try:
            with self._api.use_span(span, record_exception=False, set_status_on_exception=False):
                yield span
        except BaseException as error:
            _fail(self._api, span, _type_of(error))
            raise
        finally:
            span.end()


class _RecordedStep(Step):
    def __init__(self, api: Any, span: Span, tokens: dict[str, int]) -> None:
        self._api, self._span, self._tokens = api, span, tokens

    def answered(self, answer: AIMessage) -> None:
        said, counts = answer.response_metadata, cast(dict[str, Any], answer.usage_metadata or {})
        reason = said.get("finish_reason") or said.get("stop_reason")
        sent, written = counts.get("input_token_details") or {}, counts.get("output_token_details") or {}
        known = {
            "gen_ai.response.id": said.get("id") or answer.id,
            "gen_ai.response.model": said.get("model_name") or said.get("model"),
            "gen_ai.response.finish_reasons": [str(reason)] if reason else None,
            "gen_ai.usage.input_tokens": counts.get("input_tokens"),
            "gen_ai.usage.output_tokens": counts.get("output_tokens"),
            "gen_ai.usage.cache_read.input_tokens": sent.get("cache_read"),
            "gen_ai.usage.cache_creation.input_tokens": sent.get("cache_creation"),
            "gen_ai.usage.reasoning.output_tokens": written.get("reasoning"),
        }
        self._span.set_attributes({name: value for name, value in known.items() if value is not None})
        for way in self._tokens:
            self._tokens[way] += counts.get(f"{way}_tokens", 0)

    def ended(self, status: str) -> None:
        self._span.set_attribute("aksara.tool.status", status)
        if status not in NO_ERROR:
            _fail(self._api, self._span, status)


def _request(operation: str, model: str) -> dict[str, Any]:
    provider, _, name = model.partition(":")
    return {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": PROVIDERS.get(provider, provider),
        "gen_ai.request.model": name or provider,
    }


def _fail(api: Any, span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(api.Status(api.StatusCode.ERROR))


def _type_of(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
