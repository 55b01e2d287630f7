"""What a process that opens files from strangers may still do: little memory, little time, no large files, no connection to anything.

The limits hold until the process ends, and for what it starts. Linux; the filter of system calls is seccomp's (man 2 seccomp).
"""

import ctypes
import platform
import resource
import struct

MEMORY = 2_000_000_000
"""Bytes of address space. GDAL, PROJ and numpy take 0.7 GB of it before a file is opened."""
SECONDS = 900
_LARGEST_FILE = 2_100_000_000
_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES
_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""The number that the kernel gives a machine, and that of socket(2) on it."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def confine(memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """Limit this process for good. Raises OSError where the kernel refuses it: then nothing may be opened."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    if platform.machine() in _ARCHITECTURES:
        _refuse_sockets(*_ARCHITECTURES[platform.machine()])


def _refuse_sockets(architecture: int, socket: int) -> None:
    """Have the kernel refuse socket(2), and every call under another architecture's numbers."""
    steps = (
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_EQUAL, 0, 1, socket),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
    if failed:
        raise OSError(ctypes.get_errno(), "the kernel refuses the filter of system calls")
