"""What our checkpointers share: writes under a claim, and async methods that any event loop may call."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)

from aksara_agent.store.database import Claim, Database


class FencedSaver(BaseCheckpointSaver[str]):
    """To be put before one of LangGraph's blocking savers, whose transactions then ask for ``claim``.

    The async methods do the blocking ones' work in the way of the database, so nothing is bound to an event loop.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing = threading.local()  # the saver is one for all sessions, and each thread writes for one

    @property
    def claim(self) -> Claim | None:
        """The claim under which this thread is writing."""
        return getattr(self._writing, "claim", None)

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint. Raises SessionTakenOver when the run has lost its session, and StoreError."""
        with self._claimed(config):
            return super().put(config, checkpoint, metadata, new_versions)

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Save what a node wrote. Raises SessionTakenOver when the run has lost its session, and StoreError."""
        with self._claimed(config):
            super().put_writes(config, writes, task_id, task_path)

    @contextmanager
    def _claimed(self, config: RunnableConfig) -> Iterator[None]:
        self._writing.claim = claim_of(config)
        try:
            yield
        finally:
            self._writing.claim = None

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that the config names, or the thread's latest."""
        return await self._database.run(lambda: self.get_tuple(config))

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """All checkpoints at once, so that whoever reads them may call the saver meanwhile."""
        listing = self.list(config, filter=filter, before=before, limit=limit)
        for found in await self._database.run(lambda: [*listing]):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint. Raises SessionTakenOver and StoreError."""
        return await self._database.run(lambda: self.put(config, checkpoint, metadata, new_versions))

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Save what a node wrote. Raises SessionTakenOver and StoreError."""
        await self._database.run(lambda: self.put_writes(config, writes, task_id, task_path))

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a thread."""
        await self._database.run(lambda: self.delete_thread(thread_id))

    async def aget_delta_channel_history(self, *, config: RunnableConfig, channels: Sequence[str]) -> Mapping[str, Any]:
        """What was written to the channels since their last snapshot."""
        return await self._database.run(lambda: self.get_delta_channel_history(config=config, channels=channels))


def claim_of(config: RunnableConfig) -> Claim | None:
    """The claim under which a run writes; graphs that are run by hand have none."""
    configurable = config["configurable"]
    epoch = configurable.get("epoch")
    return None if epoch is None else Claim(str(configurable["thread_id"]), int(epoch))
