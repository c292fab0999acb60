"""The whole run: what is written as JSON, and what table and page are made of."""

from dataclasses import asdict, dataclass
from typing import Any

from .load import rounded
from .machine import Machine
from .noise import is_busy, warnings
from .origin import Origin
from .outcome import Outcome
from .row import MET, MISSED, NOT_MEASURED, Row

# Of the JSON file: goes up where a field changes its meaning, or is no more.
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Record:
    # UTC, as in RFC 3339.
    began: str
    seconds: float
    is_quick: bool
    machine: Machine
    origin: Origin
    load_average_before: float
    outcomes: list[Outcome]

    @property
    def rows(self) -> list[Row]:
        return [row for outcome in self.outcomes for row in outcome.rows]

    @property
    def with_aim(self) -> list[Row]:
        return [row for row in self.rows if row.aim is not None]

    def count(self, verdict: str) -> int:
        return sum(row.verdict == verdict for row in self.with_aim)

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Benchmarks, and why they or one of their peers were not measured; each reason once."""
        found = {
            (row.benchmark, row.reason): None for row in self.rows if row.reason is not None
        }
        return list(found)

    @property
    def sentence(self) -> str:
        """What came out, in a line."""
        aims = len(self.with_aim)
        parts = [f"{self.count(MET)} of {aims} aims met, {self.count(MISSED)} missed"]
        if self.count(NOT_MEASURED):
            parts.append(f"{self.count(NOT_MEASURED)} not measured")
        failed = [outcome.benchmark for outcome in self.outcomes if outcome.failure]
        if failed:
            parts.append(f"could not run: {', '.join(failed)}")
        return "; ".join(parts)

    @property
    def warnings(self) -> list[str]:
        return warnings(
            self.load_average_before, self.machine.cores, self.outcomes, self.rows, self.is_quick
        )

    @property
    def is_busy(self) -> bool:
        return is_busy(self.load_average_before, self.machine.cores, self.outcomes)

    @property
    def has_failed(self) -> bool:
        return any(outcome.failure for outcome in self.outcomes)

    @property
    def has_met_all(self) -> bool:
        return not self.has_failed and all(row.verdict == MET for row in self.with_aim)

    def json(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA_VERSION,
            "began": self.began,
            "seconds": round(self.seconds, 1),
            "is_quick": self.is_quick,
            "commit": self.origin.commit,
            "is_dirty": self.origin.is_dirty,
            "versions": self.origin.versions,
            "machine": asdict(self.machine),
            "noise": {
                "is_busy": self.is_busy,
                "load_average_before": rounded(self.load_average_before),
                "warnings": self.warnings,
            },
            "aims": {
                "met": self.count(MET),
                "missed": self.count(MISSED),
                "not_measured": self.count(NOT_MEASURED),
            },
            "rows": [row.json() for row in self.rows],
            "benchmarks": {
                outcome.benchmark: {
                    "seconds": round(outcome.seconds, 1),
                    "load": outcome.load.json(),
                    "failure": outcome.failure,
                    "figures": outcome.figures,
                }
                for outcome in self.outcomes
            },
        }
