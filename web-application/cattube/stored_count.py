"""Numbers that stand in what the counted rows are about, as likes in their video.

They are always those of the rows.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

P = TypeVar("P", bound=Model)


class StoredCount(Generic[P]):
    """Number of `rows` about each instance of `parent`, in its column `field`. A person has one row or none.

    rows: a model with a relation `user`, and the relation `key` to the parent. Its rows come and go by this
    class alone. Only a parent that is deleted takes its rows along, for then there is nothing to count.
    """

    def __init__(self, parent: type[P], field: str, *, rows: type[Model], key: str) -> None:
        self._parent, self._field, self._rows, self._key = parent, field, rows, key

    def set(self, parent: P, user: User, *, counts: bool) -> int | None:
        """Count this person or not; the number then. A second time changes nothing.

        None when the parent is gone, or the account ends at the same moment.
        """
        try:
            with transaction.atomic():
                return self._set(parent, user, counts=counts)
        except IntegrityError:  # Databases look for the account when the transaction ends.
            return None

    def leave(self, instance: User, **_: Any) -> None:
        """Take a person out of all numbers before the account ends. Receives Django's signal `pre_delete`."""
        own = self._all.filter(user=instance)
        parents = self._parent._default_manager.filter(pk__in=own.values_list(self._key, flat=True))
        with transaction.atomic():
            # The account first: a row that comes at this moment is either seen here or not made any more.
            list(User.objects.select_for_update().filter(pk=instance.pk).values_list("pk"))
            self._lock(parents)
            self._write(parents, self._all.exclude(user=instance))
            own.delete()

    def _set(self, parent: P, user: User, *, counts: bool) -> int | None:
        parents = self._parent._default_manager.filter(pk=parent.pk)
        row: dict[str, Any] = {self._key: parent, "user": user}
        # Changes of one number come one after the other: each counts what is there.
        if not self._lock(parents):
            return None
        if counts:
            self._all.get_or_create(**row)
        else:
            self._all.filter(**row).delete()
        self._write(parents, self._all)
        number: int = parents.values_list(self._field, flat=True).get()
        return number

    @property
    def _all(self) -> QuerySet[Model]:
        return self._rows._default_manager.all()

    def _lock(self, parents: QuerySet[P]) -> bool:
        """Lock them until the transaction ends, always in the same order; False when there are none.

        So of two accounts that end, one waits at the first number that both have a part in.
        """
        return bool(list(parents.select_for_update(no_key=True).order_by("pk").values_list("pk")))

    def _write(self, parents: QuerySet[P], rows: QuerySet[Model]) -> None:
        """Write into each of the parents how many of the rows are about it."""
        about_it = rows.filter(**{self._key: OuterRef("pk")}).order_by().values(self._key)
        number = about_it.annotate(number=Count("pk")).values("number")
        parents.update(**{self._field: Coalesce(Subquery(number), 0)})
