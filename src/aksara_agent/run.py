"""One run: drive a graph to its end, answer its questions, and gather what it did into a result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, cast

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, StateSnapshot

from aksara_agent.action_log import ActionLog
from aksara_agent.approver import Approver, ApproverFailed, decide
from aksara_agent.errors import ApprovalPending, SessionTakenOver, StoreError
from aksara_agent.events import AnyEvent, Approval, Complete, ErrorHappened, Progress, from_dict
from aksara_agent.graphs.wire import Graph
from aksara_agent.hooks import call
from aksara_agent.outcome import RUN, decided, names_of, requests_of, result_from
from aksara_agent.resources import Resources, with_resources
from aksara_agent.results import AgentResult, StopReason
from aksara_agent.store.database import Claim
from aksara_agent.store.sessions import HEARTBEAT_SECONDS
from aksara_agent.store.store import Store
from aksara_agent.tracing import begin_run


@dataclass
class Run:
    """A task on its way through a graph, on a session that this process has claimed."""

    graph: Graph
    resources: Resources
    store: Store
    claim: Claim
    run_id: str
    approver: Approver | None = None
    log: ActionLog | None = None

    @staticmethod
    def first_step(task: str, run_id: str) -> dict[str, Any]:
        """What starts a new run: a person's message, whose id is the run's."""
        return {"messages": [HumanMessage(task, id=run_id)]}

    async def begin(self, mode: str, task: str) -> None:
        """Record the run before anything of it happens. Raises ApprovalPending for a session that waits."""
        snapshot = await self.snapshot()
        if snapshot.interrupts:
            raise ApprovalPending(
                f"Session {self.claim.session_id} waits for approval of {names_of(requests_of(snapshot))}. Decide with "
                "runtime.resume(session_id, decisions=…) first; the new message was not sent."
            )
        settings = self.resources.context.model_dump(mode="json")
        runs = self.store.runs
        await self.store.database.run(lambda: runs.begin(self.claim, self.run_id, mode, task, settings))

    async def events(self, step: Any) -> AsyncGenerator[AnyEvent]:
        """Everything that happens, as it happens; the last event carries the result."""
        self._begin_trace()
        reason, error = "cancelled", None
        try:
            async with self._alive(), aclosing(self._until_it_ends(step)) as happening:
                async for event in happening:
                    if event.type == "complete":
                        reason = event.result.stop_reason
                    for problem in await self._observed(event):
                        yield problem
                    yield event
        except (asyncio.CancelledError, GeneratorExit):
            if reason == "cancelled":
                with suppress(SessionTakenOver, StoreError):
                    await self._finish("cancelled")
            raise
        except Exception as raised:
            error = raised
            raise
        finally:
            self.resources.trace.end(reason, error)
            if self.log:
                self.log.close()

    def _begin_trace(self) -> None:
        """A span around the run, below the caller's own, for who records OpenTelemetry."""
        mode, model = self.graph.name, self.resources.model_name(0)
        trace = begin_run(self.run_id, self.claim.session_id, mode, model)
        self.resources = replace(self.resources, trace=trace)

    async def goes_on(self) -> None:
        """Record that a run that had stopped is at work again."""
        await self.store.database.run(lambda: self.store.runs.goes_on(self.claim, self.run_id))

    async def _until_it_ends(self, step: Any) -> AsyncGenerator[AnyEvent]:
        """Let the graph go, answer what it asks, and let it go on."""
        started, no_answer = time.perf_counter(), None
        while True:
            async with aclosing(self._advance(step)) as happening:
                async for event in happening:
                    yield event
            snapshot = await self.snapshot()
            if not snapshot.interrupts:
                break
            asked, question = time.time(), Approval(requests=requests_of(snapshot), run_id=self.run_id)
            yield question
            try:
                answers = await self._answers(snapshot, question)
            except ApproverFailed as failed:
                no_answer = str(failed)
                break
            if answers is None:
                break
            self._start_anew(snapshot, asked)
            step = Command(resume=answers)
        actions = await self.resources.journal.actions(self.run_id)
        result = result_from(snapshot, actions, self.run_id, self.claim.session_id)
        result.duration_ms, result.error = (time.perf_counter() - started) * 1000, no_answer or result.error
        await self._finish(result.stop_reason, result)
        yield Complete(output=result.output, result=result, run_id=self.run_id, iteration=result.iterations)

    async def _observed(self, event: AnyEvent) -> list[AnyEvent]:
        """Let the log and the progress callback see an event; what goes wrong there is an event of its own."""
        if self.log:
            self.log.write(event)
        hook = self.resources.hooks.progress_callback
        if hook is None or not isinstance(event, Progress):
            return []
        try:
            await call(hook, event)
        except Exception as error:
            problem = f"progress_callback raised {type(error).__name__}: {error}"
            return [ErrorHappened(error=problem, kind="hook", run_id=self.run_id, iteration=event.iteration)]
        return []

    async def _finish(self, status: StopReason, result: AgentResult | None = None) -> None:
        """Record how the run stands."""
        kept = None if result is None else {**result.to_dict(), "actions": []}
        runs = self.store.runs
        await self.store.database.run(lambda: runs.finish(self.claim, self.run_id, status, kept))

    async def snapshot(self) -> StateSnapshot:
        """Where the graph stands."""
        return await self.graph.aget_state(self.config)

    @property
    def config(self) -> RunnableConfig:
        """The session's thread; the epoch lets the saver refuse a run that was taken over.

        LangGraph keeps the run's id with each checkpoint, for ``run_of``.
        """
        thread, epoch = self.claim.session_id, self.claim.epoch
        return {"configurable": {"thread_id": thread, "epoch": epoch, RUN: self.run_id}}

    async def _advance(self, step: Any) -> AsyncGenerator[AnyEvent]:
        """Let the graph go until it ends or asks. Every step is on disk before the next one begins."""
        context = with_resources(self.resources)
        stream = self.graph.astream(step, self.config, context=context, stream_mode="custom", durability="sync")
        async with aclosing(cast(AsyncGenerator[dict[str, Any]], stream)) as written:
            async for event in written:
                yield from_dict(event)

    async def _answers(self, snapshot: StateSnapshot, question: Approval) -> dict[str, Any] | None:
        """The decisions for the graph, from who reads the events or else from the approver; None from nobody.

        Raises ApproverFailed, and ConfigurationError for decisions of the reader that do not fit.
        """
        if question.decisions is not None:
            return decided(snapshot, question.decisions)
        if self.approver is None:
            return None
        seconds = self.resources.context.approval_timeout_seconds
        return {i.id: await decide(i.value, self.approver, seconds) for i in snapshot.interrupts}

    def _start_anew(self, snapshot: StateSnapshot, asked: float) -> None:
        """The time that a person takes does not count as the run's.

        The new start goes with the resources: as an update of the state it would stand twice in the same step
        after a crash, which LangGraph refuses.
        """
        since = max(snapshot.values.get("started_at", 0.0), self.resources.since)
        self.resources = replace(self.resources, since=since + time.time() - asked)

    @asynccontextmanager
    async def _alive(self) -> AsyncIterator[None]:
        """Show that this process lives while the run goes on."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _beat(self) -> None:
        with suppress(SessionTakenOver):  # the next write of the run will find out and end it
            while True:
                await asyncio.sleep(HEARTBEAT_SECONDS)
                with suppress(StoreError):  # a missed beat ends no run; if the store stays away, its own writes tell
                    await self.store.database.run(lambda: self.store.sessions.renew(self.claim))


async def result_of(events: AsyncGenerator[AnyEvent]) -> AgentResult:
    """Wait for the end of a run."""
    async with aclosing(events) as happening:
        async for event in happening:
            if event.type == "complete":
                return event.result
    raise AssertionError("a run always completes")
