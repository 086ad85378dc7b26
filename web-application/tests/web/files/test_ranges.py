import pytest

from cattube.web.files.ranges import ByteRange, RangeNotSatisfiable, read_range

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("bytes=0-", ByteRange(0, 999), id="from-start"),
        pytest.param("bytes=200-299", ByteRange(200, 299), id="middle"),
        pytest.param("bytes=999-999", ByteRange(999, 999), id="last-byte"),
        pytest.param("bytes=900-5000", ByteRange(900, 999), id="S05-end-beyond-the-end"),
        pytest.param("bytes=-100", ByteRange(900, 999), id="last-hundred"),
        pytest.param("bytes=-5000", ByteRange(0, 999), id="more-than-there-is"),
    ],
)
def test_one_range_gives_these_bytes(header: str, expected: ByteRange) -> None:
    assert read_range(header, size=SIZE) == expected


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param("bytes=-", id="empty"),
        pytest.param("bytes=9-3", id="S05-reversed"),
        pytest.param("items=0-5", id="other-unit"),
        pytest.param("bytes=a-b", id="letters"),
        pytest.param("bytes=" + ",".join(f"{n}-{n}" for n in range(1000)), id="S05-thousand-ranges"),
        pytest.param("bytes=" + "9" * 5000 + "-", id="endless-number"),
    ],
)
def test_what_is_no_single_range_gets_the_whole_object(header: str) -> None:
    assert read_range(header, size=SIZE) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_range_outside_of_the_object_is_not_satisfiable_s05(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        read_range(header, size=SIZE)


def test_empty_object_has_no_range() -> None:
    with pytest.raises(RangeNotSatisfiable):
        read_range("bytes=0-", size=0)
