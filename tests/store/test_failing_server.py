"""A PostgreSQL server that fails: what is told, never the password, and that the session goes on afterwards."""

from __future__ import annotations

import asyncio
import builtins
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aksara_agent import AgentRuntime, ConfigurationError, run
from aksara_agent.cli.main import main
from aksara_agent.errors import StoreError
from aksara_agent.store import postgres_connections, postgres_server
from aksara_agent.store.store import open_store
from aksara_agent.testing import ScriptedModel, call, calls, says

WRITE = calls(call("write_file", path="a.txt", content="one"))
NOBODY_LISTENS = "postgresql://me:hunter2@127.0.0.1:1/db"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a server that these tests have stopped."""
    monkeypatch.setattr(postgres_connections, "WAIT_SECONDS", 0.5)


@pytest.fixture
def administrator(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of somebody else to the test's database."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def put_out_all(administrator: psycopg.Connection[Any]) -> int:
    """End all other connections to the database, as a restart of the server does."""
    sql = (
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    row = administrator.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


# No server


def test_a_server_that_is_not_there_is_told_at_once_without_the_password(tmp_path: Path) -> None:
    store = open_store(NOBODY_LISTENS, tmp_path)
    with pytest.raises(
        StoreError, match=r"postgresql://me@127\.0\.0\.1:1/db failed: .*refused.*Check the server"
    ) as told:
        store.sessions.all()
    assert "hunter2" not in str(told.value)
    store.close()


def test_the_command_line_tells_it_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AKSARA_AGENT_CHECKPOINTS", NOBODY_LISTENS)
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["List the models", "--project", str(tmp_path)]) == 2
    last = capfd.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("aksara-agent: The session store postgresql://me@127.0.0.1:1/db failed")
    assert "hunter2" not in last


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@word@db.example/x",  # an @ that is not escaped
        "postgresql://me:hunter2:5432/x",
        "postgresql://me:hunter2@db.example/x?nonsense=hunter2",
        "postgresql://me:hunter2@[::1/x",
    ],
)
def test_a_url_that_is_none_is_refused_without_showing_the_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"is not a PostgreSQL URL such as.*%XX") as told:
        open_store(url, tmp_path)
    assert "hunter2" not in str(told.value)


def test_without_the_driver_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_psycopg(name: str, *rest: Any) -> Any:
        if name.startswith("psycopg"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *rest)

    for name in ("aksara_agent.store.postgres", "aksara_agent.store.postgres_connections"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(ConfigurationError, match=r"pip install 'aksara-agent\[postgres\]'"):
        open_store("postgresql://db.example/x", tmp_path)


def test_a_user_without_rights_is_told_what_to_grant(
    administrator: psycopg.Connection[Any], postgres_url: str, tmp_path: Path
) -> None:
    administrator.execute("CREATE ROLE guest LOGIN")
    try:
        store = open_store(postgres_url.replace("postgres:hunter2", "guest"), tmp_path)
        with pytest.raises(StoreError, match=r"permission denied.*Grant the user the right to create"):
            store.sessions.all()
        store.close()
    finally:
        administrator.execute("DROP ROLE guest")


def test_two_processes_may_make_the_tables_at_once(postgres_url: str, tmp_path: Path) -> None:
    stores, failures = [open_store(postgres_url, tmp_path) for _ in range(6)], []
    start = threading.Barrier(len(stores))

    def open_and_read(store: Any) -> None:
        start.wait()
        try:
            store.sessions.all()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_and_read, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for store in stores:
        store.close()


# A connection that is lost


async def test_idle_connections_that_the_server_closed_are_replaced_unseen(
    administrator: psycopg.Connection[Any], postgres_url: str, tmp_path: Path
) -> None:
    put_out: list[int] = []

    def lose_connections() -> str:
        """Ends the connections in mid-run."""
        put_out.append(put_out_all(administrator))
        return "gone"

    model = ScriptedModel(calls(call("lose_connections")), WRITE, says("Done."), strict=False)
    tools = [lose_connections, "write_file"]
    approve = {"approval_callback": lambda tool, params: True}
    async with AgentRuntime(tmp_path, model=model, tools=tools, checkpoints=postgres_url) as runtime:
        result = await runtime.execute("Go", **approve)
    assert put_out[0] >= 1
    assert (result.success, result.created_files) == (True, ["a.txt"])


async def test_a_connection_lost_in_the_middle_of_a_write_ends_the_run_and_it_can_be_resumed(
    administrator: psycopg.Connection[Any], postgres_url: str, tmp_path: Path
) -> None:
    model = ScriptedModel(WRITE, says("Done."))
    async with AgentRuntime(tmp_path, model=model, checkpoints=postgres_url) as runtime:
        assert runtime.sessions() == []
        for timing, table in (("BEFORE INSERT", "aksara_actions"), ("BEFORE UPDATE", "aksara_changes")):
            administrator.execute(
                "CREATE OR REPLACE FUNCTION put_out() RETURNS trigger AS"
                " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END' LANGUAGE plpgsql"
            )
            administrator.execute(f"CREATE TRIGGER put_out {timing} ON {table} FOR EACH ROW EXECUTE FUNCTION put_out()")
            with pytest.raises(StoreError, match=r"terminating connection.*resume the session"):
                await (runtime.execute("Go", session_id="s") if not runtime.sessions() else runtime.resume("s"))
            administrator.execute(f"DROP TRIGGER put_out ON {table}")
        done = await runtime.resume("s")
        assert (done.success, done.output, done.created_files) == (True, "Done.", ["a.txt"])
        assert [(action.tool, action.status) for action in done.actions] == [("write_file", "done")]
        assert len(model.requests) == 2, "the model is not asked again for what it has said"


async def test_a_heartbeat_that_fails_ends_no_run(
    administrator: psycopg.Connection[Any], postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "HEARTBEAT_SECONDS", 0.01)

    async def wait_for_a_beat() -> str:
        """Returns once a heartbeat has failed; a sequence counts on when its transaction is rolled back."""
        while administrator.execute("SELECT is_called FROM beats").fetchone() == (False,):
            await asyncio.sleep(0.01)
        return "failed"

    model = ScriptedModel(calls(call("wait_for_a_beat")), says("Done."), strict=False)
    async with AgentRuntime(tmp_path, model=model, tools=[wait_for_a_beat], checkpoints=postgres_url) as runtime:
        assert runtime.sessions() == []
        administrator.execute(
            "CREATE SEQUENCE beats; CREATE FUNCTION fail() RETURNS trigger AS"
            " 'BEGIN PERFORM nextval(''beats''); RAISE EXCEPTION ''no beat''; END' LANGUAGE plpgsql;"
            "CREATE TRIGGER fail BEFORE UPDATE ON aksara_sessions FOR EACH ROW"
            " WHEN (NEW.epoch = OLD.epoch AND NEW.heartbeat <> OLD.heartbeat) EXECUTE FUNCTION fail()"
        )
        result = await runtime.execute("Go", approval_callback=lambda tool, params: True)
    assert (result.success, result.actions[0].output) == (True, "failed")


async def test_a_server_that_stops_in_mid_run_ends_it_and_after_its_restart_it_can_be_resumed(
    postgres: Any, postgres_url: str, tmp_path: Path
) -> None:
    def stop_the_server() -> str:
        """Ends the server in mid-run."""
        postgres.stop()
        return "stopped"

    model = ScriptedModel(calls(call("stop_the_server")), says("Done."), strict=False)
    runtime = AgentRuntime(tmp_path, model=model, tools=[stop_the_server], checkpoints=postgres_url)
    try:
        with pytest.raises(StoreError, match="once it answers, resume the session"):
            await runtime.execute("Go", session_id="s", approval_callback=lambda tool, params: True)
    finally:
        postgres.start()
    done = await runtime.resume("s", approval_callback=lambda tool, params: True)
    assert (done.success, done.output) == (True, "Done.")
    (action,) = done.actions
    assert action.status == "unknown", "nothing says whether the tool took effect, so it is not repeated"
    await runtime.close()


def test_many_idle_connections_that_are_lost_at_once_delay_nobody(
    administrator: psycopg.Connection[Any], postgres_url: str, tmp_path: Path
) -> None:
    store = open_store(postgres_url, tmp_path)
    together = threading.Barrier(postgres_connections.AT_ONCE)

    def hold_a_connection() -> None:
        with store.database.transaction():
            together.wait()

    holders = [threading.Thread(target=hold_a_connection) for _ in range(postgres_connections.AT_ONCE)]
    for holder in holders:
        holder.start()
    for holder in holders:
        holder.join()
    assert put_out_all(administrator) == postgres_connections.AT_ONCE
    assert store.sessions.all() == []
    store.close()


async def test_a_restart_in_mid_run_is_waited_for(postgres: Any, postgres_url: str, tmp_path: Path) -> None:
    def restart_the_server() -> str:
        """Ends the server, and lets it come back while the run wants to record that."""
        postgres.stop()
        restarting.start()
        return "restarted"

    restarting = threading.Thread(target=postgres.start)
    model = ScriptedModel(calls(call("restart_the_server")), says("Done."), strict=False)
    async with AgentRuntime(tmp_path, model=model, tools=[restart_the_server], checkpoints=postgres_url) as runtime:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres_connections, "WAIT_SECONDS", 30.0)
            result = await runtime.execute("Go", approval_callback=lambda tool, params: True)
        restarting.join()
    assert (result.success, result.actions[0].output) == (True, "restarted")


def test_who_waits_too_long_for_a_connection_is_told(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(postgres_url, tmp_path)
    with ExitStack() as held:
        for _ in range(postgres_connections.AT_ONCE):
            held.enter_context(store.database.transaction())
        with pytest.raises(StoreError, match=r"all 10 connections have been at work.*Run fewer sessions at once"):
            store.sessions.all()
    assert store.sessions.all() == []
    store.close()


def test_a_lost_connection_leaves_nothing_of_its_transaction(
    administrator: psycopg.Connection[Any], postgres_url: str, tmp_path: Path
) -> None:
    store = open_store(postgres_url, tmp_path)
    claim = store.sessions.claim("s", "single")
    lost = pytest.raises(StoreError, match=r"postgresql://postgres@.*terminating connection")
    with lost as told, store.database.transaction(claim) as cursor:
        cursor.execute("UPDATE aksara_sessions SET mode = 'half done'")
        assert put_out_all(administrator) >= 1
        cursor.execute("SELECT 1")
    assert "hunter2" not in str(told.value)
    assert store.sessions.mode("s") == "single"
    store.sessions.renew(claim)
    store.close()


def test_a_store_that_is_closed_in_mid_work_says_so(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(postgres_url, tmp_path)
    store.sessions.all()
    store.close()
    with pytest.raises(StoreError, match="The runtime was closed while a run was at work"):
        store.sessions.all()


def test_every_piece_of_advice_is_reached_by_the_errors_it_is_for() -> None:
    for kind, text in postgres_server.ADVICE:
        assert postgres_server.advice(kind("said")) == text
