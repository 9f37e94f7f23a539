"""No process of a command is left, whatever it starts and however it ends."""

import asyncio
import multiprocessing
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import psutil
import pytest
from process_use import TREES, Alive, Started

from aksara_agent.processes import reaper, run, run_process

trees = pytest.mark.parametrize("tree", TREES.values(), ids=TREES)


@trees
async def test_what_a_command_leaves_running_is_ended_and_counted(
    tmp_path: Path, number: str, alive: Alive, tree: str
) -> None:
    async with asyncio.timeout(30):
        done = await run_process(f"{tree}\nsleep 0.2; echo end".replace("NUMBER", number), cwd=tmp_path)
    assert (done.exit_status, done.output.splitlines()[0]) == (0, "end")
    assert done.left_behind >= 1
    assert alive() == []


@trees
async def test_a_cancelled_command_takes_everything_with_it(
    number: str, alive: Alive, started: Started, tree: str
) -> None:
    task = await started(f"{tree}\nsleep 0.2; echo ready; sleep NUMBER".replace("NUMBER", number))
    assert len(alive()) >= 3  # the reaper, the command, and what it has started
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert alive() == []


async def test_a_time_limit_ends_the_tree(tmp_path: Path, number: str, alive: Alive) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await run_process(f"setsid sleep {number} & sleep {number}", cwd=tmp_path)
    assert alive() == []


async def test_a_command_is_asked_to_end_before_it_is_made_to(tmp_path: Path, started: Started) -> None:
    task = await started("trap 'echo asked > asked; exit' TERM; echo ready; while :; do sleep 0.01; done")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (tmp_path / "asked").read_text() == "asked\n"


async def test_a_chain_of_forks_cannot_run_away(tmp_path: Path, number: str, alive: Alive) -> None:
    chain = f"""
import os
for _ in range(20_000):
    if os.fork():
        os._exit(0)
    os.setsid()
open("{tmp_path}/ran away", "w")  # {number}
"""
    done = await run_process([sys.executable, "-S", "-c", chain], cwd=tmp_path)
    assert (done.exit_status, alive(), list(tmp_path.iterdir())) == (0, [], [])


async def test_a_cancellation_while_the_tree_is_being_ended_waits_for_the_end(
    number: str, alive: Alive, started: Started
) -> None:
    task = await started(f"trap '' TERM; echo ready; sleep {number}; sleep {number}")
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0.05)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert alive() == []


async def test_a_cancellation_while_work_must_not_be_disturbed_counts_afterwards() -> None:
    release = asyncio.Event()
    task = asyncio.create_task(run._undisturbed(release.wait()))
    await asyncio.sleep(0)
    task.cancel()
    assert await asyncio.wait({task}, timeout=0.05) == (set(), {task})
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_commands_at_the_same_time_leave_each_other_alone(
    number: str, alive: Alive, started: Started, tmp_path: Path
) -> None:
    first = await started(f"sleep {number} & echo ready; sleep {number}")
    second = await started("echo ready; while [ ! -e go ]; do sleep 0.01; done; echo done")
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert alive() == []
    (tmp_path / "go").touch()
    assert await second == run.Completed(0, "ready\ndone\n")


async def test_a_command_that_kills_its_reaper_is_found_by_its_mark(tmp_path: Path, number: str, alive: Alive) -> None:
    command = f"setsid sleep {number} & echo began; kill -KILL $PPID; sleep {number}"
    done = await run_process(command, cwd=tmp_path)
    assert (done.exit_status, done.output.splitlines()[0]) == (-signal.SIGKILL, "began")
    assert done.left_behind >= 2
    assert alive() == []


async def test_a_command_that_stops_its_reaper_ends_with_its_time_limit(
    number: str, alive: Alive, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SECONDS_TO_END", 0.2)
    task = await started(f"kill -STOP $PPID; setsid sleep {number} & echo ready; sleep {number}")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert alive() == []


async def test_a_reaper_that_cannot_end_the_tree_is_not_waited_for(
    tmp_path: Path, number: str, alive: Alive, monkeypatch: pytest.MonkeyPatch
) -> None:
    powerless = tmp_path / "reaper.py"
    powerless.write_text(Path(reaper.__file__).read_text().replace("os.kill(process, number)", "pass"))
    monkeypatch.setattr(run, "REAPER", powerless)
    monkeypatch.setattr(run, "SECONDS_TO_END", 0.2)
    done = await run_process(f"echo began; sleep {number} & exit 3", cwd=tmp_path)
    assert done == run.Completed(3, "began\n", left_behind=1)
    assert alive() == []


@pytest.mark.parametrize("name", ["a child", "a daemon that forked twice", "one that ignores being asked"])
async def test_where_orphans_cannot_be_adopted_the_mark_finds_them(
    tmp_path: Path, number: str, alive: Alive, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = tmp_path / "reaper.py"
    without.write_text(Path(reaper.__file__).read_text().replace("ADOPT_ORPHANS = 36", "ADOPT_ORPHANS = -1"))
    monkeypatch.setattr(run, "REAPER", without)
    done = await run_process(f"{TREES[name]}\nsleep 0.2".replace("NUMBER", number), cwd=tmp_path)
    assert done.exit_status == 0
    assert done.left_behind >= 1
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await run_process(f"{TREES[name]}\nsleep NUMBER".replace("NUMBER", number), cwd=tmp_path)
    assert alive() == []


async def test_the_death_of_the_agent_ends_its_commands(tmp_path: Path, number: str, alive: Alive) -> None:
    program = f"""
import asyncio, pathlib
from aksara_agent.processes import run_process
command = "env -i setsid sleep {number} & sleep {number} & touch ready; sleep {number}"
asyncio.run(run_process(command, cwd=pathlib.Path({str(tmp_path)!r})))
"""
    with subprocess.Popen([sys.executable, "-c", program]) as agent:
        while not (tmp_path / "ready").exists():
            assert agent.poll() is None
            await asyncio.sleep(0.02)
        assert len(alive()) >= 4
        agent.kill()
    _, still = psutil.wait_procs(alive(), timeout=30)
    assert still == []


async def test_a_process_forked_from_ours_does_not_keep_the_command_alive(
    number: str, alive: Alive, started: Started
) -> None:
    task = await started(f"env -i sh -c 'sleep {number} &'; echo ready; sleep {number}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads, which is what we want to see
        fork = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
        fork.start()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    fork.kill()
    fork.join()
    assert alive() == []


async def test_nothing_of_ours_is_left_either(tmp_path: Path, number: str, alive: Alive, started: Started) -> None:
    """No descriptor, thread, task or zombie."""

    async def all_ends() -> None:
        await run_process(f"sleep {number} & setsid sleep {number} & echo a", cwd=tmp_path)
        await run_process(f"kill -KILL $PPID; sleep {number}", cwd=tmp_path)
        with pytest.raises(FileNotFoundError):
            await run_process(["no-such-program"], cwd=tmp_path)
        (task := await started(f"echo ready; sleep {number}")).cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    await all_ends()  # the first time opens what stays open: the pool's thread, psutil's files
    before = await _held()
    for _ in range(3):
        await all_ends()
    assert await _held() == before
    assert alive() == []


async def _held() -> tuple[int, int, int, int]:
    """How many descriptors, threads, tasks and children there are, once the watchers of children have ended."""
    me = psutil.Process()
    async with asyncio.timeout(30):
        while any("waitpid" in thread.name for thread in threading.enumerate()):
            await asyncio.sleep(0.01)
    return me.num_fds(), threading.active_count(), len(asyncio.all_tasks()), len(me.children())
