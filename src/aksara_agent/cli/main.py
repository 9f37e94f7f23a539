"""``aksara-agent "task"``: the answer to stdout, what happens to stderr, the outcome as exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from aksara_agent.cli.commands import COMMANDS, parse_command, run_command
from aksara_agent.cli.options import parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] and words[0] in COMMANDS:
        command = parse_command(words)
        return _guarded(lambda: run_command(command))
    options = parse(words)
    return _guarded(lambda: _run_task(options))


def _run_task(options: object) -> int:
    from aksara_agent.cli.oneshot import run_task  # late: --help must not wait for LangGraph

    return run_task(options)  # type: ignore[arg-type]


def _guarded(work: Callable[[], int]) -> int:
    """Errors as one sentence, never as a traceback."""
    from aksara_agent.cli.exit_codes import FAILED, STOPPED_BY_PERSON, WRONG_USAGE
    from aksara_agent.errors import AksaraAgentError

    try:
        return work()
    except AksaraAgentError as error:
        print(f"aksara-agent: {error}", file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        print("aksara-agent: stopped; go on with: aksara-agent sessions, aksara-agent resume ID", file=sys.stderr)
        return STOPPED_BY_PERSON
    except BrokenPipeError:
        _detach_stdout()
        return FAILED


def _detach_stdout() -> None:
    """Nobody reads any more: point stdout nowhere, so that Python's own flush at exit cannot fail."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
