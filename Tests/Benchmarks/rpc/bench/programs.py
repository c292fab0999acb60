"""The programs that are measured."""

import os

from common.processes import Server, check_cores, on_client_core

# Names, in the order of the table.
SERVERS = ["floor", "ours", "grpc"]


class Programs:
    def __init__(self, missing, ours, floor, grpc, driver, shim):
        # What is to be installed, by the servers that are not there.
        self.missing = missing
        self.servers = [name for name in SERVERS if name not in missing]
        self.ours = ours
        self.floor = floor
        self.grpc = grpc
        self.driver = driver
        self.shim = shim
        self.folder = None
        self.certificates = None
        check_cores()

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
