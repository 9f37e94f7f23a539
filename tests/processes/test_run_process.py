"""run_process: what a command gets, prints and returns."""

import asyncio
import errno
import os
import signal
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from aksara_agent.processes import Completed, run, run_process


async def test_an_argument_vector_meets_no_shell(tmp_path: Path) -> None:
    assert await run_process(["echo", "$HOME; ls | *"], cwd=tmp_path) == Completed(0, "$HOME; ls | *\n")


async def test_a_string_is_a_line_for_the_shell(tmp_path: Path) -> None:
    assert await run_process("echo a b | wc -w && pwd", cwd=tmp_path) == Completed(0, f"2\n{tmp_path}\n")


async def test_output_and_errors_come_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    done = await run_process("for i in 1 2 3; do echo out $i; echo err $i >&2; done", cwd=tmp_path)
    assert done.output.splitlines() == ["out 1", "err 1", "out 2", "err 2", "out 3", "err 3"]


@pytest.mark.parametrize(("command", "status"), [("exit 3", 3), ("kill -TERM $$", -15), ("kill -KILL $$", -9)])
async def test_the_exit_status_is_negative_for_a_signal(tmp_path: Path, command: str, status: int) -> None:
    assert await run_process(f"echo before; {command}", cwd=tmp_path) == Completed(status, "before\n")


@pytest.mark.parametrize("command", ["cat", "read answer", f"{sys.executable} -c 'input()'"])
async def test_a_command_that_waits_for_input_meets_its_end_at_once(tmp_path: Path, command: str) -> None:
    async with asyncio.timeout(30):
        await run_process(command, cwd=tmp_path)


async def test_a_command_gets_the_given_environment_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE", "1")
    done = await run_process("env", cwd=tmp_path, env={"PATH": os.environ["PATH"], "LC_ALL": "C", "GIVEN": "é"})
    names = {line.partition("=")[0] for line in done.output.splitlines()}
    assert "GIVEN=é" in done.output
    assert {name for name in names if not name.startswith("AKSARA_COMMAND_")} == {"PATH", "LC_ALL", "GIVEN", "PWD"}
    assert "MINE=1" in (await run_process("env", cwd=tmp_path)).output


async def test_a_command_inherits_no_descriptor_and_no_ignored_signal(tmp_path: Path) -> None:
    done = await run_process("ls /proc/self/fd; grep SigIgn /proc/self/status", cwd=tmp_path)
    *descriptors, ignored = done.output.splitlines()
    assert descriptors == ["0", "1", "2", "3"]  # 3 is the folder that ls reads
    by_python = 1 << (signal.SIGPIPE - 1) | 1 << (signal.SIGXFSZ - 1)
    assert int(ignored.split()[1], 16) & by_python == 0


@pytest.mark.parametrize(
    ("program", "number"),
    [("no-such-program", errno.ENOENT), ("./no-such", errno.ENOENT), ("/", errno.EACCES), ("./data", errno.EACCES)],
)
async def test_a_program_that_cannot_be_started_is_an_error(tmp_path: Path, program: str, number: int) -> None:
    (tmp_path / "data").write_text("#!/bin/sh\n")
    with pytest.raises(OSError) as caught:
        await run_process([program], cwd=tmp_path)
    assert (caught.value.errno, caught.value.filename) == (number, program)


async def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        await run_process("pwd", cwd=tmp_path / "nowhere")


@pytest.mark.parametrize("command", [[], ["echo", "a\0b"], "echo \0", ["echo", "\ud800"]])
async def test_what_is_no_command_is_refused(tmp_path: Path, command: list[str] | str) -> None:
    with pytest.raises(ValueError):
        await run_process(command, cwd=tmp_path)


async def test_a_reaper_that_breaks_is_not_taken_for_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.py").write_text("raise MemoryError('no room')")
    monkeypatch.setattr(run, "REAPER", tmp_path / "broken.py")
    with pytest.raises(RuntimeError, match=r"'true' broke: (?s:.*)MemoryError: no room"):
        await run_process(["true"], cwd=tmp_path)


async def test_output_comes_in_pieces_while_the_command_runs(tmp_path: Path) -> None:
    pieces: list[str] = []

    def listen(text: str) -> None:
        pieces.append(text)
        (tmp_path / "heard").touch()

    command = "echo one; while [ ! -e heard ]; do sleep 0.01; done; echo two"
    done = await run_process(command, cwd=tmp_path, on_output=listen)
    assert pieces[0] == "one\n"
    assert "".join(pieces) == done.output == "one\ntwo\n"


async def test_a_listener_that_fails_ends_the_command(tmp_path: Path) -> None:
    def fail(text: str) -> None:
        raise LookupError(text)

    with pytest.raises(LookupError, match="one"):
        await run_process("echo one; sleep 1000", cwd=tmp_path, on_output=fail)


async def test_endless_output_takes_little_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        done = await run_process("echo first; head -c 200000000 /dev/zero; echo last", cwd=tmp_path, max_output=1000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert done.output.startswith("first\n\0") and done.output.endswith("\0last\n")
    assert len(done.output) < 1100
    assert done.left_out == 200_000_011 - 1000
    assert peak < 5_000_000


async def test_a_command_that_is_cancelled_while_it_prints_endlessly_stops(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await run_process("yes", cwd=tmp_path)


async def test_what_a_cancelled_command_printed_has_been_heard(tmp_path: Path) -> None:
    heard: list[str] = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await run_process(
                "echo one; trap 'echo sorry; exit' TERM; sleep 1000 & wait", cwd=tmp_path, on_output=heard.append
            )
    assert "".join(heard) == "one\nsorry\n"


def test_commands_run_on_an_event_loop_that_is_not_in_the_main_thread(tmp_path: Path) -> None:
    results: list[Completed] = []
    command = "sleep 1000 & echo hi"
    thread = threading.Thread(target=lambda: results.append(asyncio.run(run_process(command, cwd=tmp_path))))
    thread.start()
    thread.join()
    assert results == [Completed(0, "hi\n", left_behind=1)]
