"""How one benchmark ended: with figures, or with a reason why there are none."""

import math
from dataclasses import dataclass, field
from typing import Any

from . import codec, fanout, rpc, vote
from .figures import Table
from .load import Load
from .row import Row

# In the order in which they run, and are shown.
BENCHMARKS = {"codec": codec, "rpc": rpc, "vote": vote, "fanout": fanout}


@dataclass(frozen=True)
class Outcome:
    benchmark: str
    seconds: float
    load: Load = field(default_factory=Load)
    figures: dict[str, Any] | None = None
    failure: str | None = None

    @property
    def title(self) -> str:
        return BENCHMARKS[self.benchmark].TITLE

    @property
    def meaning(self) -> str:
        return BENCHMARKS[self.benchmark].MEANING

    @property
    def rows(self) -> list[Row]:
        if self.figures is None:
            what = self.title.partition(": ")[2]
            return [Row(self.benchmark, "", what, not_measured=self.failure)]
        return list(BENCHMARKS[self.benchmark].rows(self.figures))

    @property
    def tables(self) -> list[Table]:
        return [] if self.figures is None else BENCHMARKS[self.benchmark].tables(self.figures)

    @staticmethod
    def of_figures(benchmark: str, seconds: float, load: Load, figures: Any) -> "Outcome":
        """Figures that lack what the table needs are a failure, which does not end the others."""
        outcome = Outcome(benchmark, seconds, load, figures)
        try:
            outcome.check()
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            reason = f"its figures are not as expected: {type(error).__name__} {error}".rstrip()
            return Outcome(benchmark, seconds, load, failure=reason)
        return outcome

    def check(self) -> None:
        if not isinstance(self.figures, dict):
            raise TypeError("no object")
        for row in self.rows:
            if row.judged is not None and not math.isfinite(row.judged):
                raise ValueError(f"{row.name} is {row.judged}")
        list(self.tables)
