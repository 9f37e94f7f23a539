"""A script and how far it has been played. Both test doubles hold one."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aksara_agent.testing.errors import ScriptError
from aksara_agent.testing.replies import Answer, Call, Drop, Entry, Reply, Stall
from aksara_agent.testing.wording import an_ordinal, counted, describe_message, quoted, times


class Script:
    """Hands out one answer per request, in order, to any number of threads."""

    def __init__(self, entries: Sequence[Entry], *, repeat_last: bool, answers: Mapping[type, str]) -> None:
        """`answers` has the types of answers that the double can give, and how they are written.

        Raises ScriptError for an entry of any other type.
        """
        self._entries = list(entries)
        self._repeat_last = repeat_last
        self._answers = answers
        self._lock = threading.Lock()
        self._calls_numbered = 0
        self.requests: list[Any] = []
        self.problems: list[str] = []
        for number, entry in enumerate(self._entries, start=1):
            if isinstance(entry, type) or not callable(entry):
                self._check(entry, f"entry {number} of the script")
        if repeat_last and not self._entries:
            raise ScriptError("repeat_last=True needs a script with at least one entry to repeat")

    def take(self, request: Any, messages: list[Any]) -> Answer:
        """Records the request and returns its answer. Raises ScriptError when the script is exhausted."""
        with self._lock:
            self.requests.append(request)
            entry = self._entry_for(len(self.requests), messages)
            if not callable(entry):
                return self._with_call_ids(entry)
        # Outside the lock, because a computed answer may wait until a second request has come in.
        try:
            answer = entry(messages)
            self._check(answer, "a computed answer")
        except AssertionError as error:
            self.problems.append(f"in a computed answer: {error}")  # an agent may swallow the error itself
            raise
        with self._lock:
            return self._with_call_ids(answer)

    def problem(self, text: str) -> ScriptError:
        """Remembers a problem, so that assert_finished() tells it even when an agent swallowed the error."""
        self.problems.append(text)
        return ScriptError(text)

    def assert_finished(self) -> None:
        """Raises ScriptError if there was a problem, or if some of the script was never asked for."""
        if self.problems:
            raise ScriptError(self.problems[0])
        asked, scripted = len(self.requests), len(self._entries)
        if asked < scripted:
            raise ScriptError(
                f"the script has {counted(scripted, 'reply', 'replies')}, "
                f"but the model was asked {times(asked)}; next reply: {quoted(self._entries[asked])}"
            )

    def _entry_for(self, number: int, messages: list[Any]) -> Entry:
        if number <= len(self._entries):
            return self._entries[number - 1]
        if self._repeat_last:
            return self._entries[-1]
        raise self.problem(
            f"the script has {counted(len(self._entries), 'reply', 'replies')}, "
            f"but the model was asked {an_ordinal(number)} time; "
            f"last message: {describe_message(messages[-1]) if messages else 'none'}"
        )

    def _check(self, answer: object, what: str) -> None:
        if not isinstance(answer, tuple(self._answers)):
            valid = ", ".join(self._answers.values())
            hint = f"; write says({quoted(answer)})" if isinstance(answer, str) else ""
            raise ScriptError(f"{what} is {quoted(answer)}, but must be one of {valid}{hint}")

    def _with_call_ids(self, answer: Answer) -> Answer:
        """The answer with call_1, call_2, … for each tool call that has no id yet."""
        if isinstance(answer, Drop | Stall):
            return replace(answer, reply=self._numbered(answer.reply))
        return self._numbered(answer) if isinstance(answer, Reply) else answer

    def _numbered(self, reply: Reply) -> Reply:
        return replace(reply, tool_calls=tuple(self._with_id(tool_call) for tool_call in reply.tool_calls))

    def _with_id(self, tool_call: Call) -> Call:
        self._calls_numbered += 1
        return tool_call if tool_call.id else replace(tool_call, id=f"call_{self._calls_numbered}")
