"""What the project's own ORM events change beside the rows that were asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect


class Others:
    """Counts the objects of other models that a session writes, such as entries of an audit log."""

    def __init__(self, session: Any, model: Any) -> None:
        self.model = model
        self.counts: dict[str, int] = {}
        event.listen(session, "after_flush", self.after_flush)

    def after_flush(self, session: Any, context: Any) -> None:
        changed = [instance for instance in session.dirty if inspect(instance).modified]
        for instance in [*session.new, *changed, *session.deleted]:
            if not isinstance(instance, self.model):
                name = type(instance).__qualname__
                self.counts[name] = self.counts.get(name, 0) + 1

    def notes(self) -> list[str]:
        message = "the project's own code also wrote {} {} rows, which undo leaves alone"
        return [message.format(number, name) for name, number in self.counts.items()]
