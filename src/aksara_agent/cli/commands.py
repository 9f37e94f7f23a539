"""``aksara-agent sessions``, ``resume`` and ``undo``, for after a run; ``config``, for before it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

COMMANDS = ("sessions", "resume", "undo", "config")


def parse_command(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command; leaves with exit code 2 when they are wrong."""
    parser = argparse.ArgumentParser(prog="aksara-agent")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--project", default=".", metavar="DIR", help="folder of the backend project (default: here)")
    commands.add_parser("sessions", parents=[shared], help="list the sessions of the project")

    resume = commands.add_parser("resume", parents=[shared], help="go on after a crash, a limit or an open approval")
    resume.add_argument("session", help="id of the session")
    resume.add_argument("-m", "--model", metavar="NAME", help="'provider:name', or 'offline'")
    resume.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint")
    decision = resume.add_mutually_exclusive_group()
    decision.add_argument("--approve", action="store_true", help="approve every call that waits")
    decision.add_argument("--reject", metavar="MESSAGE", help="reject every call that waits, and tell the model why")
    resume.add_argument("--max-iterations", type=int, metavar="N", help="think-act cycles at most")
    resume.add_argument("--take-over", action="store_true", help="take it from a process that seems to be alive")

    undo = commands.add_parser("undo", parents=[shared], help="bring back the files and rows that a run changed")
    undo.add_argument("run", nargs="?", default="last", help="id of the run (default: the last one)")

    config = commands.add_parser("config", parents=[shared], help="show each setting and where it came from")
    config.add_argument("--json", action="store_true", help="print it as JSON")
    return parser.parse_args(arguments)


def run_command(options: argparse.Namespace) -> int:
    """Carry a command out and return the exit code."""
    if options.command == "config":
        from aksara_agent.cli.config import config

        return config(options)
    from aksara_agent.cli import afterwards  # late: --help must not wait for LangGraph

    return afterwards.ACTIONS[options.command](options)
