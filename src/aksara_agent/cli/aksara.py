"""``aksara ai agent …`` is ours; every other ``aksara`` command belongs to the framework, when it is installed."""

from __future__ import annotations

import sys

FRAMEWORK = "aksara-framework"


def main() -> int:
    """Hand the command to whom it belongs."""
    arguments = sys.argv[1:]
    if arguments[:2] == ["ai", "agent"]:
        from aksara_agent.cli.main import main as agent

        return agent(arguments[2:])
    return _framework()


def _framework() -> int:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        scripts = distribution(FRAMEWORK).entry_points.select(group="console_scripts", name="aksara")
    except PackageNotFoundError:
        print(
            f"aksara: this is the 'ai agent' command alone: aksara ai agent \"task\". The rest comes with {FRAMEWORK}.",
            file=sys.stderr,
        )
        return 2
    code = next(iter(scripts)).load()()
    return code if isinstance(code, int) else 0
