"""From 'provider:name' to a chat model; with nothing configured, the offline one."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

from langchain_core.language_models import BaseChatModel

from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError, UnknownModelName

FORMS = (
    "'openai:<name>' (with base_url for any OpenAI-compatible server), 'offline', "
    "or '<provider>:<name>' when langchain is installed"
)
REQUEST_SECONDS = 120.0


def resolve_models(context: Context, *, api_key: str | None = None) -> list[BaseChatModel]:
    """The model that the context names, and those to fall back on. Raises what ``resolve_model`` raises."""
    names = (context.model, *context.fallback_models)
    return [resolve_model(context.model_copy(update={"model": name}), api_key=api_key) for name in names]


def resolve_model(context: Context, *, api_key: str | None = None) -> BaseChatModel:
    """The chat model that the context names.

    Raises UnknownModelName for a string that names none, ConfigurationError when a key or package is missing.
    """
    name = context.model
    if (name is None and context.base_url is None) or name == "offline":
        from aksara_agent.models.offline import OfflineModel

        return OfflineModel()
    if name is None:
        raise UnknownModelName(
            f"base_url={context.base_url!r} is set but no model; name one that the server has: {FORMS}."
        )
    provider, separator, model = name.partition(":")
    if not separator and context.base_url:
        provider, model = "openai", name
    if provider == "openai" and model.strip():
        return _openai(model, context, api_key)
    if not separator or not model.strip():
        raise UnknownModelName(f"{name!r} does not name a provider. Use {FORMS}.")
    return _any_provider(name, context, api_key)


def _openai(model: str, context: Context, api_key: str | None) -> BaseChatModel:
    """A ChatOpenAI. Our error router does the retries, so the client must not repeat them behind its back."""
    key = api_key or os.environ.get("OPENAI_API_KEY")
    if not key and not context.base_url:
        raise ConfigurationError(
            f"No API key for {model!r}. Set OPENAI_API_KEY, pass api_key=…, "
            "or give base_url=… for a server that needs none."
        )
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    from aksara_agent.models.http_client import LoopAwareClient

    options: dict[str, Any] = {
        "base_url": context.base_url,
        "temperature": context.temperature,
        "max_completion_tokens": context.max_output_tokens,
    }
    given = {name: value for name, value in options.items() if value is not None}
    secret = SecretStr(key or "not-needed")
    return ChatOpenAI(
        model=model,
        api_key=secret,
        max_retries=0,
        timeout=REQUEST_SECONDS,
        stream_usage=True,
        http_async_client=LoopAwareClient(),
        **given,
    )


async def close_model(model: BaseChatModel) -> None:
    """Close the connections of a model that ``resolve_model`` made."""
    if client := getattr(model, "http_async_client", None):
        await client.aclose()


def _any_provider(name: str, context: Context, api_key: str | None) -> BaseChatModel:
    """A model of any provider that LangChain knows, when its packages are here."""
    if find_spec("langchain") is None:
        raise UnknownModelName(
            f"{name!r} needs LangChain's providers: pip install langchain and the provider's package, or use {FORMS}."
        )
    from langchain.chat_models import init_chat_model

    options = {
        "temperature": context.temperature,
        "max_tokens": context.max_output_tokens,
        "api_key": api_key,
        "base_url": context.base_url,
    }
    try:
        model: BaseChatModel = init_chat_model(name, **{k: v for k, v in options.items() if v is not None})
    except (ImportError, ValueError) as error:
        raise UnknownModelName(f"The model {name!r} cannot be made: {error}") from error
    return model
