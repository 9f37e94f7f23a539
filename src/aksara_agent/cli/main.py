"""``aksara-agent "task"``: the answer to stdout, what happens to stderr, the outcome as exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from aksara_agent.cli.options import OPTIONS_ERROR, parse

EXIT_CODES = {
    "completed": 0,
    "max_iterations": 3,
    "max_tool_calls": 3,
    "max_total_tokens": 3,
    "loop_detected": 3,
    "rejected": 4,
    "interrupted": 4,
    "timeout": 124,
    "cancelled": 130,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = parse(arguments)
    from aksara_agent.cli.oneshot import run_task  # late: --help must not wait for LangGraph
    from aksara_agent.errors import AksaraAgentError

    try:
        result = run_task(options)
    except AksaraAgentError as error:
        print(f"aksara-agent: {error}", file=sys.stderr)
        return OPTIONS_ERROR
    except KeyboardInterrupt:
        print("aksara-agent: stopped.", file=sys.stderr)
        return EXIT_CODES["cancelled"]
    except BrokenPipeError:
        _detach_stdout()
        return 1
    return EXIT_CODES.get(result.stop_reason, 1)


def _detach_stdout() -> None:
    """Nobody reads any more: point stdout nowhere, so that Python's own flush at exit cannot fail."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
