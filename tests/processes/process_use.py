"""The types of the fixtures with which commands are run, and the trees that commands grow."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import psutil

Alive = Callable[[], list[psutil.Process]]
Started = Callable[..., Awaitable[asyncio.Task[object]]]

FORK_TWICE = f"""{sys.executable} -S -c '
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in range(3):
            os.close(descriptor)
        time.sleep(NUMBER)
    os._exit(0)
os.wait()'"""

LINE_OF_PARENTS = f"""{sys.executable} -S -c '
import os, time
for _ in range(5):
    if os.fork():
        os.wait()
        os._exit(0)
    os.setsid()
time.sleep(NUMBER)'"""

# Each leaves at least one process running; NUMBER is among the arguments of all.
TREES = {
    "a child": "sleep NUMBER &",
    "a child without our pipe": "sleep NUMBER >/dev/null 2>&1 &",
    "a shell with children": "sh -c 'sleep NUMBER & sleep NUMBER' &",
    "a grandchild in its own session": "sh -c 'setsid sleep NUMBER &'",
    "a daemon that forked twice": FORK_TWICE,
    "a daemon with an emptied environment": "env -i setsid sleep NUMBER </dev/null >/dev/null 2>&1 &",
    "one that ignores being asked": "sh -c 'trap \"\" TERM HUP; while :; do sleep NUMBER; done' &",
    "one that is stopped": "sh -c 'kill -STOP $$; sleep NUMBER' &",
    "a long line of parents, each in its own session": f"{LINE_OF_PARENTS} &",
    "one that starts others when asked to end": "sh -c 'trap \"setsid sleep NUMBER &\" TERM; sleep NUMBER; :' &",
}
