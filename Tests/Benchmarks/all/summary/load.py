"""How much others had of the machine meanwhile."""

import os
import resource
import time
from dataclasses import dataclass, field

from .machine import text

# The first fields of the line «cpu» of /proc/stat, in ticks; see proc(5).
FIELDS = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
# Nobody's work in particular, a good part of it that of sockets, is left out.
WORK = ("user", "nice", "system")


@dataclass(frozen=True)
class Reading:
    """Processor time, in seconds, until a moment."""

    at: float
    all_work: float
    stolen: float
    # Of the benchmarks that have ended, with all that they have run.
    own_work: float


@dataclass
class Load:
    """What the machine did while something was measured."""

    # The parts of all its processor time that other processes had, and that the machine below it gave
    # to others. Nothing where the system does not say so.
    others: float | None = None
    stolen: float | None = None
    load_averages: list[float] = field(default_factory=list)

    @property
    def highest_average(self) -> float | None:
        return max(self.load_averages, default=None)

    def json(self) -> dict[str, float | None]:
        return {
            "others": rounded(self.others),
            "stolen": rounded(self.stolen),
            "load_average_highest": rounded(self.highest_average),
        }


def load_average() -> float:
    """Of the last minute."""
    return os.getloadavg()[0]


def reading() -> Reading:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = stat(text("/proc/stat"))
    return Reading(
        at=time.monotonic(),
        all_work=sum(work.get(name, 0) for name in WORK),
        stolen=work.get("steal", 0),
        own_work=children.ru_utime + children.ru_stime,
    )


def stat(lines: str) -> dict[str, float]:
    first = lines.splitlines()[0].split() if lines else []
    if not first or first[0] != "cpu":
        return {}
    ticks = os.sysconf("SC_CLK_TCK")
    return {name: int(count) / ticks for name, count in zip(FIELDS, first[1:])}


def between(begin: Reading, end: Reading, cores: int, averages: list[float]) -> Load:
    available = (end.at - begin.at) * cores
    all_work = end.all_work - begin.all_work
    if available <= 0 or all_work <= 0:
        return Load(load_averages=averages)
    others = all_work - (end.own_work - begin.own_work)
    return Load(
        # Clocks of ticks are coarse: a little less than nothing is nothing, more than all is all.
        others=min(max(0, others) / available, 1),
        stolen=(end.stolen - begin.stolen) / available,
        load_averages=averages,
    )


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
