"""What a runtime was given, and the resources that it makes of it for each run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from aksara_agent.context import Context
from aksara_agent.hooks import Hooks, without_hooks
from aksara_agent.models.resolve import close_model, resolve_model
from aksara_agent.project import Project
from aksara_agent.redaction import Redactor
from aksara_agent.resources import Resources, build_resources
from aksara_agent.settings import load_context
from aksara_agent.tools.discovery import discover

Model = str | BaseChatModel


class Provision:
    """The project, and the model, tools, hooks and settings for it. Raises ConfigurationError and ProjectError."""

    def __init__(
        self,
        project: str | Path,
        model: Model | None,
        fallback_models: Sequence[Model] | None,
        tools: Sequence[Any] | None,
        tools_folder: str | Path | None,
        api_key: str | None,
        options: Mapping[str, Any],
    ) -> None:
        self.project = Project.open(project)
        self._given = model if isinstance(model, BaseChatModel) else None
        self._fallbacks = fallback_models
        self._hooks = Hooks().with_those_of(options)
        named = {} if self._given else {"model": model}
        self._settings = {**named, **without_hooks(options)}
        self._tools, self._api_key = tools, api_key
        self._discovered = discover(tools_folder) if tools_folder else {}
        self._redactor = Redactor(os.environ, [api_key] if api_key else ())
        self._made: dict[tuple[Any, ...], BaseChatModel] = {}
        self.standard = self._build(None)

    def resources(self, tools: Sequence[Any] | None = None, *options: Mapping[str, Any]) -> Resources:
        """The resources for a run that was given these on top, the later over the earlier."""
        return self._build(tools, *options) if any(options) or tools is not None else self.standard

    async def close(self) -> None:
        """End the processes and connections; they are opened again when needed."""
        await self.project.close()
        for model in self._made.values():
            await close_model(model)

    def _build(self, tools: Sequence[Any] | None, *options: Mapping[str, Any]) -> Resources:
        context = load_context(self.project.root, self._settings, *map(without_hooks, options))
        hooks = self._hooks
        for given in options:
            hooks = hooks.with_those_of(given)
        return build_resources(
            context,
            project=self.project,
            models=self._models(context),
            tools=self._tools if tools is None else tools,
            discovered=self._discovered,
            hooks=hooks,
            redactor=self._redactor,
        )

    def _models(self, context: Context) -> list[BaseChatModel]:
        """The model of the run and those to fall back on; made once, because they hold connections."""
        first = context.model if self._given is None else self._given
        fallbacks = context.fallback_models if self._fallbacks is None else self._fallbacks
        return [
            model if isinstance(model, BaseChatModel) else self._named(context.model_copy(update={"model": model}))
            for model in (first, *fallbacks)
        ]

    def _named(self, context: Context) -> BaseChatModel:
        key = (context.model, context.base_url, context.temperature, context.max_output_tokens)
        if key not in self._made:
            self._made[key] = resolve_model(context, api_key=self._api_key)
        return self._made[key]
