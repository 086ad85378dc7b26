"""What all tables have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Float, Integer, Text
from sqlalchemy.orm import DeclarativeBase

# SQLite numbers rows by itself only for a key of its own integer type.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    type_annotation_map = {
        dict[str, Any]: JSON,
        list[Any]: JSON,
        float: Float(53),
        int: BigInteger,
        str: Text,
    }
