"""Medians of rounds.

A shared machine is now faster and now slower by a third and more, for seconds or for minutes. So the
rounds are many and short, and a ratio is that of two runs side by side, its median taken over the rounds.
"""

import statistics

# Figures that are added up.
COUNTS = ("requests", "errors", "votes")


def median(results):
    """The median of each figure, except of counts, which are added up."""
    if isinstance(results[0], dict):
        return {key: combined(key, [result[key] for result in results]) for key in results[0]}
    if isinstance(results[0], str) or results[0] is None:
        return results[0]
    return statistics.median(results)


def combined(key, values):
    return sum(values) if key in COUNTS else median(values)
