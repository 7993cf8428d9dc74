"""Shards of a table's rows: each row in one of them, the first ones where work begins at once."""

from __future__ import annotations

import pytest

from specfile.data import Shard

ROWS = range(1, 30_001)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_row_is_held_by_one_shard(count: int) -> None:
    shards = [Shard(index, count) for index in range(count)]
    held = [sum(shard.holds(number) for number in ROWS) for shard in shards]
    assert all(sum(shard.holds(number) for shard in shards) == 1 for number in ROWS)
    assert max(held[1:], default=0) - min(held[1:], default=0) <= Shard(0, 1).size


def test_first_shard_is_ahead_of_the_others() -> None:
    first = Shard(0, 2)
    assert all(first.holds(number) for number in range(1, 8_501))
    assert [first.holds(number) for number in (8_501, 9_000, 9_001)] == [False, False, True]


def test_stretches_end_where_the_next_begin() -> None:
    shard = Shard(0, 2)
    for number in (1, 499, 500, 501, 8_000):
        stretch = shard.stretch_of(number)
        assert shard.stretch_of(shard.last_of(stretch)) == stretch
        assert shard.stretch_of(shard.last_of(stretch) + 1) == stretch + 1
