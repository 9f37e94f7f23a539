"""The sessions of a project as threads of the graphs, on one store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from langchain_core.runnables import RunnableConfig

from aksara_agent import graphs
from aksara_agent.graphs.wire import Graph
from aksara_agent.nodes.routes import Mode
from aksara_agent.store.database import Claim
from aksara_agent.store.store import Store, open_store

BUILDERS = {
    "single": graphs.build_single,
    "conversation": graphs.build_conversation,
    "autonomous": graphs.build_autonomous,
    "supervised": graphs.build_supervised,
}


@dataclass
class Thread:
    """A session's graph with the configuration that names the session."""

    graph: Graph
    config: RunnableConfig


class Threads:
    """Opens the store when it is first needed, and compiles each mode's graph on it once."""

    def __init__(self, where: str, root: Path) -> None:
        self._where, self._root = where, root
        self._store: Store | None = None
        self._graphs: dict[Mode, Graph] = {}

    @property
    def store(self) -> Store:
        """Where sessions, checkpoints and the journal are kept. Raises StoreError."""
        if self._store is None:
            self._store = open_store(self._where, self._root)
        return self._store

    def graph(self, mode: Mode) -> Graph:
        """The graph of a mode, on the store."""
        if mode not in self._graphs:
            self._graphs[mode] = BUILDERS[mode](checkpointer=self.store.saver)
        return self._graphs[mode]

    def thread(self, session_id: str) -> Thread:
        """A session by its id; all modes keep the same state, so any graph can read it."""
        return Thread(self.graph("conversation"), {"configurable": {"thread_id": session_id}})

    @asynccontextmanager
    async def claimed(self, session_id: str, mode: str, *, take_over: bool = False) -> AsyncIterator[Claim]:
        """The session for the time of a run. Raises SessionBusy and SessionError."""
        store, taken = self.store, list[Claim]()
        try:
            await store.database.run(lambda: taken.append(store.sessions.claim(session_id, mode, take_over=take_over)))
            yield taken[0]
        finally:
            for claim in taken:  # also when the caller was cancelled while it waited for the claim
                await store.database.run(lambda held=claim: store.sessions.release(held))  # type: ignore[misc]

    async def close(self) -> None:
        """Close the store; it is opened again when needed. Sessions in memory end with it."""
        store, self._store = self._store, None
        self._graphs.clear()  # they hold the store's saver
        if store is not None:
            await store.database.run(store.close)
