"""Who decides: the callback that a run's questions are put to."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from aksara_agent.approval import ActionRequest, Request, bound_to_preview, checked_decision
from aksara_agent.state import Decision

Approver = Callable[..., Any]  # (tool_name, params) or (tool_name, params, request) to a bool or a decision


class ApproverFailed(Exception):
    """The approver gave no decision; the question stays open."""


async def decide(request: Request, approver: Approver, seconds: float | None = None) -> dict[str, list[Decision]]:
    """Put each call of a request to the approver, in order, and gather the answer for the graph.

    Raises ApproverFailed when the approver raises, answers with no decision, or takes longer than ``seconds``.
    """
    decisions = []
    for action, review in zip(request["action_requests"], request["review_configs"], strict=True):
        try:
            async with asyncio.timeout(seconds):
                answer = await _ask(approver, action)
            decisions.append(bound_to_preview(checked_decision(answer, action, review), action))
        except TimeoutError:
            raise ApproverFailed(f"The approval callback did not answer within {seconds:g} seconds.") from None
        except Exception as error:  # the user's own code
            raise ApproverFailed(f"The approval callback failed: {type(error).__name__}: {error}") from error
    return {"decisions": decisions}


async def _ask(approver: Approver, action: ActionRequest) -> Any:
    """Call the approver; one that takes a third parameter gets the whole request, preview and all.

    A plain function may wait for a person, so it runs in a thread.
    """
    arguments: tuple[Any, ...] = (action["name"], action["args"])
    if len(inspect.signature(approver).parameters) > len(arguments):
        arguments = (*arguments, action)
    if inspect.iscoroutinefunction(approver):
        return await approver(*arguments)
    answer = await asyncio.to_thread(approver, *arguments)
    return await answer if inspect.isawaitable(answer) else answer
