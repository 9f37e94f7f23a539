"""An HTTP server on a free port of this machine that can be stopped at once, whatever its clients do."""

import itertools
import socket
import socketserver
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aksara_agent.testing.script import Script

HOST = "127.0.0.1"
POLL_SECONDS = 0.01
"""How often the accepting thread looks whether it should stop."""
STOP_SECONDS = 0.8
"""How long a stop waits for the threads of all connections together."""


class HttpServer(ThreadingHTTPServer):
    """One thread per connection; knows its connections, so that it can end them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler], script: Script) -> None:
        self.script = script
        self.stopping = threading.Event()
        self.answer_numbers = itertools.count(1)
        self._connections: dict[threading.Thread, socket.socket] = {}
        super().__init__((HOST, 0), handler)
        self._accepting = threading.Thread(target=self.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self._accepting.start()

    def stop(self) -> None:
        """Ends the accepting thread and every connection."""
        self.stopping.set()  # wakes the stalls
        self.shutdown()
        self._accepting.join()
        self.server_close()
        deadline = time.monotonic() + STOP_SECONDS
        for thread, connection in list(self._connections.items()):
            _shut(connection)
            thread.join(max(0.0, deadline - time.monotonic()))

    def server_bind(self) -> None:
        """Leaves out the look-up of the host's full name, which can take seconds without a network."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Starts the thread of a new connection."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self._connections[thread] = request
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serves one connection, in its own thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            del self._connections[threading.current_thread()]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of many tests; anything else is a problem to tell."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.script.problem(f"the loopback server failed: {error!r}")


def _shut(connection: socket.socket) -> None:
    """Wakes a thread that reads from or writes to the connection."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already
