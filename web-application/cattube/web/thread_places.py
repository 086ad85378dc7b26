"""Places for answers that hold a thread of the server each, as event streams and large ones do."""

import threading
from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest

from cattube.accounts.client_address import client_address


@dataclass(frozen=True)
class Holder:
    """Somebody for whom an answer counts. share: gets one place of so many."""

    name: str
    share: int


Viewer = tuple[Holder, ...]


def viewer_of(request: HttpRequest) -> Viewer:
    """Holders of the answer to this request: the person, or the address and all who have no account."""
    if request.user.is_authenticated:
        return (Holder(f"person {request.user.pk}", share=2),)
    return (Holder(f"address {client_address(request)}", share=4), Holder("strangers", share=2))


class ThreadPlaces:
    """Places of which each holder gets a share at most, so that others find some."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._taken, self._by_holder = 0, Counter[Holder]()

    @property
    def free(self) -> int:
        with self._lock:
            return self._most - self._taken

    def take(self, viewer: Viewer) -> bool:
        """Take a place for the viewer, and tell if there was one."""
        with self._lock:
            has_too_many = any(self._by_holder[holder] >= self._most_of(holder) for holder in viewer)
            if self._taken >= self._most or has_too_many:
                return False
            self._taken += 1
            self._by_holder.update(viewer)
            return True

    def give_back(self, viewer: Viewer) -> None:
        with self._lock:
            self._taken -= 1
            self._by_holder.subtract(viewer)
            self._by_holder = +self._by_holder

    def _most_of(self, holder: Holder) -> int:
        return max(1, self._most // holder.share)
