"""The server that is attacked, as a process."""

import collections
import os
import re
import signal
import subprocess
import threading

STOP_SECONDS = 15


class Failure(Exception):
    """What went wrong, for whoever runs this."""


class Server:
    """An echo server that runs until the end of a `with`, with what it logs."""

    def __init__(self, program, pki):
        self.process = subprocess.Popen(
            [program, "echo-server", "--listen", "127.0.0.1:0", "--pki", pki]
            + ["--threads", "1", "--max-connections", "10000", "--grace", "1"]
            + ["--log-level", "notice"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        first = self.process.stdout.readline()
        found = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", first)
        if not found:
            self.process.kill()
            raise Failure(f"the server does not listen: {self.process.stderr.read().strip()}")
        self.port = int(found.group(1))
        self.pid = self.process.pid
        self.lock = threading.Lock()
        self.reasons = collections.Counter()
        threading.Thread(target=self.read_log, daemon=True).start()

    def read_log(self):
        for line in self.process.stderr:
            found = re.search(r"\breason=([A-Z_]+)", line)
            if found:
                with self.lock:
                    self.reasons[found.group(1)] += 1

    def take_reasons(self):
        """The reasons in the log since the last time; the log leaves out what is too much of one."""
        with self.lock:
            taken, self.reasons = self.reasons, collections.Counter()
        return taken

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def is_running(self):
        return self.process.poll() is None


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1)) / 1_024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
