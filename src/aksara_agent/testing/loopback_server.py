"""A real OpenAI-compatible server on this machine that answers from a script: for tests of the whole way."""

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from aksara_agent.testing.errors import ScriptError
from aksara_agent.testing.loopback_handler import ChatHandler
from aksara_agent.testing.loopback_http import HOST, HttpServer
from aksara_agent.testing.loopback_writing import MODEL_NAME
from aksara_agent.testing.openai_format import JSON
from aksara_agent.testing.replies import Drop, Entry, Failure, Reply, Stall
from aksara_agent.testing.script import Script

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

ANSWERS: dict[type, str] = {
    Reply: "says(...), calls(...)",
    Failure: "fails(...)",
    Drop: "drops(...)",
    Stall: "stalls(...)",
}

TRANSPORT: dict[str, Any] = {"headers": {"Connection": "close"}, "trust_env": False, "verify": False}
"""No idle connection that outlives the server, no proxy from the environment, no certificates to load."""


class LoopbackServer:
    """Serves /v1/chat/completions and /v1/models on 127.0.0.1 while its `with` block runs.

    A computed entry of the script gets the messages as the client sent them. When the script is exhausted
    the server answers 500.
    """

    def __init__(self, *script: Entry, repeat_last: bool = False) -> None:
        self._script = Script(script, repeat_last=repeat_last, answers=ANSWERS)
        self._http: HttpServer | None = None
        self._port: int | None = None

    @property
    def base_url(self) -> str:
        """Where a client finds the server; after its end, an address that refuses connections."""
        if self._port is None:
            raise ScriptError("the server has no address yet; write `with LoopbackServer(...) as server:`")
        return f"http://{HOST}:{self._port}/v1"

    @property
    def requests(self) -> list[JSON]:
        """The bodies of the chat requests so far."""
        return [body for body, _ in self._script.requests]

    @property
    def headers(self) -> list[dict[str, str]]:
        """The headers of the chat requests so far, with names in lower case."""
        return [headers for _, headers in self._script.requests]

    def chat_model(self, **options: Any) -> "ChatOpenAI":
        """A ChatOpenAI that asks this server, without retries and with usage in its streams."""
        # Imported here, because they take half a second and the server works without them.
        from langchain_openai import ChatOpenAI
        from openai import DefaultAsyncHttpxClient, DefaultHttpxClient

        defaults: dict[str, Any] = {
            "model": MODEL_NAME,
            "base_url": self.base_url,
            "api_key": "loopback",
            "max_retries": 0,
            "stream_usage": True,
            "http_client": DefaultHttpxClient(**TRANSPORT),
            "http_async_client": DefaultAsyncHttpxClient(**TRANSPORT),
        }
        return ChatOpenAI(**defaults | options)

    def assert_finished(self) -> None:
        """Raises ScriptError unless the whole script was played and nothing else was asked."""
        self._script.assert_finished()

    def start(self) -> None:
        """Starts to listen. Raises ScriptError if the server runs already."""
        if self._http:
            raise ScriptError("the server runs already; stop() it before it is started again")
        self._http = HttpServer(ChatHandler, self._script)
        self._port = self._http.server_port

    def stop(self) -> None:
        """Closes every connection, even one that stalls; ends within a second."""
        if self._http:
            self._http.stop()
            self._http = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Blocks the loop for some milliseconds; a thread of its executor would outlive the server.
        self.stop()
