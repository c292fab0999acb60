"""The machine on which it was measured."""

import os
import platform
import re
from dataclasses import dataclass

from .commands import output
from .numbers import gibibytes


@dataclass(frozen=True)
class Machine:
    cpu_model: str
    cores: int
    is_virtual: bool
    # How the system sets the clock of the processor, where it says so.
    cpu_governor: str | None
    memory_bytes: int
    kernel: str
    system: str
    # Of the folder for temporary files, where the server's data are.
    filesystem: str | None

    @property
    def lines(self) -> list[tuple[str, str]]:
        """In words, for people."""
        return [
            ("processor", f"{self.cpu_model}{', virtual' if self.is_virtual else ''}"),
            ("cores", str(self.cores)),
            ("clock", self.cpu_governor or "not said"),
            ("memory", gibibytes(self.memory_bytes)),
            ("system", self.system),
            ("kernel", self.kernel),
            ("filesystem of TMPDIR", self.filesystem or "not known"),
        ]


def this_machine(temporary: str) -> Machine:
    cpu = text("/proc/cpuinfo")
    return Machine(
        cpu_model=value(cpu, r"^model name\s*:\s*(.+)$") or platform.machine(),
        cores=os.cpu_count() or 0,
        is_virtual=re.search(r"^flags\s*:.*\bhypervisor\b", cpu, re.MULTILINE) is not None,
        cpu_governor=text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").strip() or None,
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        kernel=f"{platform.system()} {platform.release()} {platform.machine()}",
        system=(value(text("/etc/os-release"), r'^PRETTY_NAME="?(.*?)"?$') or "not known"),
        filesystem=filesystem(temporary),
    )


def filesystem(folder: str) -> str | None:
    """stat takes ext4 for «ext2/ext3», so the system's list of mounts is asked."""
    return output(["findmnt", "--noheadings", "--output", "FSTYPE", "--target", folder])


def text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def value(lines: str, pattern: str) -> str | None:
    found = re.search(pattern, lines, re.MULTILINE)
    return found.group(1).strip() if found else None
