"""The little language in which the script of a test double is written.

    ScriptedModel(calls(call("read_file", path="models.py")), says("It has three models."))
    LoopbackServer(fails(429, retry_after=1), drops(), says("Third time lucky."))

An entry may also be a function of the messages that returns one of these; for a ScriptedModel an exception.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aksara_agent.testing.errors import ScriptError


@dataclass(frozen=True)
class Usage:
    """What a provider reports about one answer, in tokens."""

    input_tokens: int = 10
    output_tokens: int = 5


@dataclass(frozen=True)
class Call:
    """One tool call. `raw_arguments` is the JSON text as a model writes it; an empty id is numbered later."""

    name: str
    raw_arguments: str
    id: str = ""


@dataclass(frozen=True)
class Reply:
    """One answer of the model. `usage` is None for a provider that does not report it."""

    text: str
    tool_calls: tuple[Call, ...]
    usage: Usage | None
    finish_reason: str


@dataclass(frozen=True)
class Failure:
    """An HTTP error status with an OpenAI-shaped body; `retry_after` in seconds or as an HTTP date."""

    status: int
    retry_after: float | str | None
    code: str | None
    message: str | None


@dataclass(frozen=True)
class Drop:
    """A connection that closes: before the answer, or after some chunks of `reply`."""

    after_chunks: int | None
    reply: Reply


@dataclass(frozen=True)
class Stall:
    """A silence of some seconds, before `reply` or after some chunks of it."""

    seconds: float
    after_chunks: int | None
    reply: Reply


Fault = Failure | Drop | Stall
Answer = Reply | Fault | BaseException
Entry = Answer | Callable[[list[Any]], Answer]

DEFAULT_USAGE = Usage()


def says(
    text: str,
    *,
    input_tokens: int | None = None,
    output_tokens: int | None = None,
    usage: Usage | None = DEFAULT_USAGE,
    finish_reason: str = "stop",
) -> Reply:
    """An answer in words; `says("")` is an empty one. Usage is 10 tokens in and 5 out unless set."""
    if not isinstance(text, str):
        raise ScriptError(f"says() takes a text, got {text!r} ({type(text).__name__})")
    return Reply(text, (), _usage(usage, input_tokens, output_tokens), finish_reason)


def calls(
    *tool_calls: Call,
    text: str = "",
    input_tokens: int | None = None,
    output_tokens: int | None = None,
    usage: Usage | None = DEFAULT_USAGE,
    finish_reason: str = "tool_calls",
) -> Reply:
    """An answer that asks for tools, all at once; `text` is what the model says beside it."""
    wrong = [item for item in tool_calls if not isinstance(item, Call)]
    if wrong or not tool_calls:
        got = repr(wrong[0]) if wrong else "nothing"
        raise ScriptError(f'calls() takes one or more call("tool_name", ...), got {got}')
    return Reply(text, tool_calls, _usage(usage, input_tokens, output_tokens), finish_reason)


def call(
    name: str,
    arguments: Mapping[str, Any] | None = None,
    /,
    *,
    call_id: str = "",
    raw_arguments: str | None = None,
    **more_arguments: Any,
) -> Call:
    """One tool call: `call("read_file", path="a.py")`.

    A mapping is for arguments that are no Python names or are named like the parameters here.
    `raw_arguments` is sent as it is, so it may be malformed JSON.
    """
    if raw_arguments is not None:
        if arguments or more_arguments:
            raise ScriptError(f"call({name!r}) takes either arguments or raw_arguments, got both")
        return Call(name, raw_arguments, call_id)
    try:
        written = json.dumps({**(arguments or {}), **more_arguments}, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ScriptError(f"the arguments of call({name!r}) must be JSON: {error}") from error
    return Call(name, written, call_id)


def _usage(usage: Usage | None, input_tokens: int | None, output_tokens: int | None) -> Usage | None:
    """The usage with the given numbers put in."""
    if usage is None:
        if input_tokens is not None or output_tokens is not None:
            raise ScriptError("usage=None sends no usage; leave out input_tokens and output_tokens")
        return None
    return Usage(
        usage.input_tokens if input_tokens is None else input_tokens,
        usage.output_tokens if output_tokens is None else output_tokens,
    )
