"""The programs that are measured, as processes on processor cores of their own."""

import os
import re
import subprocess
import time

SERVER_CORE = 0
CLIENT_CORE = 1
# More than any of them needs to begin to listen.
START_SECONDS = 20
# Names, in the order of the table.
SERVERS = ["floor", "ours", "grpc"]


class Failure(Exception):
    """What went wrong, for whoever runs the benchmark."""


class Programs:
    def __init__(self, ours, floor, grpc, driver, shim):
        self.ours = ours
        self.floor = floor
        self.grpc = grpc
        self.driver = driver
        self.shim = shim
        self.folder = None
        self.certificates = None
        if os.cpu_count() < 2:
            raise Failure("two processor cores are needed: one for the server, one for the client")

    def make_certificates(self, folder):
        """The echo server makes them, if they are not there."""
        self.folder = folder
        self.certificates = os.path.join(folder, "pki")
        with self.server("ours"):
            pass

    def server(self, name, connections=1_000):
        command = {
            "floor": [self.floor, self.certificates],
            "grpc": [self.grpc, self.certificates],
            "ours": [self.ours, "echo-server", "--listen", "127.0.0.1:0"]
            + ["--pki", self.certificates, "--threads", "1", "--log-level", "notice"]
            + ["--max-connections", str(connections + 100)]
            + ["--max-connections-per-address", str(connections + 100)]
            + ["--connection-burst-per-address", "1000000"],
        }[name]
        return Server(name, command)

    def driver_command(self, server, *arguments):
        protocol = {"floor": "raw", "ours": "cwp", "grpc": "h2"}[server.name]
        return on_client_core(
            [self.driver, "--pki", self.certificates, "--port", str(server.port)]
            + ["--protocol", protocol, "--server", str(server.pid), *arguments]
        )


def on_client_core(command):
    return ["taskset", "-c", str(CLIENT_CORE), *command]


class Server:
    """A server that runs until the end of a `with`."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *command], stdout=subprocess.PIPE, text=True
        )
        first = self.process.stdout.readline()
        found = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", first)
        if not found:
            self.process.kill()
            raise Failure(f"{command[0]} does not listen; it said: {first.strip() or 'nothing'}")
        self.port = int(found.group(1))
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
