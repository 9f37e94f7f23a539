"""Writes answers to one connection of a LoopbackServer: plain, or streamed as server-sent events."""

import json
from collections.abc import Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler

from aksara_agent.testing.loopback_http import HttpServer
from aksara_agent.testing.openai_format import JSON, completion, completion_chunks
from aksara_agent.testing.replies import Reply

MODEL_NAME = "loopback"


class AnswerWriter(BaseHTTPRequestHandler):
    """The writing half of the handler. It writes answers in steps, so that a fault can come between two."""

    protocol_version = "HTTP/1.1"  # keeps the connection open between requests
    disable_nagle_algorithm = True  # else small chunks wait 40 ms for each other
    server: HttpServer

    def writing(self, reply: Reply, request: JSON, *, chunks: int = 0) -> Iterator[None]:
        """Writes the answer step by step; it is unfinished after its opening and `chunks` more steps."""
        number, model = next(self.server.answer_numbers), request.get("model", MODEL_NAME)
        if request.get("stream"):
            usage = bool((request.get("stream_options") or {}).get("include_usage"))
            events = completion_chunks(reply, number=number, model=model, include_usage=usage)
            return self._writing_events(events)
        body = json.dumps(completion(reply, number=number, model=model)).encode()
        return self._writing_body(body, parts=chunks + 1)

    def send_json(self, status: int, body: JSON, headers: Mapping[str, str] | None = None) -> None:
        """Writes a whole answer at once."""
        content = json.dumps(body).encode()
        self._send_head(status, _json_head(content) | dict(headers or {}))
        self.wfile.write(content)

    def _writing_body(self, body: bytes, parts: int) -> Iterator[None]:
        self._send_head(200, _json_head(body))
        yield
        size = len(body) // parts
        for part in range(parts - 1):
            self.wfile.write(body[part * size : (part + 1) * size])
            yield
        self.wfile.write(body[(parts - 1) * size :])

    def _writing_events(self, chunks: Iterable[JSON]) -> Iterator[None]:
        self._send_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        for chunk in chunks:
            self._write_event(json.dumps(chunk))
            yield
        self._write_event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _write_event(self, data: str) -> None:
        """One event is one HTTP chunk: its length in hexadecimal, then the text."""
        event = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))

    def _send_head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing on stderr."""


def _json_head(content: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json", "Content-Length": str(len(content))}
