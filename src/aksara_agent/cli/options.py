"""The options of the command line, with the standard library alone so that --help is quick."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from aksara_agent import __version__

OPTIONS_ERROR = 2
EPILOG = """\
examples:
  aksara-agent "Review the Post model and suggest improvements"
  aksara-agent "Analyze models" --tools query_records,list_models,describe_model
  aksara-agent "Which models exist?" --project ../blog --json | jq .
  git diff | aksara-agent "review this"

afterwards:
  aksara-agent sessions                         list the sessions of the project
  aksara-agent resume ID [--approve]            go on after a crash, a limit or an open approval
  aksara-agent undo [RUN]                       bring back the files that a run changed

before:
  aksara-agent config                           show each setting and where it came from

exit codes: 0 success, 1 failed, 2 wrong usage, 3 stopped by a limit, 4 needs approval, 124 timeout, 130 Ctrl-C
"""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options as given; leaves with exit code 2 and a usage line when they are wrong."""
    parser = argparse.ArgumentParser(
        prog="aksara-agent",
        description="Say what you want of your backend project; an agent does it with tools and tells what it did.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("task", nargs="?", help="what to do; text from stdin is added to it, or is the task")
    add("--project", default=".", metavar="DIR", help="folder of the backend project (default: here)")
    add(
        "-m",
        "--model",
        metavar="NAME",
        help="'provider:name', or 'offline' (default: the project's setting, else offline)",
    )
    add("--base-url", metavar="URL", help="an OpenAI-compatible endpoint, e.g. http://127.0.0.1:11434/v1")
    add("--tools", metavar="A,B", help="only these tools")
    add("--tools-folder", metavar="DIR", help="folder with tools of your own; its code is run")
    add("--mode", choices=("single", "conversation", "autonomous", "supervised"), help="default: single")
    add("--read-only", action="store_true", help="offer no tool that changes anything")
    add("--max-iterations", type=int, metavar="N", help="think-act cycles at most (default: 20)")
    add("--timeout", type=float, metavar="SECONDS", help="seconds at most (default: 300)")
    add("--interactive", action="store_true", help="ask before each action")
    add("--yes", action="store_true", help="approve whatever asks")
    add("--json", action="store_true", help="print the events as JSON lines, the result last")
    add("--version", action="version", version=f"aksara-agent {__version__}")
    options = parser.parse_args(arguments)
    options.task = _with_stdin(options.task)
    if not options.task:
        parser.error('no task: say what you want, e.g. aksara-agent "Review the Post model"')
    return options


def _with_stdin(task: str | None) -> str:
    """The task and what was piped in. A terminal is not read from, nor a stdin that is closed."""
    piped = ""
    if sys.stdin is not None and not sys.stdin.closed and not sys.stdin.isatty():
        piped = sys.stdin.buffer.read().decode("utf-8", errors="replace").strip()
    return "\n\n".join(part for part in ((task or "").strip(), piped) if part)
