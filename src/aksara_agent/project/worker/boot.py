"""Starts the worker: `python boot.py [source root…]` with the project root as working directory."""

from __future__ import annotations

import importlib.util
import os
import sys

PACKAGE = "_aksara_agent_worker"


def take_pipes() -> tuple[int, int]:
    """Keep stdin and stdout for the protocol, so that a project that prints cannot break it."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def load_package() -> None:
    """Load this folder under a private name: its module names can never shadow the project's."""
    folder = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        raise ImportError("the worker package at " + folder + " cannot be loaded")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


def main() -> None:
    requests, replies = take_pipes()
    roots = sys.argv[1:] or [os.getcwd()]
    # sys.path[0] is this folder: replaced, because `import query` must mean the project's query.
    sys.path[:1] = roots
    sys.argv = ["aksara-agent-worker"]
    # Looking at a project must not leave files in it, and a bytecode file can be stale within one second.
    sys.dont_write_bytecode = True
    load_package()
    serve = importlib.import_module(PACKAGE + ".serve")
    serve.serve(requests, replies)


if __name__ == "__main__":
    main()
