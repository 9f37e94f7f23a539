"""LangGraph's own conformance tests, for every saver that we configure."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.conformance import checkpointer_test, validate

from aksara_agent.store.store import open_store

BASE = {"put", "put_writes", "get_tuple", "list", "delete_thread"}


async def test_the_saver_conforms(checkpoints: str, tmp_path: Path) -> None:
    @checkpointer_test(name="aksara-agent")
    async def ours() -> AsyncGenerator[BaseCheckpointSaver[Any], None]:
        store = open_store(checkpoints, tmp_path)
        yield store.saver
        store.close()

    report = await validate(ours)
    assert report.passed_all_base(), report.to_dict()
    ran = {name: result for name, result in report.results.items() if result.detected}
    assert ran.keys() >= BASE
    assert all(result.passed and result.tests_passed and not result.tests_failed for result in ran.values())
