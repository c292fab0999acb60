"""The figures of a benchmark, as it has written them, and what they say of a ratio."""

from dataclasses import dataclass
from typing import Any, Iterable

from .row import Row, Spread


@dataclass(frozen=True)
class Table:
    """Figures that stand beside the ratios. Cells are texts; the first column has the names."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figures:
    benchmark: str
    values: dict[str, Any]

    def row(
        self,
        name: str,
        what: str,
        unit: str,
        ours: float,
        against: str,
        theirs: float | None,
        is_aim_of_ours: bool = False,
    ) -> Row:
        """A row with the ratio of that name, how far its rounds are apart, and its aim."""
        spread = self.values.get("spreads", {}).get(name)
        return Row(
            self.benchmark,
            name,
            what,
            unit,
            ours,
            against,
            theirs,
            # What has an aim of its own and somebody to be compared with has no ratio of that name.
            ratio=self.divided(ours, theirs) if is_aim_of_ours else self.values["ratios"][name],
            spread=Spread(**spread) if spread and not is_aim_of_ours else None,
            aim=self.aim(name),
            is_aim_of_ours=is_aim_of_ours,
        )

    def missing(self, name: str, what: str, unit: str, against: str, peers: Iterable[str]) -> Row:
        """A row for what could not be measured, since one of those peers is not there."""
        reasons = self.values.get("not_measured", {})
        return Row(
            self.benchmark,
            name,
            what,
            unit,
            against=against,
            aim=self.aim(name),
            not_measured="; ".join(reasons[peer] for peer in peers if peer in reasons),
        )

    def aim(self, name: str) -> float | None:
        return self.values.get("aims", {}).get(name)

    @staticmethod
    def divided(ours: float, theirs: float | None) -> float | None:
        return ours / theirs if theirs else None
