"""Checks a scripted tool call against the tools that the model was really given."""

import json
from collections.abc import Sequence
from typing import Any

from aksara_agent.testing.replies import Call


def tool_name(schema: dict[str, Any]) -> str:
    """The name of a tool in OpenAI's format; a provider's own tool is named by its type."""
    described = schema.get("function", schema)
    return str(described.get("name") or described.get("type"))


def problem_with(tool_call: Call, schemas: Sequence[dict[str, Any]]) -> str | None:
    """What is wrong with the call in one sentence, or None. Malformed arguments are wrong on purpose."""
    schema = next((schema for schema in schemas if tool_name(schema) == tool_call.name), None)
    if schema is None:
        bound = ", ".join(tool_name(schema) for schema in schemas) or "none"
        return f"the script calls {tool_call.name!r}, which is not bound; bound tools: {bound}"
    parameters = schema.get("function", {}).get("parameters")
    arguments = parse_arguments(tool_call.raw_arguments)
    if not parameters or arguments is None:
        return None
    known, required = parameters.get("properties", {}), parameters.get("required", [])
    missing = [name for name in required if name not in arguments]
    unknown = [name for name in arguments if name not in known]
    if parameters.get("additionalProperties"):
        unknown = []
    if not missing and not unknown:
        return None
    wrong = [f"without the required {name!r}" for name in missing]
    wrong += [f"with the unknown {name!r}" for name in unknown]
    takes = ", ".join(f"{name} (required)" if name in required else name for name in known) or "nothing"
    return f"the script calls {tool_call.name!r} {' and '.join(wrong)}; it takes: {takes}"


def parse_arguments(raw_arguments: str) -> dict[str, Any] | None:
    """The arguments as a provider's client reads them: empty text is no arguments; None when malformed."""
    try:
        # strict=False as in langchain-openai: models write raw line breaks into strings.
        parsed = json.loads(raw_arguments, strict=False) if raw_arguments else {}
    except json.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None
