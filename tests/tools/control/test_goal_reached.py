"""goal_reached: the evidence with which an autonomous run ends."""

import pytest
from tool_use import Use

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.registry import built_in

GOAL = built_in("goal_reached")


async def test_the_evidence_is_the_answer(use: Use) -> None:
    assert await use(GOAL, evidence="Coverage is 81 %.") == "Coverage is 81 %."


@pytest.mark.parametrize("arguments", [{}, {"evidence": ""}])
async def test_a_goal_without_evidence_is_not_reached(use: Use, arguments: dict[str, str]) -> None:
    with pytest.raises(ToolRetry, match="evidence"):
        await use(GOAL, **arguments)
