"""What a runtime was given, and the resources that it makes of it for each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from aksara_agent.context import Context
from aksara_agent.models.resolve import close_model, resolve_model
from aksara_agent.project import Project
from aksara_agent.resources import Resources, build_resources
from aksara_agent.settings import load_context
from aksara_agent.tools.discovery import discover


class Provision:
    """The project, and the model, tools and settings for it. Raises ConfigurationError and ProjectError."""

    def __init__(
        self,
        project: str | Path,
        model: str | BaseChatModel | None,
        tools: Sequence[Any] | None,
        tools_folder: str | Path | None,
        api_key: str | None,
        settings: Mapping[str, Any],
    ) -> None:
        self.project = Project.open(project)
        self._given = model if isinstance(model, BaseChatModel) else None
        self._settings = {**({} if self._given else {"model": model}), **settings}
        self._tools, self._api_key = tools, api_key
        self._discovered = discover(tools_folder) if tools_folder else {}
        self._made: dict[tuple[Any, ...], BaseChatModel] = {}
        self.standard = self._build(None, {})

    def resources(self, tools: Sequence[Any] | None = None, settings: Mapping[str, Any] | None = None) -> Resources:
        """The resources for a run that was given these on top."""
        return self._build(tools, settings) if settings or tools is not None else self.standard

    async def close(self) -> None:
        """End the processes and connections; they are opened again when needed."""
        await self.project.close()
        for model in self._made.values():
            await close_model(model)

    def _build(self, tools: Sequence[Any] | None, settings: Mapping[str, Any] | None) -> Resources:
        context = load_context(self.project.root, {**self._settings, **(settings or {})})
        return build_resources(
            context,
            project=self.project,
            model=self._given or self._model(context),
            tools=self._tools if tools is None else tools,
            discovered=self._discovered,
        )

    def _model(self, context: Context) -> BaseChatModel:
        """The model that the settings name; made once, because it holds connections."""
        key = (context.model, context.base_url, context.temperature, context.max_output_tokens)
        if key not in self._made:
            self._made[key] = resolve_model(context, api_key=self._api_key)
        return self._made[key]
