"""AgentRuntime: point it at a project, say what you want, get a result. Start reading here."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self, Unpack

from langchain_core.language_models import BaseChatModel

from aksara_agent.action_log import ActionLog
from aksara_agent.approver import Approver
from aksara_agent.arguments import SettingsArguments, checked_mode, checked_task
from aksara_agent.events import AnyEvent
from aksara_agent.hooks import HookArguments
from aksara_agent.outcome import requests_of
from aksara_agent.provision import Provision
from aksara_agent.resources import Check, Resources
from aksara_agent.results import AgentResult
from aksara_agent.resume import close_off, next_step
from aksara_agent.run import Run, result_of
from aksara_agent.session import Session
from aksara_agent.store.database import Claim
from aksara_agent.store.sessions import SessionInfo
from aksara_agent.store.store import FOLDER, Store
from aksara_agent.sync import run_sync
from aksara_agent.threads import Thread, Threads
from aksara_agent.undo import Undone, undo
from aksara_agent.workspace import Workspace

LOG_FILE = "actions.jsonl"
# Not a run's to keep, when it is resumed by a runtime that has its own.
OF_THE_RUNTIME = ("project", "model", "fallback_models", "base_url", "temperature", "checkpoints")


class Arguments(SettingsArguments, HookArguments):
    """What AgentRuntime takes by keyword beside its own parameters."""


class AgentRuntime:
    """Runs agents on one project.

    ``model`` is a chat model object or a name such as "openai:gpt-4o-mini"; without one, and with none in
    the environment or the project's settings, the rule-based offline model works. ``fallback_models`` step
    in, in order, when it fails. ``tools`` are names, Tool classes, functions or LangChain tools; without
    them, all that the policy allows. Further keywords are settings (``Context``) and hooks (``Hooks``).
    Raises ConfigurationError and ProjectError for what cannot work.
    """

    def __init__(
        self,
        project: str | Path = ".",
        *,
        model: str | BaseChatModel | None = None,
        fallback_models: Sequence[str | BaseChatModel] | None = None,
        tools: Sequence[Any] | None = None,
        tools_folder: str | Path | None = None,
        api_key: str | None = None,
        approval_callback: Approver | None = None,
        **options: Unpack[Arguments],
    ) -> None:
        self._provision = Provision(project, model, fallback_models, tools, tools_folder, api_key, options)
        self.project, self.resources = self._provision.project, self._provision.standard
        self._threads = Threads(self.resources.context.checkpoints, self.project.root)
        self._approver = approval_callback

    async def execute(self, task: str | None = None, **options: Any) -> AgentResult:
        """Do a task and return its result. Takes what ``execute_stream`` takes."""
        return await result_of(self._events(task, stream=False, **options))

    def execute_sync(self, task: str | None = None, **options: Any) -> AgentResult:
        """``execute`` for scripts; also works where an event loop is already running."""
        return run_sync(self.execute(task, **options))

    def execute_stream(self, task: str | None = None, **options: Any) -> AsyncGenerator[AnyEvent]:
        """Do a task and yield its events as they happen; the last is ``complete`` and carries the result.

        Options: ``goal`` (instead of a task), ``mode``, ``tools``, ``session_id``, ``approval_callback``,
        ``check`` (a function or shell command that says whether the goal is reached), and any setting of
        AgentRuntime, for this run alone.
        """
        return self._events(task, stream=True, **options)

    async def resume(self, session_id: str, **options: Any) -> AgentResult:
        """Go on with a session's last run and return its result. Takes what ``resume_stream`` takes."""
        return await result_of(self._resumed(session_id, stream=False, **options))

    def resume_stream(self, session_id: str, **options: Any) -> AsyncGenerator[AnyEvent]:
        """Go on with a session's last run: after a crash, a limit or a failure, or with the decisions it waits for.

        Options: ``decisions``, one for each waiting call, in order: True, False, or a mapping as in LangChain's
        human-in-the-loop, about a failure "retry", "skip" or "abort"; ``tools`` that execute was given as objects;
        ``check``, ``approval_callback``; ``take_over``, to take the session from a process that seems to be alive.
        The run keeps its limits and its policy, but for the settings given here; the model is this runtime's.
        Nothing that was finished is done again. Raises SessionError (SessionBusy, ...) and ConfigurationError.
        """
        return self._resumed(session_id, stream=True, **options)

    def resume_sync(self, session_id: str, **options: Any) -> AgentResult:
        """``resume`` for scripts."""
        return run_sync(self.resume(session_id, **options))

    async def waiting(self, session_id: str) -> list[dict[str, Any]]:
        """The calls of a session that wait for a decision, as in ``result.approvals``."""
        thread = self.thread(session_id)
        return requests_of(await thread.graph.aget_state(thread.config))

    async def result(self, run_id: str) -> AgentResult:
        """The result of a run that has ended, once more. Raises SessionError for a run that has none."""
        store = self.store
        kept = await store.database.run(lambda: store.runs.result(run_id))
        return AgentResult(**{**kept, "actions": await store.journal().actions(run_id)})

    async def undo(self, run_id: str) -> Undone:
        """Bring the files and rows that a run changed back to how they were before it.

        Raises UndoRefused, and touches nothing, when one of them was changed since; SessionError for an unknown run.
        """
        store = self.store
        record = await store.database.run(lambda: store.runs.get(run_id))
        async with self._threads.claimed(record.session_id, record.mode) as claim:
            journal = store.journal(claim)
            changes, actions = await journal.changes(run_id), await journal.actions(run_id)
            rows, production = await journal.row_changes(run_id), self.resources.context.allow_production_writes
            take_back_rows = partial(self.project.rows.undo, production=production)
            done = await undo(run_id, changes, rows, actions, Workspace(self.project.root), take_back_rows)
            await store.database.run(lambda: journal.undone(run_id))
        return done

    def start_session(self, session_id: str | None = None) -> Session:
        """Begin a conversation in which each message builds on the earlier ones, or go on with one by its id."""
        return Session(session_id or uuid.uuid4().hex, self)

    def thread(self, session_id: str) -> Thread:
        """The graph on which a session runs, for who wants to look at its states by hand."""
        return self._threads.thread(session_id)

    def sessions(self) -> list[SessionInfo]:
        """All sessions of the project, the latest first."""
        return self.store.sessions.all()

    @property
    def store(self) -> Store:
        """Where sessions, checkpoints and the journal are kept. Raises StoreError."""
        return self._threads.store

    async def close(self) -> None:
        """End the processes and connections that the runtime opened; it opens them again when used again.

        Sessions in memory end with it.
        """
        await self._provision.close()
        await self._threads.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        run_sync(self.close())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _events(
        self,
        task: str | None,
        *,
        goal: str | None = None,
        mode: str | None = None,
        tools: Sequence[Any] | None = None,
        session_id: str | None = None,
        approval_callback: Approver | None = None,
        check: Check | None = None,
        stream: bool = True,
        **settings: Any,
    ) -> AsyncGenerator[AnyEvent]:
        """A new run: check what was asked, and let it go on the graph of its mode."""
        words, mode = checked_task(task, goal), checked_mode(mode or ("autonomous" if goal else "single"))
        resources = replace(self._provision.resources(tools, settings), stream=stream, check=check)

        async def begin(claim: Claim) -> tuple[Run, Any]:
            run = self._run(claim, mode, uuid.uuid4().hex, resources, approval_callback)
            await close_off(run)
            await run.begin(mode, words)
            return run, Run.first_step(words, run.run_id)

        async with aclosing(self._claimed(session_id or uuid.uuid4().hex, mode, begin)) as events:
            async for event in events:
                yield event

    async def _resumed(
        self,
        session_id: str,
        *,
        decisions: Sequence[Any] | None = None,
        tools: Sequence[Any] | None = None,
        take_over: bool = False,
        check: Check | None = None,
        approval_callback: Approver | None = None,
        stream: bool = True,
        **settings: Any,
    ) -> AsyncGenerator[AnyEvent]:
        """The last run of a session, from where it stopped."""
        store = self.store
        mode = await store.database.run(lambda: store.sessions.mode(session_id))

        async def begin(claim: Claim) -> tuple[Run, Any]:
            record = await store.database.run(lambda: store.runs.last(session_id))
            in_force = {name: value for name, value in record.settings.items() if name not in OF_THE_RUNTIME}
            resources = self._provision.resources(tools, in_force, settings)
            resumed = replace(resources, stream=stream, since=time.time(), check=check)
            run = self._run(claim, record.mode, record.run_id, resumed, approval_callback)
            step = await next_step(run, record, decisions)
            await run.goes_on()
            return run, step

        async with aclosing(self._claimed(session_id, mode, begin, take_over=take_over)) as events:
            async for event in events:
                yield event

    async def _claimed(
        self,
        session_id: str,
        mode: str,
        begin: Callable[[Claim], Awaitable[tuple[Run, Any]]],
        *,
        take_over: bool = False,
    ) -> AsyncGenerator[AnyEvent]:
        """The events of a run on a session that nobody else works on meanwhile."""
        async with self._threads.claimed(session_id, mode, take_over=take_over) as claim:
            run, step = await begin(claim)
            async with aclosing(run.events(step)) as events:
                async for event in events:
                    if event.type == "complete":
                        last = event
                    else:
                        yield event
        yield last  # with everything given back, so that who stops listening now leaves nothing behind

    def _run(self, claim: Claim, mode: str, run_id: str, resources: Resources, approver: Approver | None) -> Run:
        """A run on a claimed session, which journals under its claim."""
        journaled = replace(resources, journal=self.store.journal(claim))
        graph = self._threads.graph(checked_mode(mode))
        return Run(graph, journaled, self.store, claim, run_id, approver or self._approver, _log_for(journaled))


def _log_for(resources: Resources) -> ActionLog | None:
    """The action log in the project, when it is wanted."""
    if not resources.context.log_actions:
        return None
    file = resources.project.root / FOLDER / LOG_FILE
    return ActionLog(file, resources.redactor, reasoning=resources.context.log_reasoning)
