"""What is said about values that a row cannot get, whatever the framework."""

from __future__ import annotations

from typing import Any

from .failures import RequestError


def check_object(values: Any) -> None:
    if not isinstance(values, dict) or not values:
        raise RequestError('values is an object such as {{"title": "x"}}, not {!r:.80}'.format(values))


def check_length(field: str, value: Any, longest: Any) -> None:
    if isinstance(value, str) and longest and len(value) > longest:
        raise RequestError("{} takes at most {} characters, not {}".format(field, longest, len(value)))


def refuse_key(field: str, model: str) -> RequestError:
    message = "{} is the primary key of {}: it cannot be changed; create another row instead"
    return RequestError(message.format(field, model))


def refuse_secret(model: str, field: str) -> RequestError:
    return RequestError("{}.{} holds a secret: it can be neither read nor set here".format(model, field))


def unsettable(field: str, type_name: str) -> RequestError:
    return RequestError("{} is a {} column: its values cannot be set here".format(field, type_name))


def refuse_missing(model: str, missing: dict[str, str], secret: list[str]) -> None:
    """RequestError when a field that needs a value (by name, with its type) gets none."""
    if secret:
        message = "a {} needs {}, which holds a secret and cannot be set here: create it in the application"
        raise RequestError(message.format(model, " and ".join(secret)))
    if missing:
        columns = ["{} ({})".format(field, kind) for field, kind in missing.items()]
        raise RequestError("a {} needs {}".format(model, ", ".join(columns)))
