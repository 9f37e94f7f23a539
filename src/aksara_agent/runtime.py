"""AgentRuntime: point it at a project, say what you want, get a result. Start reading here."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self, Unpack

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from aksara_agent import graphs
from aksara_agent.approval import Approver
from aksara_agent.arguments import SettingsArguments, checked_mode, checked_task
from aksara_agent.context import Context
from aksara_agent.events import AnyEvent
from aksara_agent.graphs.wire import Graph
from aksara_agent.models.resolve import close_model, resolve_model
from aksara_agent.nodes.routes import Mode
from aksara_agent.project import Project
from aksara_agent.resources import Check, Resources, build_resources
from aksara_agent.results import AgentResult
from aksara_agent.resume import next_step
from aksara_agent.run import Run, requests_of
from aksara_agent.session import Session
from aksara_agent.settings import load_context
from aksara_agent.store.database import Claim
from aksara_agent.store.sessions import SessionInfo
from aksara_agent.store.store import Store, open_store
from aksara_agent.sync import run_sync
from aksara_agent.tools.base import Tool
from aksara_agent.tools.discovery import discover
from aksara_agent.undo import Undone, undo
from aksara_agent.workspace import Workspace

BUILDERS = {
    "single": graphs.build_single,
    "conversation": graphs.build_conversation,
    "autonomous": graphs.build_autonomous,
    "supervised": graphs.build_supervised,
}


@dataclass
class SessionThread:
    """A session's graph with the configuration that names the session."""

    graph: Graph
    config: RunnableConfig


class AgentRuntime:
    """Runs agents on one project.

    ``model`` is a chat model object or a name such as "openai:gpt-4o-mini"; without one, and with none in
    the environment or the project's settings, the rule-based offline model works. ``tools`` are names,
    Tool classes, functions or LangChain tools; without them, all that the policy allows. Raises
    ConfigurationError and ProjectError for what cannot work.
    """

    def __init__(
        self,
        project: str | Path = ".",
        *,
        model: str | BaseChatModel | None = None,
        tools: Sequence[Any] | None = None,
        tools_folder: str | Path | None = None,
        api_key: str | None = None,
        approval_callback: Approver | None = None,
        **settings: Unpack[SettingsArguments],
    ) -> None:
        self.project = Project.open(project)
        self._model, self._api_key, self._tools = model, api_key, tools
        self._settings = dict(settings)
        self._discovered: dict[str, Tool] = discover(tools_folder) if tools_folder else {}
        self._approver = approval_callback
        self._graphs: dict[Mode, Graph] = {}
        self._models: dict[tuple[Any, ...], BaseChatModel] = {}
        self.resources = self._open()

    async def execute(self, task: str | None = None, **options: Any) -> AgentResult:
        """Do a task and return its result. Takes what ``execute_stream`` takes."""
        return await _result_of(self._events(task, stream=False, **options))

    def execute_sync(self, task: str | None = None, **options: Any) -> AgentResult:
        """``execute`` for scripts; also works where an event loop is already running."""
        return run_sync(self.execute(task, **options))

    async def execute_stream(self, task: str | None = None, **options: Any) -> AsyncIterator[AnyEvent]:
        """Do a task and yield its events as they happen; the last is ``complete`` and carries the result.

        Options: ``goal`` (instead of a task), ``mode``, ``tools``, ``session_id``, ``approval_callback``,
        ``check`` (a function or shell command that says whether the goal is reached), and any setting of
        AgentRuntime, for this run alone.
        """
        async for event in self._events(task, stream=True, **options):
            yield event

    async def resume(
        self,
        session_id: str,
        *,
        decisions: Sequence[Any] | None = None,
        take_over: bool = False,
        check: Check | None = None,
        approval_callback: Approver | None = None,
        **settings: Any,
    ) -> AgentResult:
        """Go on with a session's last run: after a crash, a limit or a failure, or with the decisions it waits for.

        ``decisions`` has one entry for each waiting call, in order: True, False, or a mapping as in LangChain's
        human-in-the-loop. Settings replace those the run began with, e.g. a higher limit. ``take_over`` takes the
        session from a process that seems to be alive. Nothing that was finished is done again. Raises
        SessionError (SessionBusy, ...) and ConfigurationError.
        """
        record = self.store.runs.last(session_id)
        before = {name: value for name, value in record.settings.items() if name != "project"}
        resources = replace(self._open(None, {**before, **settings}), stream=False, since=time.time(), check=check)
        async with self._claimed(session_id, record.mode, take_over=take_over) as claim:
            run = self._run(claim, record.mode, record.run_id, resources, approval_callback)
            return await _result_of(run.events(await next_step(run, record, decisions)))

    async def waiting(self, session_id: str) -> list[dict[str, Any]]:
        """The calls of a session that wait for a decision, as in ``result.approvals``."""
        thread = self.thread(session_id)
        return requests_of(await thread.graph.aget_state(thread.config))

    async def undo(self, run_id: str) -> Undone:
        """Bring the files that a run changed back to how they were before it.

        Raises UndoRefused, and touches nothing, when one of them was changed since; SessionError for an unknown run.
        """
        record = self.store.runs.get(run_id)
        async with self._claimed(record.session_id, record.mode) as claim:
            journal = self.store.journal(claim)
            changes, actions = await journal.changes(run_id), await journal.actions(run_id)
            done = await undo(run_id, changes, actions, Workspace(self.project.root))
            await self.store.database.run(lambda: journal.undone(run_id))
        return done

    def start_session(self, session_id: str | None = None) -> Session:
        """Begin a conversation in which each message builds on the earlier ones, or go on with one by its id."""
        return Session(session_id or uuid.uuid4().hex, self)

    def thread(self, session_id: str) -> SessionThread:
        """The graph on which a session runs, for who wants to look at its states by hand."""
        return SessionThread(self._graph("conversation"), {"configurable": {"thread_id": session_id}})

    def sessions(self) -> list[SessionInfo]:
        """All sessions of the project, the latest first."""
        return self.store.sessions.all()

    @cached_property
    def store(self) -> Store:
        """Where sessions, checkpoints and the journal are kept. Raises StoreError."""
        return open_store(self.resources.context.checkpoints, self.project.root)

    async def close(self) -> None:
        """End the processes and connections that the runtime opened; it opens them again when used again.

        Sessions in memory end with it.
        """
        await self.project.close()
        for model in self._models.values():
            await close_model(model)
        store = self.__dict__.pop("store", None)
        self._graphs.clear()  # they hold the store's saver
        if store is not None:
            await store.database.run(store.close)

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
        """One run: check what was asked, claim the session, pick the graph of the mode, and let it go."""
        words, mode = checked_task(task, goal), checked_mode(mode or ("autonomous" if goal else "single"))
        resources = self._open(tools, settings) if settings or tools is not None else self.resources
        async with self._claimed(session_id or uuid.uuid4().hex, mode) as claim:
            run = self._run(
                claim, mode, uuid.uuid4().hex, replace(resources, stream=stream, check=check), approval_callback
            )
            await run.begin(mode, words)
            async with aclosing(run.events(Run.first_step(words, run.run_id))) as events:
                async for event in events:
                    if event.type == "complete":
                        last = event
                    else:
                        yield event
        yield last  # with everything given back, so that who stops listening now leaves nothing behind

    def _run(self, claim: Claim, mode: str, run_id: str, resources: Resources, approver: Approver | None) -> Run:
        """A run on a claimed session, which journals under its claim."""
        journaled = replace(resources, journal=self.store.journal(claim))
        return Run(self._graph(checked_mode(mode)), journaled, self.store, claim, run_id, approver or self._approver)

    @asynccontextmanager
    async def _claimed(self, session_id: str, mode: str, *, take_over: bool = False) -> AsyncIterator[Claim]:
        """The session for the time of a run."""
        store = self.store
        claim = await store.database.run(lambda: store.sessions.claim(session_id, mode, take_over=take_over))
        try:
            yield claim
        finally:
            await store.database.run(lambda: store.sessions.release(claim))

    def _graph(self, mode: Mode) -> Graph:
        if mode not in self._graphs:
            self._graphs[mode] = BUILDERS[mode](checkpointer=self.store.saver)
        return self._graphs[mode]

    def _open(self, tools: Sequence[Any] | None = None, settings: Mapping[str, Any] | None = None) -> Resources:
        """The resources for these settings on top of the runtime's own."""
        named = {} if isinstance(self._model, BaseChatModel) else {"model": self._model}
        context = load_context(self.project.root, {**named, **self._settings, **(settings or {})})
        return build_resources(
            context,
            project=self.project,
            model=self._chat_model(context),
            tools=self._tools if tools is None else tools,
            discovered=self._discovered,
        )

    def _chat_model(self, context: Context) -> BaseChatModel:
        """The model given, or one for the settings; made once, because it holds connections."""
        if isinstance(self._model, BaseChatModel):
            return self._model
        key = (context.model, context.base_url, context.temperature, context.max_output_tokens)
        if key not in self._models:
            self._models[key] = resolve_model(context, api_key=self._api_key)
        return self._models[key]


async def _result_of(events: AsyncGenerator[AnyEvent]) -> AgentResult:
    """Wait for the end of a run."""
    async with aclosing(events) as happening:
        async for event in happening:
            if event.type == "complete":
                return event.result
    raise AssertionError("a run always completes")
