"""sessions, resume and undo, from the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from aksara_agent.testing import LoopbackServer, call, calls, says, stalls

ROOT = Path(__file__).parents[2]
WRITE = calls(call("write_file", path="a.txt", content="one"))


def agent(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a project."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "aksara_agent", *arguments, "--project", str(project)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_a_run_that_waits_is_listed_approved_and_undone(tmp_path: Path) -> None:
    with LoopbackServer(WRITE, says("Written.")) as server:
        model = ("--base-url", server.base_url, "-m", "test")
        waiting = agent(tmp_path, "Write a.txt", "--mode", "supervised", *model)
        assert waiting.returncode == 4
        assert "waits for approval: write_file" in waiting.stderr

        listed = agent(tmp_path, "sessions").stdout
        assert "interrupted" in listed and "Write a.txt" in listed
        done = agent(tmp_path, "resume", listed.split()[0], "--approve", *model)
        assert (done.returncode, done.stdout.strip()) == (0, "Written."), done.stderr
        assert "Created a.txt" in done.stderr
    undone = agent(tmp_path, "undo")
    assert (undone.returncode, undone.stdout) == (0, "Deleted a.txt\n")
    assert not (tmp_path / "a.txt").exists()
    assert agent(tmp_path, "undo").stdout == "Nothing to undo.\n"


def test_yes_approves_whatever_asks(tmp_path: Path) -> None:
    with LoopbackServer(WRITE, says("Written.")) as server:
        done = agent(tmp_path, "Write", "--mode", "supervised", "--yes", "--base-url", server.base_url, "-m", "test")
    assert done.returncode == 0
    assert (tmp_path / "a.txt").read_text() == "one"


def test_unknown_sessions_and_runs_are_one_sentence(tmp_path: Path) -> None:
    for arguments in (("resume", "nothing"), ("undo", "nothing"), ("undo",), ("resume",)):
        done = agent(tmp_path, *arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr and done.stderr
    assert agent(tmp_path, "sessions").stdout == ""


# A shell starts its background jobs deaf to Ctrl-C, and the tests may be one.
LISTENING = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("aksara_agent", run_name="__main__")
"""


def test_ctrl_c_stops_the_run_and_the_session_goes_on_later(tmp_path: Path) -> None:
    with LoopbackServer(WRITE, stalls(60), says("Written.")) as server:
        options = ("--base-url", server.base_url, "-m", "test", "--project", str(tmp_path))
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        process = subprocess.Popen(
            [sys.executable, "-c", LISTENING, "Write", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while len(server.requests) < 2:  # until the file is written and the model is being asked again
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "stopped; go on with" in rest and "Traceback" not in rest

        session = agent(tmp_path, "sessions").stdout.split()[0]
        done = agent(tmp_path, "resume", session, "--base-url", server.base_url, "-m", "test")
        assert (done.returncode, done.stdout.strip()) == (0, "Written."), done.stderr
        assert "Created a.txt" in done.stderr
