"""The bodies of OpenAI's chat completions API, made from scripted replies and failures."""

from collections.abc import Iterator
from typing import Any

from aksara_agent.testing.pieces import CallPiece, pieces_of
from aksara_agent.testing.replies import Call, Failure, Reply, Usage

JSON = dict[str, Any]

CREATED = 1_700_000_000
"""A fixed time (in seconds since 1970), so that the same script always gives the same bytes."""

FAILURES: dict[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "The request is not valid."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("invalid_request_error", None, "You are not allowed to use this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."),
    503: ("server_error", None, "The engine is currently overloaded. Please try again later."),
}
"""Type, code and message by HTTP status."""

MESSAGES = {
    "context_length_exceeded": "This model's maximum context length is 8192 tokens. "
    "Please reduce the length of the messages.",
    "insufficient_quota": "You exceeded your current quota. Please check your plan and billing details.",
}
"""Messages by error code."""


def completion(reply: Reply, *, number: int, model: str) -> JSON:
    """The body of a plain answer; `number` is that of the request, from 1."""
    message: JSON = {"role": "assistant", "content": reply.text or (None if reply.tool_calls else "")}
    if reply.tool_calls:
        message["tool_calls"] = [_tool_call(tool_call) for tool_call in reply.tool_calls]
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason, "logprobs": None}
    body = _head(number, model, "chat.completion") | {"choices": [choice]}
    return body | {"usage": _usage(reply.usage)} if reply.usage else body


def completion_chunks(reply: Reply, *, number: int, model: str, include_usage: bool) -> Iterator[JSON]:
    """The bodies of a streamed answer: the role, then the pieces, then the finish reason, then the usage."""
    head = _head(number, model, "chat.completion.chunk")
    if include_usage and reply.usage:
        head["usage"] = None

    def chunk(delta: JSON, finish_reason: str | None = None) -> JSON:
        return head | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces_of(reply):
        yield chunk(_delta(piece))
    yield chunk({}, reply.finish_reason)
    if include_usage and reply.usage:
        yield head | {"choices": [], "usage": _usage(reply.usage)}


def error_body(failure: Failure) -> JSON:
    """The body of an error; what the script does not say is what OpenAI says for the status."""
    kind = "invalid_request_error" if failure.status < 500 else "server_error"
    kind, code, message = FAILURES.get(failure.status, (kind, None, f"HTTP error {failure.status}."))
    if failure.code:
        code, message = failure.code, MESSAGES.get(failure.code, message)
    return {"error": {"message": failure.message or message, "type": kind, "param": None, "code": code}}


def model_list(*names: str) -> JSON:
    """The body of GET /v1/models."""
    models = [{"id": name, "object": "model", "created": CREATED, "owned_by": "loopback"} for name in names]
    return {"object": "list", "data": models}


def _head(number: int, model: str, kind: str) -> JSON:
    return {"id": f"chatcmpl-{number}", "object": kind, "created": CREATED, "model": model}


def _tool_call(tool_call: Call) -> JSON:
    function = {"name": tool_call.name, "arguments": tool_call.raw_arguments}
    return {"id": tool_call.id, "type": "function", "function": function}


def _delta(piece: str | CallPiece) -> JSON:
    if isinstance(piece, str):
        return {"content": piece}
    part: JSON = {"index": piece.index, "function": {"arguments": piece.arguments}}
    if piece.name is not None:
        part |= {"id": piece.id, "type": "function"}
        part["function"]["name"] = piece.name
    return {"tool_calls": [part]}


def _usage(usage: Usage) -> JSON:
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }
