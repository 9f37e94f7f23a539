"""sessions, resume and undo, from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from aksara_agent.testing import LoopbackServer, call, calls, says

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
