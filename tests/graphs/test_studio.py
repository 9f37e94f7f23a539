"""The four graphs as ``langgraph dev`` serves them, used over langgraph-sdk."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from langgraph_sdk import get_client

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``langgraph dev`` in a folder of its own, because it leaves its state where it runs."""
    folder = tmp_path_factory.mktemp("studio")
    declared = json.loads((ROOT / "langgraph.json").read_text())["graphs"]
    graphs = {name: str(ROOT / target) for name, target in declared.items()}
    (folder / "langgraph.json").write_text(json.dumps({"dependencies": ["."], "graphs": graphs}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload", "--port", str(port)]
    environment = {**os.environ, "LANGGRAPH_CLI_NO_ANALYTICS": "1", "PYTHONPATH": str(ROOT / "src")}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url, process, folder / "log")
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{url}/ok").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    pytest.fail(f"langgraph dev did not start:\n{log.read_text()[-3000:]}")


async def test_studio_lists_the_four_graphs_with_their_forms(server: str) -> None:
    async with get_client(url=server) as client:
        assistants = await client.assistants.search()
        assert {a["graph_id"] for a in assistants} == {"single", "conversation", "autonomous", "supervised"}
        schemas = await client.assistants.get_schemas(assistants[0]["assistant_id"])
    assert set(schemas["input_schema"]["properties"]) == {"messages"}
    knobs = schemas["context_schema"]["properties"]
    assert {"project", "model", "tools", "allow_writes", "max_iterations"} <= set(knobs)


async def test_a_run_of_single_completes_on_a_real_project(server: str, blog: Path) -> None:
    task = {"messages": [{"role": "user", "content": "Review the Post model and suggest improvements"}]}
    async with get_client(url=server) as client:
        thread = await client.threads.create()
        state = await client.runs.wait(thread["thread_id"], "single", input=task, context={"project": str(blog)})
    assert state["stop_reason"] == "completed"
    assert "Post.author_id" in state["messages"][-1]["content"]
    assert [m["name"] for m in state["messages"] if m["type"] == "tool"] == ["describe_model", "report"]


async def test_interactive_runs_pause_as_an_approval_card_and_go_on_when_answered(server: str, blog: Path) -> None:
    task = {"messages": [{"role": "user", "content": "Which models exist?"}]}
    context = {"project": str(blog), "interactive": True}
    async with get_client(url=server) as client:
        thread = await client.threads.create()
        await client.runs.wait(thread["thread_id"], "supervised", input=task, context=context)
        (interrupt,) = (await client.threads.get_state(thread["thread_id"]))["interrupts"]
        assert interrupt["value"]["action_requests"][0]["name"] == "list_models"
        answer = {interrupt["id"]: {"decisions": [{"type": "approve"}]}}
        state = await client.runs.wait(thread["thread_id"], "supervised", command={"resume": answer}, context=context)
    assert "I found 5 models" in state["messages"][-1]["content"]
