"""An HTTP client for scripts that call ``asyncio.run`` more than once."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

import httpx2
from openai import DefaultAsyncHttpxClient


class LoopAwareClient(DefaultAsyncHttpxClient):
    """Keeps one pool of connections for each event loop.

    A connection dies with the loop that opened it; a pool that outlives its loop hands out dead ones
    ("Event loop is closed").
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._options = options
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = WeakKeyDictionary()

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send over the connections of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._pools:
            self._pools[loop] = DefaultAsyncHttpxClient(**self._options)
        return await self._pools[loop].send(request, **options)

    async def aclose(self) -> None:
        """Close the connections of the running loop; the client can be used again."""
        if pool := self._pools.pop(asyncio.get_running_loop(), None):
            await pool.aclose()
