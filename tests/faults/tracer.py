"""A child process that is stopped at every system call that writes, and may be killed or told of a full disk there.

Done with ptrace (https://man7.org/linux/man-pages/man2/ptrace.2.html), the way strace does it, so that a test needs
no program that a machine may lack. Only the thread that runs the function is watched: it alone writes a state.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NoReturn

Call = Literal[
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "fsync",
    "fdatasync",
    "ftruncate",
    "unlink",
    "rename",
    "sendto",
    "sendmsg",
]

NUMBERS: Final[dict[str, dict[int, Call]]] = {
    "x86_64": {
        1: "write", 18: "pwrite64", 20: "writev", 296: "pwritev", 74: "fsync", 75: "fdatasync", 77: "ftruncate",
        87: "unlink", 82: "rename", 44: "sendto", 46: "sendmsg",
    },
    "aarch64": {
        64: "write", 68: "pwrite64", 66: "writev", 70: "pwritev", 82: "fsync", 83: "fdatasync", 46: "ftruncate",
        35: "unlink", 38: "rename", 206: "sendto", 211: "sendmsg",
    },
}  # fmt: skip
CALLS: Final = NUMBERS.get(platform.machine(), {})
CAN_KILL: Final = sys.platform == "linux" and bool(CALLS)
CAN_REFUSE: Final = sys.platform == "linux" and platform.machine() == "x86_64"

_TRACEME, _POKEUSER, _SYSCALL, _SETOPTIONS, _GET_SYSCALL_INFO = 0, 6, 24, 0x4200, 0x420E
# options: a stop for a system call can be told from a signal, and the child dies with who watches it
_SYSGOOD, _EXITKILL = 1, 0x100000
_ENTRY = 1
# where x86_64 keeps, in bytes, the number of a call that is about to be made, and the answer of one that was
_ORIG_RAX, _RAX = 120, 80
_NO_CALL, _NO_SPACE = 2**64 - 1, 2**64 - errno.ENOSPC
_BY_NAME: Final = frozenset({"unlink", "rename"})

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


@dataclass(frozen=True, slots=True)
class Write:
    """A system call about to be made: the how-many-th of those that count, which, and the open file or socket."""

    at: int
    call: Call
    target: str | None


Decision = Literal["go on", "kill", "no space"]


def traced(work: Callable[[], None], decide: Callable[[Write], Decision], counts: Callable[[str], bool]) -> int:
    """Runs `work` in a child and asks `decide` before each write to a target that counts.

    Gives the child's exit code, or minus the signal that ended it.
    """
    child = _watched(work)
    at = 0
    decision: Decision = "go on"
    while (code := _next_call(child)) is None:
        entering, number, first = _stopped_at(child)
        if not entering:
            if decision == "no space":
                _ptrace(_POKEUSER, child, _RAX, _NO_SPACE)
            decision = "go on"
            continue
        write = _write(child, number, first, at + 1)
        if write is None or not (write.target is None or counts(write.target)):
            continue
        at = write.at
        decision = decide(write)
        if decision == "kill":
            os.kill(child, signal.SIGKILL)
        elif decision == "no space":
            _ptrace(_POKEUSER, child, _ORIG_RAX, _NO_CALL)
    return code


def _next_call(child: int) -> int | None:
    """Lets the child go on to where its next system call begins or ends; its exit code, if it ends before."""
    while True:
        with suppress(ProcessLookupError):  # it was killed
            _ptrace(_SYSCALL, child)
        status = os.waitpid(child, 0)[1]
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status)
        if os.WSTOPSIG(status) == signal.SIGTRAP | 0x80:
            return None


def forked(work: Callable[[], None]) -> int:
    """Runs `work` in a child that nobody watches; its exit code."""
    child = os.fork()
    if not child:
        _end(work)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _watched(work: Callable[[], None]) -> int:
    child = os.fork()
    if not child:
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _end(work)
    os.waitpid(child, 0)
    _ptrace(_SETOPTIONS, child, 0, _SYSGOOD | _EXITKILL)
    return child


def _end(work: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the child ends here, whatever it was
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _stopped_at(child: int) -> tuple[bool, int, int]:
    """Is it going in; the number of the call; its first argument."""
    buffer = (ctypes.c_uint64 * 12)()
    _ptrace(_GET_SYSCALL_INFO, child, ctypes.sizeof(buffer), ctypes.addressof(buffer))
    return buffer[0] & 0xFF == _ENTRY, buffer[3], buffer[4]


def _write(child: int, number: int, first: int, at: int) -> Write | None:
    """The call as a write, if it is one."""
    call = CALLS.get(number)
    if call is None:
        return None
    return Write(at, call, None if call in _BY_NAME else _target(child, first))


def _target(child: int, descriptor: int) -> str:
    try:
        return str(Path(f"/proc/{child}/fd/{descriptor}").readlink())
    except OSError:
        return ""


def _ptrace(request: int, child: int, address: int = 0, data: int = 0) -> None:
    if _libc.ptrace(request, child, address, data) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
