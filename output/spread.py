"""How far a value lies from the others of its group, itself left out, by medians."""

from collections.abc import Sequence
from typing import NamedTuple

_MAD_TO_SIGMA = 1.4826


class _Middle(NamedTuple):
    """The middle of sorted values: the two around it where their number is even, else the middle three."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "_Middle":
        half, is_odd = divmod(len(values), 2)
        return cls(tuple(sorted(values)[half - 1 : half + 1 + is_odd]))

    def side(self, value: float) -> int:
        """Return on which side one of the values lies: -1 below, 0 in the very middle, 1 above."""
        if len(self.values) == 2:
            return -1 if value < self.values[1] else 1
        return (value > self.values[1]) - (value < self.values[1])

    def without(self, side: int) -> float:
        """Return the median once a value of that side is taken out."""
        if len(self.values) == 2:
            return self.values[1] if side < 0 else self.values[0]
        below, middle, above = self.values
        return {-1: (middle + above) / 2, 0: (below + above) / 2, 1: (below + middle) / 2}[side]


class Others:
    """A group of three and more values; only the middles are kept, however large it is."""

    def __init__(self, values: Sequence[float]) -> None:
        """Take all values of the group."""
        self._middle = _Middle.of(values)
        self._distances: dict[int, tuple[float, _Middle]] = {}
        for side in (-1, 0, 1) if len(values) % 2 else (-1, 1):
            centre = self._middle.without(side)
            self._distances[side] = centre, _Middle.of([abs(value - centre) for value in values])

    def robust_z(self, value: float) -> float | None:
        """Return the distance of one of the values from the median of the others, in robust deviations.

        None where more than half of the others are equal: there is no spread to measure by.
        """
        centre, distances = self._distances[self._middle.side(value)]
        own = abs(value - centre)
        deviation = _MAD_TO_SIGMA * distances.without(distances.side(own))
        return (value - centre) / deviation if deviation else None
