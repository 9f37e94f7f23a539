"""The thinking node: ask the model once, then route what it says."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langgraph.graph import END
from langgraph.runtime import Runtime
from langgraph.types import Command

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.events import Stamp, Thinking
from aksara_agent.models.ask import Chat, ask
from aksara_agent.models.failures import failure_of
from aksara_agent.nodes import routes
from aksara_agent.nodes.counters import begun, counters
from aksara_agent.nodes.dispatch import sends, verdicts_on
from aksara_agent.nodes.routes import Wiring
from aksara_agent.resources import Resources, resources_for
from aksara_agent.results import StopReason
from aksara_agent.state import State
from aksara_agent.transcript import RUNTIME, calls_of, prompt
from aksara_agent.usage import add_usage

REJECTIONS_BEFORE_STOP = 3
GO_ON = "Go on until the goal is reached, then call goal_reached with your evidence."


async def reason(state: State, runtime: Runtime[Context], *, wiring: Wiring) -> Command[Any]:
    """Think once: ask the model what to do next, and route its answer."""
    if state.get("failures"):
        return Command(goto=wiring.fail)
    state, resources = begun(state), await resources_for(runtime)
    if stop := limits.reached(state, resources.context):
        return _end(state, *stop)
    if _goal_reached(state):
        return _end(state, "completed")
    if _rejected_too_often(state):
        return _end(state, "rejected", f"The same call was rejected {REJECTIONS_BEFORE_STOP} times.")

    notice = limits.notice(state, resources.context)
    messages = prompt(await resources.instructions(wiring.mode), state["messages"], notice)
    chat = resources.chat(wiring.mode)
    try:
        answer = await _ask(chat, resources, messages, state, runtime)
    except Exception as error:  # every provider raises its own
        return Command(goto=wiring.fail, update={**counters(state), "failures": [failure_of(error)]})
    return _route(answer, _counted(state, messages, answer), resources, wiring)


async def _ask(
    chat: Chat, resources: Resources, messages: list[BaseMessage], state: State, runtime: Runtime[Context]
) -> AIMessage:
    """Ask within the run's time; what the model says is streamed as thinking."""
    stamp: Stamp = {"run_id": state["run_id"], "iteration": state["iterations"] + 1}
    seconds = limits.remaining(limits.deadline(state, resources.context))

    def tell(text: str) -> None:
        runtime.stream_writer(Thinking(content=text, **stamp).to_dict())

    return await ask(chat, messages, tell, stream=resources.stream, seconds=seconds)


def _counted(state: State, messages: list[BaseMessage], answer: AIMessage) -> State:
    """The state with this cycle and its tokens counted."""
    usage = add_usage(state["usage"], messages, answer)
    return cast(State, {**state, "iterations": state["iterations"] + 1, "model_attempts": 0, "usage": usage})


def _route(answer: AIMessage, state: State, resources: Resources, wiring: Wiring) -> Command[Any]:
    """Lead the answer to the node that the wiring names for it."""
    calls = calls_of(answer)
    most = resources.context.max_tool_calls
    if most is not None and state["tool_calls"] + len(calls) > most:
        return _refuse(answer, state, most)
    update = {**counters(state), "tool_calls": state["tool_calls"] + len(calls), "messages": [answer]}
    route = routes.after_answer(verdicts_on(calls, state, resources, supervised=wiring.supervised))
    if route == "act" and wiring.act == "tool_execute":
        return Command(goto=sends(calls, state, resources), update=update)
    if route == "answer" and wiring.answer == END:
        return Command(goto=END, update={**update, "stop_reason": "completed"})
    if route == "answer":
        update["messages"].append(HumanMessage(GO_ON, name=RUNTIME))
    return Command(goto=wiring.node(route), update=update)


def _refuse(answer: AIMessage, state: State, most: int) -> Command[Any]:
    """End before these calls, each of them answered, so that the conversation can go on later."""
    text = f"Not carried out: the run may make {most} tool calls (max_tool_calls)."
    refused = [ToolMessage(text, tool_call_id=c["id"], name=c["name"], status="error") for c in calls_of(answer)]
    made = state["tool_calls"]
    error = f"Stopped after {made} tool calls: the model asked for {len(refused)} more, max_tool_calls is {most}."
    return _end(state, "max_tool_calls", error, messages=[answer, *refused])


def _end(state: State, reason: StopReason, error: str | None = None, **update: Any) -> Command[Any]:
    return Command(goto=END, update={**counters(state), "stop_reason": reason, "error": error, **update})


def _rejected_too_often(state: State) -> bool:
    rejected = state.get("rejected") or ["none"]
    return Counter(rejected)[rejected[-1]] >= REJECTIONS_BEFORE_STOP


def _goal_reached(state: State) -> bool:
    last = state["messages"][-1]
    return isinstance(last, ToolMessage) and last.name == "goal_reached" and last.status == "success"
