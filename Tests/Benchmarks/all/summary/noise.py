"""How far this run is to be believed: what is said where the machine had other things to do."""

from .numbers import figure, percent
from .outcome import Outcome
from .row import Row

# The load average of the minute before, for each core. What has been built a minute ago is in it.
BUSY_BEFORE = 0.3
# Parts of all processor time. What a quiet system does by itself is below a hundredth.
BUSY_OTHERS = 0.05
BUSY_STOLEN = 0.02
# Half of the width of the middle half of the rounds, as a part of the ratio.
WIDE = 0.10


def warnings(
    before: float, cores: int, outcomes: list[Outcome], rows: list[Row], is_quick: bool
) -> list[str]:
    found = []
    if before > BUSY_BEFORE * cores:
        found.append(
            f"the machine was busy before it began: load average {figure(before)} on {cores} cores"
        )
    for outcome in outcomes:
        load = outcome.load
        if load.others is not None and load.others > BUSY_OTHERS:
            found.append(
                f"{outcome.benchmark}: other programs had {percent(load.others)} of the processor time"
            )
        if load.stolen is not None and load.stolen > BUSY_STOLEN:
            found.append(
                f"{outcome.benchmark}: {percent(load.stolen)} of the processor time went to other "
                "machines on the same host"
            )
    found += of_rounds(rows)
    if is_quick:
        found.append("it was a quick run, with fewer and shorter rounds")
    return found


def of_rounds(rows: list[Row]) -> list[str]:
    with_rounds = [row for row in rows if row.half_width is not None]
    wide = [row for row in with_rounds if is_wide(row)]
    if not wide:
        return []
    return [
        f"{len(wide)} of {len(with_rounds)} ratios differ from round to round by more than "
        f"± {percent(WIDE)}"
    ]


def is_wide(row: Row) -> bool:
    return row.half_width is not None and row.half_width > WIDE


def is_busy(before: float, cores: int, outcomes: list[Outcome]) -> bool:
    """Whether others disturbed it, whatever its rounds say."""
    return before > BUSY_BEFORE * cores or any(
        (outcome.load.others or 0) > BUSY_OTHERS or (outcome.load.stolen or 0) > BUSY_STOLEN
        for outcome in outcomes
    )
