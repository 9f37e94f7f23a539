"""Where to go next: pure functions that return a word, and the wiring that turns the word into a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from langgraph.graph import END

from aksara_agent.policy import Verdict

Mode = Literal["single", "conversation", "autonomous", "supervised"]


@dataclass(frozen=True, slots=True)
class Wiring:
    """Which node each route of ``reason`` leads to: this is what makes a mode."""

    mode: Mode
    act: str = "tool_execute"
    ask: str = "approval_interrupt"
    fail: str = "error_router"
    answer: str = END

    @property
    def after_reason(self) -> tuple[str, ...]:
        """Every node that ``reason`` can lead to; a run can always end at a limit."""
        return tuple(dict.fromkeys((self.act, self.ask, self.fail, self.answer, END)))

    def node(self, route: Literal["act", "ask"]) -> str:
        """The node for a route."""
        return self.act if route == "act" else self.ask

    @property
    def supervised(self) -> bool:
        """Whether every effect must be approved."""
        return self.mode == "supervised"


def after_answer(verdicts: Sequence[Verdict]) -> Literal["act", "ask", "answer"]:
    """Act when there are calls, ask first when one of them must be approved, else the answer stands."""
    if not verdicts:
        return "answer"
    return "ask" if "ask" in verdicts else "act"
