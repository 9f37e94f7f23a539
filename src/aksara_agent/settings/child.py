"""`python child.py BOOT MODULE PLACE SECONDS`, in the project's root and interpreter: the section as one JSON line.

Python 3.8, standard library. BOOT is the worker's boot.py, which knows how to keep a project's output and names apart.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


class Answer:
    """Given once, by the import or by the clock, whichever is first; then the process ends."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe
        self.once = threading.Lock()

    def give(self, content: dict[str, Any]) -> None:
        """Write the answer and end at once, with every process that the project may have started."""
        line = json.dumps(content).encode("ascii") + b"\n"
        self.once.acquire()
        try:
            while line:
                line = line[os.write(self.pipe, line) :]
        finally:  # also when nobody listens any more
            if os.getpgrp() == os.getpid():
                os.killpg(os.getpgrp(), signal.SIGKILL)
            os._exit(0)


def load_file(name: str, path: str) -> Any:
    """A module of ours, by its file: sys.path belongs to the project."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Import, and answer with the section, or with what is wrong with it or with the import."""
    boot_file, module, place, seconds = sys.argv[1:]
    boot = load_file("_aksara_agent_boot", boot_file)
    answer = Answer(boot.take_pipes()[1])
    plain = load_file("_aksara_agent_plain", str(HERE / "plain.py"))
    boot.load_package()
    failures = importlib.import_module(boot.PACKAGE + ".failures")
    root = str(Path.cwd())
    sys.path[:] = [root, *(entry for entry in sys.path if Path(entry).resolve() != HERE)]
    sys.argv = ["aksara-agent-settings"]
    start_clock(answer, failures, root, float(seconds))
    try:
        answer.give({"section": plain.plain(section(module), place)})
    except plain.NotPlain as error:
        answer.give({"refused": str(error)})
    except BaseException as error:  # sys.exit() too
        os.chdir(os.sep)  # else "<frozen os>" looks like a file of the project
        answer.give({"error": failures.describe_failure(error, root)})


def section(name: str) -> Any:
    """AKSARA["AI_AGENT_RUNTIME"] of the module, {} where there is none."""
    whole = getattr(importlib.import_module(name), "AKSARA", None)
    return whole.get("AI_AGENT_RUNTIME", {}) if isinstance(whole, Mapping) else {}


def start_clock(answer: Answer, failures: Any, root: str, seconds: float) -> None:
    """Answer with the line that the import hangs in, when its time is over."""
    hanging = threading.get_ident()

    def expire() -> None:
        os.chdir(os.sep)
        stack = traceback.walk_stack(sys._current_frames()[hanging])
        places = (failures.project_place(frame.f_code.co_filename, line, root) for frame, line in stack)
        answer.give({"error": {"type": "timeout", "where": next(filter(None, places), None)}})

    clock = threading.Timer(seconds, expire)
    clock.daemon = True
    clock.start()


if __name__ == "__main__":
    sys.dont_write_bytecode = True  # looking at a project must not leave files in it
    main()
