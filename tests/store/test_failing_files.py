"""SQLite files that fail: what is told, and that the session can be used afterwards. The errors are SQLite's own."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aksara_agent import AgentRuntime, SessionError
from aksara_agent.errors import StoreError
from aksara_agent.store.sqlite import SqliteDatabase
from aksara_agent.store.store import open_store
from aksara_agent.testing import ScriptedModel, call, calls, says

WRITE = calls(call("write_file", path="a.txt", content="one"))
LONG = "long " * 100_000


def command_line(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as people start it."""
    command = [sys.executable, "-m", "aksara_agent", *arguments, "--project", str(project)]
    return subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def one_sentence(answer: subprocess.CompletedProcess[str]) -> str:
    """What the program said when it failed in an orderly way."""
    assert answer.returncode in (1, 2), answer
    assert "Traceback" not in answer.stderr
    (line,) = answer.stderr.strip().splitlines()[-1:]
    assert line.startswith("aksara-agent: ")
    return line


async def talk(project: Path, *messages: str, checkpoints: str = "sqlite") -> None:
    """Turns of the session ``s``."""
    runtime = AgentRuntime(project, model=ScriptedModel(says("Hm."), repeat_last=True), checkpoints=checkpoints)
    for message in messages:
        assert (await runtime.start_session("s").send(message)).success
    await runtime.close()


# A damaged file


async def test_a_file_that_is_no_database_is_refused_with_advice_and_left_as_it_is(tmp_path: Path) -> None:
    await talk(tmp_path, "Hello")
    file = tmp_path / ".aksara" / "sessions.db"
    file.write_bytes(b"This is no database. " * 500)
    with pytest.raises(StoreError, match=r"sessions\.db.*not a database.*move it away, and a new one is made"):
        open_store("sqlite", tmp_path)
    assert "move it away" in one_sentence(command_line(tmp_path, "List the models"))
    assert file.read_bytes().startswith(b"This is no database. ")
    file.rename(tmp_path / "damaged.db")
    await talk(tmp_path, "Hello again")


async def test_damage_in_the_middle_of_a_file_is_told_when_it_is_met(tmp_path: Path) -> None:
    await talk(tmp_path, *(f"Hello {turn}" for turn in range(10)))
    file = tmp_path / ".aksara" / "sessions.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))  # the first page, which says what it is, stays
    with pytest.raises(StoreError, match=r"malformed.*move it away"):
        await talk(tmp_path, "Hello")
    file.write_bytes(whole)  # as from a backup
    await talk(tmp_path, "Hello")


async def test_damage_that_only_a_read_meets_is_told_too(tmp_path: Path) -> None:
    await talk(tmp_path, "Hello")
    store = open_store("sqlite", tmp_path)
    with store.database.transaction() as cursor:
        cursor.execute("DROP TABLE writes")
    with pytest.raises(StoreError, match="no such table: writes"):
        await store.saver.aget_tuple({"configurable": {"thread_id": "s"}})
    store.close()


# No right to write


@contextmanager
def held_to_file_modes() -> Iterator[None]:
    """Let this thread be subject to file modes also when root runs the tests (capabilities 1 and 2 of Linux)."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    before = sets[0]
    sets[0] &= ~0b110
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = before
        assert libc.capset(header, sets) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
async def test_a_project_folder_that_cannot_be_written_to_is_told_with_a_way_out(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with held_to_file_modes():
        with pytest.raises(StoreError, match=r"\.aksara cannot be used: Permission denied.*checkpoints='memory'"):
            await talk(tmp_path, "Hello")
        await talk(tmp_path, "Hello", checkpoints="memory")
    tmp_path.chmod(0o755)
    await talk(tmp_path, "Hello")


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
async def test_a_store_that_has_become_read_only_is_told_and_its_session_goes_on_later(tmp_path: Path) -> None:
    await talk(tmp_path, "Hello")
    folder = tmp_path / ".aksara"
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555)
    with held_to_file_modes(), pytest.raises(StoreError, match=r"readonly database.*folder that can be written to"):
        await talk(tmp_path, "Hello")
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    await talk(tmp_path, "Hello")


async def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / ".aksara").write_text("in the way")
    assert ".aksara cannot be used: " in one_sentence(command_line(tmp_path, "List the models"))
    assert (tmp_path / ".aksara").read_text() == "in the way"


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/sessions\.db failed: unable to open database file"):
        open_store("nowhere/sessions.db", tmp_path)
    told = one_sentence(command_line(tmp_path, "List the models", AKSARA_AGENT_CHECKPOINTS="nowhere/sessions.db"))
    assert "unable to open database file" in told


# A full disk


async def fills_up_in_mid_run(runtime: AgentRuntime, database: SqliteDatabase) -> None:
    """A run that cannot save what the model said, and goes on when there is space again."""
    ((pages,),) = database.connection.execute("PRAGMA page_count").fetchall()
    database.connection.execute(f"PRAGMA max_page_count = {pages + 8}")
    with pytest.raises(StoreError, match=r"full.*Free some space on the disk, then resume the session"):
        await runtime.execute("Write", session_id="s")
    database.connection.execute("PRAGMA max_page_count = 1000000")


async def test_a_run_that_meets_a_full_database_goes_on_when_there_is_space_again(tmp_path: Path) -> None:
    model = ScriptedModel(WRITE, says(LONG), says("Short."))
    runtime = AgentRuntime(tmp_path, model=model)
    database = runtime.store.database
    assert isinstance(database, SqliteDatabase)
    await fills_up_in_mid_run(runtime, database)
    (tmp_path / "a.txt").write_text("changed since: a repeated call would write it anew")
    done = await runtime.resume("s")
    assert (done.success, done.output) == (True, "Short.")
    assert [(action.tool, action.status) for action in done.actions] == [("write_file", "done")]
    assert (tmp_path / "a.txt").read_text().startswith("changed since")
    await runtime.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounting.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_a_run_that_fills_the_disk_goes_on_when_there_is_space_again(small_disk: Path, tmp_path: Path) -> None:
    project, ballast = tmp_path / "project", small_disk / "ballast"
    project.mkdir()
    model = ScriptedModel(WRITE, says(LONG), says("Short."))
    runtime = AgentRuntime(project, model=model, checkpoints=str(small_disk / "sessions.db"))
    runtime.store.sessions.all()
    ballast.write_bytes(b"x" * 500_000)
    with pytest.raises(StoreError, match=r"(full|disk I/O).*Free some space on the disk, then resume the session"):
        await runtime.execute("Write", session_id="s")
    ballast.unlink()
    done = await runtime.resume("s")
    assert (done.success, done.output, done.created_files) == (True, "Short.", ["a.txt"])
    await runtime.close()


def test_a_full_disk_at_the_start_is_told_by_the_command_line(small_disk: Path, tmp_path: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * (1024 * 1024 - 8192))
    told = one_sentence(
        command_line(tmp_path, "List the models", AKSARA_AGENT_CHECKPOINTS=str(small_disk / "sessions.db"))
    )
    assert "Free some space on the disk" in told


# Sessions that are not there


async def test_unknown_and_ended_sessions_are_told(checkpoints: str, tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("Hm."), repeat_last=True), checkpoints=checkpoints)
    with pytest.raises(SessionError, match=r"no session 'nobody'.*runtime\.sessions\(\)"):
        await runtime.resume("nobody")
    assert runtime.sessions() == []
    session = runtime.start_session("s")
    await session.send("Hello")
    await session.end()
    for attempt in (session.send("Hello"), runtime.resume("s"), runtime.execute("Hello", session_id="s")):
        with pytest.raises(SessionError, match="Session s has ended; start a new one"):
            await attempt
    assert (await runtime.start_session("t").send("Hello")).success
    await runtime.close()


def test_the_command_line_tells_of_an_unknown_session(tmp_path: Path) -> None:
    assert "no session 'nobody'" in one_sentence(command_line(tmp_path, "resume", "nobody"))
