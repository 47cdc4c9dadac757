"""Shares and how far they can be trusted."""

from math import sqrt

Z = 1.959964  # of the normal distribution, for 95 %


def wilson(hits, count):
    """The 95 % interval of a share (Wilson, 1927), 0..1."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, Z * Z / count
    middle = (share + square / 2) / (1 + square)
    reach = Z * sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share(name, hits, count):
    """A line of a benchmark: name, value, unit, n, and the interval."""
    low, high = wilson(hits, count)
    return (name, 100 * hits / max(1, count), "%", count,
            f"{100 * low:.2f}..{100 * high:.2f}")
