"""A line of the table: ours beside a floor or a peer, and what the ratio may be at most."""

from dataclasses import dataclass
from typing import Any

MET, MISSED, NO_AIM, NOT_MEASURED = "met", "missed", "—", "not measured"


@dataclass(frozen=True)
class Spread:
    """How far the rounds are apart: of the ratio in each of them."""

    rounds: int
    lowest: float
    lower_quartile: float
    upper_quartile: float
    highest: float

    def inverted(self) -> "Spread":
        return Spread(
            self.rounds,
            1 / self.highest,
            1 / self.upper_quartile,
            1 / self.lower_quartile,
            1 / self.lowest,
        )


@dataclass(frozen=True)
class Row:
    # Of which benchmark, and the name of the ratio in its figures.
    benchmark: str
    name: str
    what: str
    unit: str = ""
    ours: float | None = None
    against: str = ""
    theirs: float | None = None
    # Ours over theirs. Less is better in every row.
    ratio: float | None = None
    spread: Spread | None = None
    # What the ratio may be at most; or ours, where there is nobody to divide by.
    aim: float | None = None
    is_aim_of_ours: bool = False
    # That of the fastest rounds, where it has to meet the aim as well.
    fastest_ratio: float | None = None
    # Why there are no figures.
    not_measured: str | None = None

    @property
    def reason(self) -> str | None:
        """Why there are no figures, and of whom."""
        if self.not_measured is None or not self.against:
            return self.not_measured
        return f"{self.against}: {self.not_measured}"

    @property
    def judged(self) -> float | None:
        """What is held against the aim."""
        if self.is_aim_of_ours:
            return self.ours
        if self.ratio is None or self.fastest_ratio is None:
            return self.ratio
        return max(self.ratio, self.fastest_ratio)

    @property
    def verdict(self) -> str:
        if self.not_measured is not None or self.judged is None:
            return NOT_MEASURED
        if self.aim is None:
            return NO_AIM
        return MET if self.judged <= self.aim else MISSED

    @property
    def verdict_text(self) -> str:
        if self.verdict == MISSED and self.is_met_by_median:
            return f"{MISSED}, fastest rounds"
        return f"{self.verdict} ~" if self.is_close else self.verdict

    @property
    def half_width(self) -> float | None:
        """Half of what the middle half of the rounds takes, as a part of the ratio."""
        if self.spread is None or not self.ratio:
            return None
        return (self.spread.upper_quartile - self.spread.lower_quartile) / 2 / self.ratio

    @property
    def is_met_by_median(self) -> bool:
        """Where the fastest rounds are held against the aim as well."""
        if self.fastest_ratio is None or self.ratio is None or self.aim is None:
            return False
        return self.ratio <= self.aim

    @property
    def is_close(self) -> bool:
        """Whether the aim is within the middle half of the rounds, so that the next run may say the
        opposite."""
        if self.aim is None or self.is_aim_of_ours or self.spread is None:
            return False
        return self.spread.lower_quartile <= self.aim <= self.spread.upper_quartile

    def json(self) -> dict[str, Any]:
        return {
            "benchmark": self.benchmark,
            "name": self.name,
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours,
            "against": self.against,
            "theirs": self.theirs,
            "ratio": self.ratio,
            "spread": vars(self.spread) if self.spread else None,
            "aim": self.aim,
            "aim_is_of": "ours" if self.is_aim_of_ours else "ratio",
            "fastest_ratio": self.fastest_ratio,
            "verdict": None if self.verdict == NO_AIM else self.verdict.replace(" ", "_"),
            "is_close": self.is_close,
            "not_measured": self.not_measured,
        }
