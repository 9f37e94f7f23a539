"""The process that is killed. Fresh: ``victim.py run JOB``; or a warm parent that forks one for each job line."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, TypedDict

from crash_points import Switch, watch_files
from crash_scenario import PlannedModel, tools_of

from aksara_agent import AgentRuntime
from aksara_agent.store import postgres, sqlite  # noqa: F401 (a warm parent has everything loaded)


class Job(TypedDict, total=False):
    """What a process is to do; ``home`` holds the project, the ledger and the reports."""

    home: str
    do: str  # execute, send, message, resume, actions
    text: str
    session: str
    checkpoints: str
    report: str
    point: str | None
    how: str
    decisions: list[Any] | None
    approve: bool
    always: bool  # the approver says yes for the rest of the session
    take_over: bool
    stubborn: bool
    settings: dict[str, Any]


def perform(job: Job) -> None:
    """Do the job and write a report: the result, or the error that the user would see."""
    home = Path(job["home"])
    switch = Switch(job.get("point"), job.get("how", "KILL"))
    watch_files(switch)
    try:
        report = asyncio.run(_perform(job, home, switch))
    except Exception as error:  # whatever comes out of the public methods is what is tested
        report = {"error": type(error).__name__, "text": str(error), "trace": traceback.format_exc()}
    Path(job["report"]).write_text(json.dumps({**report, **switch.counts}))


async def _perform(job: Job, home: Path, switch: Switch) -> dict[str, Any]:
    model = PlannedModel(switch=switch, outside=home, stubborn=job.get("stubborn", False))

    def approve(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        switch.reach("approval:asked")
        with (home / "asked.txt").open("a") as asked:
            asked.write(f"{tool}\n")
        switch.reach("approval:answered")
        return {"type": "approve", "always": job.get("always", False)}

    runtime = AgentRuntime(
        home / "project",
        model=model,
        tools=tools_of(home, switch),
        require_approval_for=("deploy",),
        checkpoints=job.get("checkpoints", "sqlite"),
        approval_callback=approve if job.get("approve") else None,
    )
    switch.watch(runtime.store.database)
    async with runtime:
        return await _done(job, runtime)


async def _done(job: Job, runtime: AgentRuntime) -> dict[str, Any]:
    session, settings = job["session"], job.get("settings", {})
    if job["do"] == "execute":
        return {"result": (await runtime.execute("Do the plan", session_id=session, **settings)).to_dict()}
    if job["do"] == "send":
        return {"result": (await runtime.start_session(session).send("Do the plan")).to_dict()}
    if job["do"] == "message":
        return {"result": (await runtime.start_session(session).send(job["text"])).to_dict()}
    if job["do"] == "resume":
        options = {"decisions": job.get("decisions"), "take_over": job.get("take_over", False), **settings}
        result = await runtime.resume(session, **options)
        return {"result": result.to_dict()}
    assert job["do"] == "actions", job
    actions = [await runtime.store.journal().actions(run_id) for run_id in runs_of(session, runtime)]
    return {"actions": [action.to_dict() for done in actions for action in done]}


def runs_of(session: str, runtime: AgentRuntime) -> list[str]:
    """The ids of a session's runs."""
    with runtime.store.database.transaction() as cursor:
        cursor.execute("SELECT run_id FROM aksara_runs WHERE session_id = ? ORDER BY started_at", (session,))
        return [run_id for (run_id,) in cursor.fetchall()]


def serve() -> None:
    """Fork for each job that comes in; the parent has one thread and no open database."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                perform(json.loads(line))
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        perform(json.loads(sys.argv[2]))
