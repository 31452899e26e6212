"""Hashes passwords with argon2id, in the form that Flask-Security reads; works without a running web app."""

from functools import cache

from argon2 import PasswordHasher

_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """The salted argon2id hash of a password, in PHC string form."""
    return _HASHER.hash(password)


@cache
def nobodys_hash() -> str:
    """A hash that no password fits: checking it takes as long for an unknown address as for a known one."""
    return _HASHER.hash("")
