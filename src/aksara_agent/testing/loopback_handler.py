"""Reads requests on one connection of a LoopbackServer and gives what the script has for them."""

import json
from collections import deque
from collections.abc import Iterator
from itertools import islice

from aksara_agent.testing.errors import ScriptError
from aksara_agent.testing.loopback_writing import MODEL_NAME, AnswerWriter
from aksara_agent.testing.openai_format import JSON, error_body, model_list
from aksara_agent.testing.replies import Answer, Drop, Failure, Reply, Stall


class ChatHandler(AnswerWriter):
    """POST /v1/chat/completions and GET /v1/models."""

    def do_GET(self) -> None:
        """The one model there is."""
        if self.path == "/v1/models":
            self.send_json(200, model_list(MODEL_NAME))
        else:
            self._refuse(404, "not_found", f"there is no GET {self.path}, only GET /v1/models")

    def do_POST(self) -> None:
        """The next answer of the script. Requests that are no chat completions do not move the script."""
        request = _chat_request(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if self.path != "/v1/chat/completions":
            self._refuse(404, "not_found", f"there is no POST {self.path}, only POST /v1/chat/completions")
        elif request is None:
            self._refuse(400, "invalid_body", "the body must be a JSON object with a list of messages")
        else:
            self._play(request)

    def _play(self, request: JSON) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            answer = self.server.script.take((request, headers), request["messages"])
        except ScriptError as error:
            self._refuse(500, "script_error", str(error))
        except Exception as error:  # a computed answer is the test's own code and may raise anything
            problem = self.server.script.problem(f"a computed answer raised {error!r}")
            self._refuse(500, "script_error", str(problem))
        else:
            self._give(answer, request)

    def _give(self, answer: Answer, request: JSON) -> None:
        match answer:
            case Reply():
                deque(self.writing(answer, request), maxlen=0)
            case Failure(status=status, retry_after=retry_after):
                headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
                self.send_json(status, error_body(answer), headers)
            case Drop(after_chunks=after_chunks, reply=reply):
                self._begin(reply, request, after_chunks)
                self.close_connection = True
            case Stall(seconds=seconds, after_chunks=after_chunks, reply=reply):
                writing = self._begin(reply, request, after_chunks)
                if self.server.stopping.wait(seconds):
                    self.close_connection = True
                else:
                    deque(writing, maxlen=0)

    def _begin(self, reply: Reply, request: JSON, after_chunks: int | None) -> Iterator[None]:
        """Writes nothing, or the opening and so many chunks; returns what is left to write."""
        writing = self.writing(reply, request, chunks=after_chunks or 0)
        steps = 0 if after_chunks is None else 1 + after_chunks
        deque(islice(writing, steps), maxlen=0)
        return writing

    def _refuse(self, status: int, code: str, message: str) -> None:
        """An error of the test, not of the script: the official client must not try again."""
        body = error_body(Failure(status, None, code, message))
        self.send_json(status, body, {"x-should-retry": "false"})


def _chat_request(body: bytes) -> JSON | None:
    """The parsed body, or None when it is not a chat request."""
    try:
        request = json.loads(body)
    except ValueError:
        return None
    return request if isinstance(request, dict) and isinstance(request.get("messages"), list) else None
