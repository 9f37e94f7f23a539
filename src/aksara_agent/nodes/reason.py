"""The thinking node: ask the model once, then route what it says."""

from __future__ import annotations

from typing import Any, cast

from langchain_core.messages import AIMessage
from langgraph.graph import END
from langgraph.runtime import Runtime
from langgraph.types import Command

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.events import Progress, Stamp
from aksara_agent.models.failures import ContextTooLong
from aksara_agent.nodes import endings, routes
from aksara_agent.nodes.counters import begun, counters
from aksara_agent.nodes.dispatch import sends, verdicts_on
from aksara_agent.nodes.fit import Fitted, TooLong, fit
from aksara_agent.nodes.routes import Wiring
from aksara_agent.nodes.think import BlockedByHook, failed, think
from aksara_agent.resources import Resources, resources_for
from aksara_agent.state import State
from aksara_agent.tools.registry import CONTROL
from aksara_agent.transcript import calls_of
from aksara_agent.usage import add_usage

MOST_RATIO = 4.0  # a provider that counts still more tokens than we estimate is not believed


async def reason(state: State, runtime: Runtime[Context], *, wiring: Wiring) -> Command[Any]:
    """Think once: ask the model what to do next, and route its answer."""
    if state.get("failures"):
        return Command(goto=wiring.fail)
    resources = await resources_for(runtime)
    state = begun(state, since=resources.since)
    if ending := await endings.ending(state, resources):
        return ending

    runtime.stream_writer(_progress(state, resources).to_dict())
    warnings = limits.warnings(state, resources.context)
    try:
        request = await fit(state, resources, wiring.mode, _notice(warnings, state))
    except TooLong as error:
        return _too_long(error, state, resources, wiring)
    state = cast(State, {**state, "usage": request.usage})
    try:
        answer = await think(request.messages, state, resources, wiring.mode, runtime.stream_writer)
    except BlockedByHook as error:
        return endings.end(state, "aborted", str(error))
    except Exception as error:  # every provider raises its own
        failure = failed(error, request.tokens, resources)
        return Command(goto=wiring.fail, update={**counters(state), **request.update, "failures": [failure]})
    return await _route(answer, _counted(state, request, answer, warnings, resources), request, resources, wiring)


def _too_long(error: TooLong, state: State, resources: Resources, wiring: Wiring) -> Command[Any]:
    """The user's limit ends the run; where it was the model that could not take so much, another may."""
    budget, limit = state.get("input_budget"), resources.context.max_input_tokens
    if budget is None or (limit is not None and limit <= budget):
        return endings.end(state, "max_input_tokens", str(error))
    failure = failed(ContextTooLong(str(error)), budget, resources)
    return Command(goto=wiring.fail, update={**counters(state), "failures": [failure]})


def _progress(state: State, resources: Resources) -> Progress:
    """Where the run stands at the beginning of a cycle."""
    stamp: Stamp = {"run_id": state["run_id"], "iteration": state["iterations"] + 1}
    return Progress(
        status="thinking",
        max_iterations=resources.context.max_iterations,
        elapsed_seconds=limits.elapsed(state["started_at"]),
        tokens=state["usage"]["total_tokens"],
        **stamp,
    )


def _notice(warnings: dict[str, str], state: State) -> str | None:
    """What the model has not been told yet."""
    return " ".join(text for about, text in warnings.items() if about not in state["told"]) or None


def _counted(state: State, request: Fitted, answer: AIMessage, warnings: dict[str, str], resources: Resources) -> State:
    """The state with this cycle, its tokens and what the model was told counted."""
    told = [about for about in state["told"] if about != limits.LOOP]  # a circle that was left may be entered again
    changed = {
        "iterations": state["iterations"] + 1,
        "model_attempts": 0,
        "told": list(dict.fromkeys([*told, *warnings])),
        "token_ratio": _ratio(state, request, answer),
        "usage": add_usage(state["usage"], request.messages, answer, resources.price_at(state["fallback"])),
    }
    return cast(State, {**state, **changed})


def _ratio(state: State, request: Fitted, answer: AIMessage) -> float:
    """How many times more tokens the provider counted than we had estimated; never less, to stay on the safe side."""
    if not answer.usage_metadata:
        return state["token_ratio"]
    return max(1.0, min(MOST_RATIO, answer.usage_metadata["input_tokens"] / request.tokens))


async def _route(
    answer: AIMessage, state: State, request: Fitted, resources: Resources, wiring: Wiring
) -> Command[Any]:
    """Lead the answer to the node that the wiring names for it."""
    calls = calls_of(answer)
    counting = [call for call in calls if call["name"] not in CONTROL]
    most = resources.context.max_tool_calls
    if most is not None and counting and state["tool_calls"] + len(counting) > most:
        return endings.refuse(answer, state, most, request.update)
    messages = [*request.update.get("messages", ()), answer]
    tool_calls = state["tool_calls"] + len(counting)
    update = {**counters(state), **request.update, "tool_calls": tool_calls, "messages": messages}
    route = routes.after_answer(verdicts_on(calls, state, resources, supervised=wiring.supervised))
    if route == "answer" and wiring.answer == END:
        return Command(goto=END, update={**update, "stop_reason": "completed"})
    if route == "answer":
        return await endings.after_answer(update, resources)
    if wiring.node(route) == "tool_execute":
        return Command(goto=sends(calls, state), update=update)
    return Command(goto=wiring.node(route), update=update)
