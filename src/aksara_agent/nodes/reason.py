"""The thinking node: ask the model once, then route what it says."""

from __future__ import annotations

from typing import Any, cast

from langchain_core.messages import AIMessage, BaseMessage
from langgraph.graph import END
from langgraph.runtime import Runtime
from langgraph.types import Command

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.events import Stamp, Thinking
from aksara_agent.models.ask import Chat, ask
from aksara_agent.models.failures import failure_of
from aksara_agent.nodes import endings, routes
from aksara_agent.nodes.call_ids import with_own_ids
from aksara_agent.nodes.counters import begun, counters
from aksara_agent.nodes.dispatch import sends, verdicts_on
from aksara_agent.nodes.routes import Wiring
from aksara_agent.resources import Resources, resources_for
from aksara_agent.state import State
from aksara_agent.transcript import calls_of, prompt
from aksara_agent.usage import add_usage


async def reason(state: State, runtime: Runtime[Context], *, wiring: Wiring) -> Command[Any]:
    """Think once: ask the model what to do next, and route its answer."""
    if state.get("failures"):
        return Command(goto=wiring.fail)
    resources = await resources_for(runtime)
    state = begun(state, since=resources.since)
    if ending := await endings.ending(state, resources):
        return ending

    notice = limits.notice(state, resources.context)
    messages = prompt(await resources.instructions(wiring.mode), state["messages"], notice)
    chat = resources.chat(wiring.mode)
    try:
        answer = with_own_ids(await _ask(chat, resources, messages, state, runtime), state["messages"])
    except Exception as error:  # every provider raises its own
        return Command(goto=wiring.fail, update={**counters(state), "failures": [failure_of(error)]})
    return await _route(answer, _counted(state, messages, answer), resources, wiring)


async def _ask(
    chat: Chat, resources: Resources, messages: list[BaseMessage], state: State, runtime: Runtime[Context]
) -> AIMessage:
    """Ask within the run's time; what the model says is streamed as thinking."""
    stamp: Stamp = {"run_id": state["run_id"], "iteration": state["iterations"] + 1}
    seconds = limits.remaining(resources.deadline(state["started_at"]))

    def tell(text: str) -> None:
        runtime.stream_writer(Thinking(content=text, **stamp).to_dict())

    return await ask(chat, messages, tell, stream=resources.stream, seconds=seconds)


def _counted(state: State, messages: list[BaseMessage], answer: AIMessage) -> State:
    """The state with this cycle and its tokens counted."""
    usage = add_usage(state["usage"], messages, answer)
    return cast(State, {**state, "iterations": state["iterations"] + 1, "model_attempts": 0, "usage": usage})


async def _route(answer: AIMessage, state: State, resources: Resources, wiring: Wiring) -> Command[Any]:
    """Lead the answer to the node that the wiring names for it."""
    calls = calls_of(answer)
    most = resources.context.max_tool_calls
    if most is not None and state["tool_calls"] + len(calls) > most:
        return endings.refuse(answer, state, most)
    update = {**counters(state), "tool_calls": state["tool_calls"] + len(calls), "messages": [answer]}
    route = routes.after_answer(verdicts_on(calls, state, resources, supervised=wiring.supervised))
    if route == "answer" and wiring.answer == END:
        return Command(goto=END, update={**update, "stop_reason": "completed"})
    if route == "answer":
        return await endings.after_answer(update, resources)
    if wiring.node(route) == "tool_execute":
        return Command(goto=sends(calls, state), update=update)
    return Command(goto=wiring.node(route), update=update)
