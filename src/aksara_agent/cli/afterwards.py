"""What the commands do: list sessions, go on with one, take a run back."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

from aksara_agent.cli.ask import person_if_there
from aksara_agent.cli.exit_codes import exit_code
from aksara_agent.cli.oneshot import show_all
from aksara_agent.cli.screen import Screen
from aksara_agent.cli.visible import visible
from aksara_agent.results import AgentResult
from aksara_agent.runtime import AgentRuntime
from aksara_agent.sync import run_sync


def sessions(options: argparse.Namespace) -> int:
    """One line a session: id, time, mode, how it stands, its last task."""
    with AgentRuntime(options.project) as runtime:
        for session in runtime.sessions():
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(session["created_at"]))
            status, task = session["last_status"] or "", visible(session["last_task"] or "")[:70]
            print(f"{session['session_id']}  {when}  {session['mode']:12}  {status:14}  {task}")
    return 0


def resume(options: argparse.Namespace) -> int:
    """Go on with a session and show what happens."""
    settings = {"base_url": options.base_url, "max_iterations": options.max_iterations}
    given = {name: value for name, value in settings.items() if value is not None}
    with AgentRuntime(options.project, model=options.model, **given) as runtime:
        result = run_sync(_resume(runtime, options, given))
    return exit_code(result)


async def _resume(runtime: AgentRuntime, options: argparse.Namespace, settings: dict[str, Any]) -> AgentResult:
    decisions = None
    if options.approve or options.reject is not None:
        waiting = await runtime.waiting(options.session)
        decision = True if options.approve else {"type": "reject", "message": options.reject}
        decisions = [decision] * len(waiting)
    asked = {"decisions": decisions, "take_over": options.take_over, "approval_callback": person_if_there(), **settings}
    return await show_all(runtime.resume_stream(options.session, **asked), Screen(runtime.resources).show)


def undo(options: argparse.Namespace) -> int:
    """Take a run back and say what was done."""
    with AgentRuntime(options.project) as runtime:
        run_id = runtime.store.runs.latest().run_id if options.run == "last" else options.run
        undone = run_sync(runtime.undo(run_id))
    taken_back = (
        ("Restored", undone.restored + undone.restored_rows),
        ("Deleted", undone.deleted + undone.deleted_rows),
        ("Inserted again", undone.reinserted_rows),
    )
    for word, names in taken_back:
        for name in names:
            print(f"{word} {visible(name)}")
    for action in undone.not_undone:
        print(f"Not undone: {action.tool} {visible(str(action.input))}")
    if not any(names for _, names in taken_back) and not undone.not_undone:
        print("Nothing to undo.")
    return 0


ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {"sessions": sessions, "resume": resume, "undo": undo}
