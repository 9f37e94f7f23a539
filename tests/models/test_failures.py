"""What kind of failure an exception of a provider is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aksara_agent.models.failures import EmptyAnswer, failure_of


class StatusError(Exception):
    """As providers raise it."""

    def __init__(self, message: str, status_code: int) -> None:
        super().__init__(message)
        self.status_code = status_code


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (StatusError("slow down", 429), "rate_limit"),
        (StatusError("boom", 503), "server"),
        (StatusError("no", 401), "authentication"),
        (StatusError("no such model", 404), "not_found"),
        (StatusError("bad", 422), "bad_request"),
        (StatusError("maximum context length is 8192 tokens", 400), "context_length"),
        (ConnectionResetError("reset"), "connection"),
        (TimeoutError(), "timeout"),
        (EmptyAnswer("nothing"), "empty_answer"),
        (ValueError("odd"), "unexpected"),
    ],
)
def test_each_failure_has_a_kind(error: Exception, kind: str) -> None:
    assert failure_of(error)["kind"] == kind


@given(st.text(), st.integers())
def test_whatever_a_provider_raises_becomes_a_short_message(text: str, status: int) -> None:
    failure = failure_of(StatusError(text, status))
    assert failure["message"].startswith("The model call failed")
    assert len(failure["message"]) < 800
