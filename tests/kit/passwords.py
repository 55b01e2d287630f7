"""Passwords hashed at the least cost: what they cost is the library's business, and every member of staff has one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """For this process; another raises such a hash to the usual cost when somebody signs in, as after a change of the library."""
    from portal.identity import passwords

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield
