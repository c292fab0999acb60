"""The programs that are measured, as processes on processor cores of their own."""

import os
import re
import subprocess
import time

SERVER_CORE = 0
CLIENT_CORE = 1
# More than any of them needs to begin to listen, or to end.
START_SECONDS = 20


class Failure(Exception):
    """What went wrong, for whoever runs the benchmark."""


def check_cores():
    if os.cpu_count() < 2:
        raise Failure("two processor cores are needed: one for the server, one for the client")


def on_server_core(command):
    return ["taskset", "-c", str(SERVER_CORE), *command]


def on_client_core(command):
    return ["taskset", "-c", str(CLIENT_CORE), *command]


class Measured:
    """A server that runs until the end of a `with`."""

    def __init__(self, name, command, **options):
        self.name = name
        self.process = subprocess.Popen(on_server_core(command), **options)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self):
        """Processor time of all its threads, in user and system mode."""
        # The clock of a process has this number; see clock_getcpuclockid(3).
        return time.clock_gettime(~self.pid << 3 | 2)

    def resident_kib(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1))


class Server(Measured):
    """A server that says where it listens."""

    def __init__(self, name, command):
        super().__init__(name, command, stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        found = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", first)
        if not found:
            self.process.kill()
            raise Failure(f"{command[0]} does not listen; it said: {first.strip() or 'nothing'}")
        self.port = int(found.group(1))
