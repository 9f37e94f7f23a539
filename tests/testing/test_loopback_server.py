"""The life of a LoopbackServer: it starts at once, speaks HTTP, and leaves nothing behind."""

import gc
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aksara_agent.testing import LoopbackServer, ScriptError, drops, says, stalls
from aksara_agent.testing.replies import Stall

CHAT = "/v1/chat/completions"
OPEN_FILES = Path("/proc/self/fd")
MORE_THAN_ANY_BUFFER_HOLDS = says("word" * 10_000_000)


@contextmanager
def client_of(server: LoopbackServer) -> Iterator[http.client.HTTPConnection]:
    address = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    try:
        yield connection
    finally:
        connection.close()


def post(client: http.client.HTTPConnection, body: Any = None, path: str = CHAT) -> tuple[int, Any]:
    client.request("POST", path, json.dumps({"messages": []} if body is None else body))
    response = client.getresponse()
    return response.status, json.loads(response.read())


def threads() -> set[threading.Thread]:
    """The running threads, without those of an event loop's executor, which the openai client starts."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


def open_sockets() -> int:
    """How many sockets this process has; 0 where the system does not show them."""
    if not OPEN_FILES.exists():
        return 0
    gc.collect()
    links = [link.readlink() for link in OPEN_FILES.iterdir() if link.is_symlink()]
    return sum(str(target).startswith("socket:") for target in links)


@contextmanager
def nothing_is_left() -> Iterator[None]:
    """Checks that a block leaves no thread and no socket."""
    before, sockets = threads(), open_sockets()
    yield
    assert threads() <= before
    assert open_sockets() <= sockets


def stalling(arrived: threading.Event, **options: Any) -> Any:
    """A script entry that stalls for a minute and tells when a client has come to it."""

    def entry(_: list[Any]) -> Stall:
        arrived.set()
        return stalls(60, **options)

    return entry


def test_it_listens_on_this_machine_only_and_on_a_port_of_its_own() -> None:
    with LoopbackServer() as one, LoopbackServer() as two:
        assert one.base_url.startswith("http://127.0.0.1:")
        assert one.base_url.endswith("/v1")
        assert one.base_url != two.base_url


def test_one_connection_serves_many_requests() -> None:
    with LoopbackServer(says("a"), says("b"), says("c")) as server, client_of(server) as client:
        client.connect()
        first_socket = client.sock
        answers = [post(client)[1]["choices"][0]["message"]["content"] for _ in range(3)]
        assert answers == ["a", "b", "c"]
        assert client.sock is first_socket


def test_one_connection_serves_requests_after_a_stream() -> None:
    with LoopbackServer(says("a b"), says("c")) as server, client_of(server) as client:
        client.request("POST", CHAT, json.dumps({"messages": [], "stream": True}))
        response = client.getresponse()
        first_socket = client.sock
        events = response.read().decode().split("\n\n")
        assert response.headers["Content-Type"] == "text/event-stream"
        assert events[-2:] == ["data: [DONE]", ""]
        assert post(client)[1]["choices"][0]["message"]["content"] == "c"
        assert client.sock is first_socket


def test_a_stream_speaks_as_openai_does() -> None:
    body = {"messages": [], "stream": True, "stream_options": {"include_usage": True}, "model": "m"}
    with LoopbackServer(says("a b")) as server, client_of(server) as client:
        client.request("POST", CHAT, json.dumps(body))
        lines = client.getresponse().read().decode().split("\n\n")
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    assert deltas == [{"role": "assistant", "content": ""}, {"content": "a"}, {"content": " b"}, {}]
    assert [chunk["usage"] for chunk in chunks[:-1]] == [None] * 4
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"] == {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    assert {(chunk["id"], chunk["model"], chunk["object"]) for chunk in chunks} == {
        ("chatcmpl-1", "m", "chat.completion.chunk")
    }


def test_what_is_no_chat_request_is_refused_and_does_not_move_the_script() -> None:
    with LoopbackServer(says("a")) as server, client_of(server) as client:
        assert post(client, path="/v1/embeddings")[0] == 404
        for body in ({"model": "m"}, {"messages": "hi"}, [1]):
            status, answer = post(client, body)
            assert status == 400
            assert answer["error"]["message"] == "the body must be a JSON object with a list of messages"
        client.request("POST", CHAT, b"{broken")
        response = client.getresponse()
        assert (response.status, b"invalid_body" in response.read()) == (400, True)
        client.request("GET", "/v1/files")
        response = client.getresponse()
        assert (response.status, b"there is no GET /v1/files" in response.read()) == (404, True)
        assert server.requests == []
        assert post(client)[0] == 200
        server.assert_finished()


def test_it_leaves_no_thread_and_no_socket() -> None:
    with nothing_is_left():
        for _ in range(20):
            with LoopbackServer(says("a"), drops()) as server, client_of(server) as client:
                post(client)
                with pytest.raises((http.client.HTTPException, ConnectionError)):
                    post(client)


def test_it_leaves_nothing_while_clients_keep_idle_connections() -> None:
    with nothing_is_left():
        server = LoopbackServer(says("a"), repeat_last=True)
        with server, client_of(server) as idle, client_of(server) as silent:
            post(idle)
            silent.connect()
            server.stop()
            idle.close()
            silent.close()


@pytest.mark.parametrize("after_chunks", [None, 2])
def test_it_leaves_nothing_while_a_client_waits_in_a_stall(after_chunks: int | None) -> None:
    arrived = threading.Event()
    with nothing_is_left():
        server = LoopbackServer(stalling(arrived, after_chunks=after_chunks))
        with server, client_of(server) as client:
            client.request("POST", CHAT, json.dumps({"messages": [], "stream": True}))
            assert arrived.wait(10)
            server.stop()


def test_it_leaves_nothing_while_a_client_does_not_read() -> None:
    with nothing_is_left():
        server = LoopbackServer(MORE_THAN_ANY_BUFFER_HOLDS)
        with server, client_of(server) as client:
            client.request("POST", CHAT, json.dumps({"messages": []}))
            assert client.getresponse().status == 200
            server.stop()


async def test_it_leaves_nothing_in_async_code() -> None:
    with nothing_is_left():
        async with LoopbackServer(says("a b"), repeat_last=True) as server:
            model = server.chat_model()
            await model.ainvoke("hi")
            assert [chunk async for chunk in model.astream("hi")]


def test_the_chat_model_leaves_no_idle_connection() -> None:
    with nothing_is_left(), LoopbackServer(says("a b"), repeat_last=True) as server:
        model = server.chat_model()
        model.invoke("hi")
        assert list(model.stream("hi"))


def test_it_stops_when_the_block_fails() -> None:
    with nothing_is_left():
        with pytest.raises(ZeroDivisionError), LoopbackServer() as server:
            _ = 1 / 0
        with pytest.raises(ConnectionRefusedError), client_of(server) as client:
            client.connect()


def test_a_client_that_goes_away_is_not_a_problem(capfd: pytest.CaptureFixture[str]) -> None:
    with LoopbackServer(MORE_THAN_ANY_BUFFER_HOLDS, says("next")) as server:
        with client_of(server) as client:
            client.request("POST", CHAT, json.dumps({"messages": []}))
            assert client.getresponse().status == 200
        with client_of(server) as client:
            client.connect()
        with client_of(server) as client:
            assert post(client)[0] == 200
    server.assert_finished()
    assert capfd.readouterr() == ("", "")


def test_it_can_be_started_and_stopped_by_hand_and_goes_on_in_its_script() -> None:
    server = LoopbackServer(says("a"), says("b"))
    with nothing_is_left():
        for text in "ab":
            server.start()
            with client_of(server) as client:
                assert post(client)[1]["choices"][0]["message"]["content"] == text
            server.stop()
            server.stop()
    server.assert_finished()


def test_wrong_handling_is_told_with_the_way_out() -> None:
    server = LoopbackServer()
    with pytest.raises(ScriptError, match="write `with LoopbackServer"):
        _ = server.base_url
    with server, pytest.raises(ScriptError, match="runs already"):
        server.start()


def test_an_error_in_the_server_itself_is_told_at_the_end() -> None:
    with LoopbackServer() as server, client_of(server) as client:
        client.request("POST", CHAT, b"", {"Content-Length": "many"})
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            client.getresponse()
    with pytest.raises(ScriptError, match=r"the loopback server failed: ValueError.*'many'"):
        server.assert_finished()
