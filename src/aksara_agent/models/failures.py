"""What kind of failure an exception is, without importing any provider. The kinds in PASSING may go better later."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from aksara_agent.state import Failure

_BY_STATUS = {
    400: "bad_request",
    401: "authentication",
    403: "authentication",
    404: "not_found",
    408: "timeout",
    429: "rate_limit",
}
PASSING = frozenset({"rate_limit", "server", "connection", "timeout", "empty_answer", "malformed_answer"})
_LASTING = (FileNotFoundError, FileExistsError, PermissionError, NotADirectoryError, IsADirectoryError)
_TRANSPORT = ("httpx", "httpcore", "aiohttp", "anyio", "h11")
_ADVICE = {
    "authentication": "Check the API key (api_key=…, or the provider's environment variable).",
    "not_found": "Check the model's name and base_url.",
    "bad_request": "The provider refused the request as it is; asking again would not help.",
    "context_length": "The conversation is longer than the model can read; start a new session or use a larger model.",
    "connection": "Check that the endpoint is up and base_url is right.",
    "empty_answer": "Try another model, or put the task more precisely.",
}


class EmptyAnswer(Exception):
    """The model answered with neither text nor a tool call."""


class ContextTooLong(Exception):
    """The conversation does not fit into what the model takes, however it is shortened."""


def failure_of(error: Exception) -> Failure:
    """The failure record for an exception of a model call: its kind, a message for people, and Retry-After."""
    kind = kind_of(error)
    text = " ".join(str(error).split()) or type(error).__name__
    message = f"The model call failed ({kind.replace('_', ' ')}): {text[:500]}"
    advice = _ADVICE.get(kind)
    return {"kind": kind, "message": f"{message} {advice}" if advice else message, "retry_after": retry_after(error)}


def kind_of(error: Exception) -> str:
    """The kind of an exception that a model's or a tool's code raised."""
    status, names = getattr(error, "status_code", None), {cls.__name__ for cls in type(error).__mro__}
    if isinstance(error, EmptyAnswer):
        return "empty_answer"
    if isinstance(error, ValidationError):  # LangChain could not make a message of what the provider sent
        return "malformed_answer"
    if _says_too_long(error):
        return "context_length"
    if isinstance(status, int):
        return _BY_STATUS.get(status, "server" if status >= 500 else "bad_request")
    if isinstance(error, TimeoutError) or any(name.endswith(("Timeout", "TimeoutError")) for name in names):
        return "timeout"
    if isinstance(error, _LASTING):
        return "unexpected"
    if isinstance(error, OSError) or "APIConnectionError" in names or type(error).__module__.startswith(_TRANSPORT):
        return "connection"
    return "unexpected"


def _says_too_long(error: Exception) -> bool:
    """Whether the conversation was too long: by the provider's code, or by the words of those without one."""
    if isinstance(error, ContextTooLong) or getattr(error, "code", None) == "context_length_exceeded":
        return True
    text = str(error).lower()
    return getattr(error, "status_code", None) == 400 and "context" in text and ("length" in text or "window" in text)


def retry_after(error: Exception) -> float | None:
    """Seconds that the provider asks us to wait, when it says so in seconds."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after")))
    except (TypeError, ValueError):
        return None
