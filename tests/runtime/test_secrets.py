"""Secrets from files, rows, commands and errors reach neither model, log nor checkpoints, and survive a rewrite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, fails, says

OPENAI, GITHUB, PASSWORD = "sk-proj-" + "Ab3dEf6hIj9k" * 4, "ghp_" + "a1B2c3D4e5" * 4, "correct-horse-battery"
SETTINGS = f'API_KEY = "{OPENAI}"\nDB_PASSWORD = "{PASSWORD}"\nDEBUG = True\nTOKEN = "{GITHUB}"\n'


def everything_kept(root: Path) -> str:
    """Every byte in the store and the log."""
    return "".join(file.read_bytes().decode("latin-1") for file in (root / ".aksara").iterdir())


async def test_secrets_in_a_file_that_is_read_are_kept_from_model_log_journal_and_checkpoints(tmp_path: Path) -> None:
    (tmp_path / "settings_local.py").write_text(SETTINGS)
    model = ScriptedModel(calls(call("read_file", path="settings_local.py")), says("It has a key."))
    async with AgentRuntime(tmp_path, model=model, log_actions=True, log_reasoning=True) as runtime:
        result = await runtime.execute("Which settings are there?")
        kept = everything_kept(tmp_path)
    heard = str(model.requests) + json.dumps(result.to_dict())
    for secret in (OPENAI, GITHUB, PASSWORD):
        assert secret not in heard and secret not in kept
    assert "DEBUG = True" in heard and "API_KEY" in heard


async def test_secrets_in_rows_are_kept_away_too(own_blog: Path) -> None:
    import sqlite3

    with sqlite3.connect(own_blog / "blog.db") as database:
        database.execute("UPDATE users SET name = ?, password_hash = ? WHERE id = 1", (f"bot {GITHUB}", PASSWORD))
    database.close()
    model = ScriptedModel(calls(call("query_records", model="User", limit=3)), says("Three."))
    async with AgentRuntime(own_blog, model=model, log_actions=True) as runtime:
        result = await runtime.execute("Show users")
        kept = everything_kept(own_blog)
    assert result.actions[0].output["rows"][0]["name"].startswith("bot [secret-")
    assert all(secret not in kept + str(model.requests) for secret in (GITHUB, PASSWORD))


async def test_a_file_that_is_written_back_has_its_secrets_again(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(SETTINGS)

    def rewrite(messages: list[Any]) -> Any:
        shown = json.loads(str(messages[-1].content))["content"]
        text = "\n".join(line[6:] for line in shown.splitlines()) + "\n"
        return calls(call("write_file", path="conf.py", content=text.replace("DEBUG = True", "DEBUG = False")))

    model = ScriptedModel(calls(call("read_file", path="conf.py")), rewrite, says("Done."))
    previews: list[str] = []

    def approve(name: str, params: Any, request: Any) -> bool:
        previews.append(request["preview"])
        return True

    runtime = AgentRuntime(tmp_path, model=model)
    result = await runtime.execute("Turn debugging off", mode="supervised", approval_callback=approve)
    assert (tmp_path / "conf.py").read_text() == SETTINGS.replace("DEBUG = True", "DEBUG = False")
    (preview,) = previews
    assert "-DEBUG = True\n+DEBUG = False" in preview and "-API_KEY" not in preview, "only what changes is shown"
    assert OPENAI not in preview + str(result.actions)


async def test_a_placeholder_from_another_process_is_refused_instead_of_written(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(SETTINGS)
    model = ScriptedModel(
        calls(call("write_file", path="conf.py", content='API_KEY = "[secret-abcdef12]"\n')), says("I could not.")
    )
    result = await AgentRuntime(tmp_path, model=model).execute("Write")
    assert (tmp_path / "conf.py").read_text() == SETTINGS
    assert "[secret-abcdef12] stands for a secret that is not known any more" in str(result.actions[0].error)


async def test_what_a_tool_or_a_provider_says_in_an_error_is_cleaned_too(tmp_path: Path) -> None:
    async def connect() -> None:
        """Connect."""
        raise OSError(f"cannot reach postgresql://app:{PASSWORD}@db/main")

    model = ScriptedModel(calls(call("connect")), says("No."))
    result = await AgentRuntime(tmp_path, model=model, tools=[connect]).execute("Connect")
    assert PASSWORD not in str(result.actions) + str(model.requests)

    with LoopbackServer(fails(401, message=f"Incorrect API key provided: {OPENAI}")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            result = await runtime.execute("Hello")
    assert OPENAI not in str(result.error) and "Check the API key" in str(result.error)


async def test_the_process_s_own_secrets_are_hidden_by_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_SECRET", "kmqpzvbwxyt-plainword")
    (tmp_path / "notes.txt").write_text("we pay with kmqpzvbwxyt-plainword today\n")
    model = ScriptedModel(calls(call("read_file", path="notes.txt")), says("Read."))
    await AgentRuntime(tmp_path, model=model).execute("Read")
    assert "kmqpzvbwxyt" not in str(model.requests) and "we pay with" in str(model.requests)


async def test_the_log_has_a_line_for_each_event_that_matters(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("list_models"), text="Let me look."), says("None."))
    async with AgentRuntime(tmp_path, model=model, log_actions=True, log_reasoning=True) as runtime:
        await runtime.execute("Models?")
    file = tmp_path / ".aksara" / "actions.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    types = [line["type"] for line in lines if line["type"] != "progress"]
    assert types == ["thinking", "action", "result", "thinking", "complete"]
    assert lines[1]["content"] == "Let me look." and lines[-1]["success"] is True
    assert file.stat().st_mode & 0o777 == 0o600


async def test_without_log_actions_there_is_no_log(tmp_path: Path) -> None:
    await AgentRuntime(tmp_path, model=ScriptedModel(says("Hello."))).execute("Hello")
    assert not (tmp_path / ".aksara" / "actions.jsonl").exists()
