"""The faults that a script can put into a LoopbackServer."""

from aksara_agent.testing.errors import ScriptError
from aksara_agent.testing.pieces import pieces_of
from aksara_agent.testing.replies import Drop, Failure, Reply, Stall, says


def fails(
    status: int,
    *,
    retry_after: float | str | None = None,
    code: str | None = None,
    message: str | None = None,
) -> Failure:
    """An HTTP error: `fails(429, retry_after=1)`, `fails(400, code="context_length_exceeded")`."""
    if not 400 <= status <= 599:
        raise ScriptError(f"fails() takes an HTTP error status from 400 to 599, got {status!r}")
    return Failure(status, retry_after, code, message)


def drops(*, after_chunks: int | None = None, reply: Reply | None = None) -> Drop:
    """A connection that closes before `reply` (by default filler words), or after some chunks of it."""
    return Drop(after_chunks, _reply_cut_at(after_chunks, reply))


def stalls(seconds: float, *, after_chunks: int | None = None, reply: Reply | None = None) -> Stall:
    """A silence before `reply` (by default filler words), or after some chunks of it."""
    if seconds < 0:
        raise ScriptError(f"stalls() takes a number of seconds from 0 up, got {seconds!r}")
    return Stall(seconds, after_chunks, _reply_cut_at(after_chunks, reply))


def _reply_cut_at(after_chunks: int | None, reply: Reply | None) -> Reply:
    """A reply that is long enough for the fault. Raises ScriptError if the given one is too short."""
    chunks = after_chunks or 0
    if chunks < 0:
        raise ScriptError(f"after_chunks is a number of chunks from 0 up, got {chunks!r}")
    if reply is None:
        return says(" ".join(["word"] * (chunks + 1)))
    streamed = len(list(pieces_of(reply)))
    if chunks > streamed:
        raise ScriptError(f"after_chunks is {chunks}, but the reply is streamed in {streamed} chunks")
    return reply
