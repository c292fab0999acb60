"""The time in which the disk makes a small write durable."""

import os
import statistics
import subprocess
import time

from common.processes import Failure

# What the log in front of SQLite's file takes for a small commit: some pages with their headers. It is
# written from its beginning again after so many bytes, and then over what is there.
COMMIT_BYTES = 2 * (4_096 + 24)
LOG_BYTES = 4 << 20
SAMPLES = 200


def check_disk(folder):
    """What is in memory alone tells nothing of a disk."""
    kind = subprocess.run(
        ["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=True
    ).stdout.strip()
    if kind in ("tmpfs", "ramfs"):
        raise Failure(f"{folder} is in memory: set TMPDIR to a folder that is on a disk")


class Disk:
    """A file that is written as the server's log is, beside it."""

    def __init__(self, folder):
        self.file = os.open(os.path.join(folder, "commits"), os.O_RDWR | os.O_CREAT, 0o600)
        self.offset = 0
        os.write(self.file, bytes(LOG_BYTES))
        os.fsync(self.file)

    def close(self):
        os.close(self.file)

    def commit_us(self):
        """The median time of a write and its fdatasync, in microseconds."""
        contents = os.urandom(COMMIT_BYTES)
        samples = []
        for _ in range(SAMPLES):
            begin = time.perf_counter_ns()
            os.pwrite(self.file, contents, self.offset)
            os.fdatasync(self.file)
            samples.append(time.perf_counter_ns() - begin)
            self.offset += COMMIT_BYTES
            if self.offset + COMMIT_BYTES > LOG_BYTES:
                self.offset = 0
        return statistics.median(samples) / 1_000
