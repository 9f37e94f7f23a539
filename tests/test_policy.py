"""Which calls run, which are asked about, which are refused."""

from typing import Any

import pytest

from aksara_agent.context import Context
from aksara_agent.policy import judge
from aksara_agent.results import Effect


@pytest.mark.parametrize(
    ("effect", "settings", "supervised", "verdict"),
    [
        ("read", {}, False, "allow"),
        ("write", {}, False, "allow"),
        ("external", {}, False, "allow"),
        ("read", {"allow_writes": False}, False, "allow"),
        ("write", {"allow_writes": False}, False, "deny"),
        ("external", {"allow_writes": False}, False, "deny"),
        ("read", {}, True, "allow"),
        ("write", {}, True, "ask"),
        ("external", {}, True, "ask"),
        ("read", {"interactive": True}, False, "ask"),
        ("write", {"interactive": True}, False, "ask"),
        ("read", {"require_approval_for": ("a_tool",)}, False, "ask"),
        ("read", {"require_approval_for": ("another",)}, False, "allow"),
    ],
)
def test_the_verdict_follows_from_effect_settings_and_mode(
    effect: Effect, settings: dict[str, Any], supervised: bool, verdict: str
) -> None:
    assert judge("a_tool", effect, Context(**settings), supervised=supervised) == verdict


@pytest.mark.parametrize("tool", ["delete_record", "run_command"])
def test_deleting_and_running_commands_are_asked_about_without_any_setting(tool: str) -> None:
    assert judge(tool, "external", Context(allow_system_tools=True)) == "ask"


def test_commands_are_refused_unless_system_tools_are_allowed() -> None:
    assert judge("run_command", "external", Context()) == "deny"


@pytest.mark.parametrize("settings", [{"interactive": True}, {"require_approval_for": ("a_tool",)}])
def test_nobody_is_asked_about_what_is_refused_anyway(settings: dict[str, Any]) -> None:
    assert judge("a_tool", "write", Context(allow_writes=False, **settings), supervised=True) == "deny"
