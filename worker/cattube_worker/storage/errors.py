"""Errors of stores; the caller adds the step and Transloadit's code for the robot."""

from __future__ import annotations

from cattube_worker.errors import AssemblyError


class StoreError(AssemblyError):
    """The store could not do what it was asked."""

    retryable = True


class ObjectMissing(StoreError):
    """There is no object of that key."""

    retryable = False


class BucketMissing(ObjectMissing):
    """There is no bucket of that name."""


class AccessDenied(StoreError):
    """The store does not let these credentials do that."""

    retryable = False


class WrongClock(AccessDenied):
    """The store refuses the calls of a machine whose clock is wrong."""


class ObjectTooLarge(StoreError):
    """The object has more bytes than whoever asked for it wants."""

    retryable = False


class KeyTaken(StoreError):
    """Another object has that key; nothing is ever overwritten."""

    retryable = False


class UnsafeKey(StoreError):
    """The key is no name for an object: empty, absolute, too long, or climbing out of the store."""

    status, retryable = 400, False


class UnsupportedAttribute(StoreError):
    """The store does not support an attribute that the object is to have."""

    status, retryable = 400, False


class DamagedObject(StoreError):
    """The bytes that came are not those that were stored."""


class UnknownCredentials(AssemblyError):
    """A step names credentials that this engine does not have."""

    code, status = "TEMPLATE_CREDENTIALS_INJECTION_ERROR", 400
