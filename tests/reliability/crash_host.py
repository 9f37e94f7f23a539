"""The side of the test: starts processes, kills are theirs; drives a run to its end, whatever it takes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VICTIM = [sys.executable, str(HERE / "victim.py")]
SESSION = "crash"


class WarmParent:
    """A process with everything loaded, which forks one for each job: a few milliseconds instead of a second."""

    def __init__(self) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen([*VICTIM, "serve"], text=True, **pipes)  # type: ignore[call-overload]

    def run(self, job: dict[str, Any]) -> int:
        """The signal that ended the process; 0 when it ended by itself."""
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return os.WTERMSIG(int(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


def run_fresh(job: dict[str, Any]) -> int:
    """As above, in a process that starts from nothing."""
    return -min(0, subprocess.run([*VICTIM, "run", json.dumps(job)], check=False).returncode)


def start(job: dict[str, Any]) -> subprocess.Popen[bytes]:
    """A fresh process that goes on by itself."""
    return subprocess.Popen([*VICTIM, "run", json.dumps(job)])


@dataclass
class Case:
    """One run in a folder of its own. ``run`` takes a job to a process."""

    home: Path
    run: Any
    approve: bool = True
    stubborn: bool = False
    checkpoints: str = "sqlite"
    asked: list[str] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        (self.home / "project").mkdir()

    def job(self, do: str, **more: Any) -> dict[str, Any]:
        """A job of this case, with a report of its own."""
        report = self.home / f"report-{next(self._numbers)}.json"
        options = {"approve": self.approve, "stubborn": self.stubborn, "checkpoints": self.checkpoints}
        options["session"] = SESSION
        return {"home": str(self.home), "do": do, "report": str(report), **options, **more}

    def perform(self, do: str, **more: Any) -> dict[str, Any]:
        """Do a job that nobody kills, and read its report."""
        job = self.job(do, **more)
        assert self.run(job) == 0
        return report_of(job)

    def kill(self, do: str, point: str, **more: Any) -> None:
        """Do a job that is killed at a point. Fails when the point was not reached."""
        job = self.job(do, point=point, **more)
        assert self.run(job) == signal.SIGKILL, f"{point} was not reached: {report_of(job)}"

    def resumed(self, **more: Any) -> dict[str, Any]:
        """The result after as many new processes as it takes; each question is answered with yes."""
        decisions: list[bool] | None = None
        for _ in range(6):
            report = self.perform("resume", decisions=decisions, **more)
            if report.get("error") == "SessionError":
                return self._without_a_run(report)
            assert "result" in report, report["trace"]
            if report["result"]["stop_reason"] != "interrupted":
                return dict(report["result"])
            names = [request["name"] for request in report["result"]["approvals"]]
            self.asked += names
            decisions = [True] * len(names)
        raise AssertionError(f"the run does not come to an end; asked were {self.asked}")

    def _without_a_run(self, report: dict[str, Any]) -> dict[str, Any]:
        """It died before the run was recorded, or after it was over."""
        if "There is no session" in report["text"]:
            self.perform("execute")
            return self.resumed()
        assert "is complete" in report["text"], report
        return {"stop_reason": "completed", **self.perform("actions")}


def report_of(job: dict[str, Any]) -> dict[str, Any]:
    """What a process reported."""
    return dict(json.loads(Path(job["report"]).read_text()))
