"""Whether Python parses."""

from __future__ import annotations

import ast
import warnings


def why_it_does_not_parse(path: str, source: str | bytes) -> str | None:
    """The error and its line in words; None when it parses."""
    try:
        with warnings.catch_warnings():  # an escape such as "\d" is doubtful, not broken
            warnings.simplefilter("ignore")
            ast.parse(source, path)
    except SyntaxError as error:
        return f"{error.msg} (line {error.lineno})" if error.lineno else error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return None
