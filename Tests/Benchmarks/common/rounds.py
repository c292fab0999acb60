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


def side_by_side(ours: list[dict], others: list[dict], figure: str) -> list[float]:
    """The ratio of a figure in each round."""
    return [our[figure] / other[figure] for our, other in zip(ours, others)]


def spread(values: list[float]) -> dict[str, float]:
    """How far the rounds are apart. A single round has nothing to say of that, but is said to be one."""
    if len(values) == 1:
        lower = upper = values[0]
    else:
        lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
    return {
        "rounds": len(values),
        "lowest": min(values),
        "lower_quartile": lower,
        "upper_quartile": upper,
        "highest": max(values),
    }


def combined(key, values):
    return sum(values) if key in COUNTS else median(values)
