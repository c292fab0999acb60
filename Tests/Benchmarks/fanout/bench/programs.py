"""The servers that are compared, and their subscribers."""

import getpass
import json
import os
import socket
import subprocess
import time

from common.processes import (
    START_SECONDS,
    Failure,
    Measured,
    Server,
    check_cores,
    on_client_core,
)

# Names, in the order of the table.
SERVERS = ["floor", "ours", "nats", "mosquitto"]

# Below what ecabinetd allows: connections with one certificate, and new ones of an address in one go.
CONNECTIONS_OF_IDENTITY = 60
CONNECTIONS_OF_ADDRESS = 200

MOSQUITTO = """
listener {port} 127.0.0.1
cafile {pki}/ca.pem
certfile {pki}/server.pem
keyfile {pki}/server.key
require_certificate true
allow_anonymous true
user {user}
log_type error
"""


class Programs:
    def __init__(self, missing, load, server, floor, sink):
        # What is to be installed, by the servers that are not there.
        self.missing = missing
        self.servers = [name for name in SERVERS if name not in missing]
        self.load = load
        self.cabinet = server
        self.floor = floor
        self.sink = sink
        self.folder = None
        self.pki = None
        check_cores()

    def make_certificates(self, folder):
        """The echo server makes them, if they are not there."""
        self.folder = folder
        self.pki = os.path.join(folder, "pki")
        command = [self.load, "echo-server", "--listen", "127.0.0.1:0", "--pki", self.pki]
        with Server("echo", command + ["--log-level", "notice"]):
            pass

    def server(self, name, connections):
        start = {
            "floor": self.floor_server,
            "ours": self.cabinet_server,
            "nats": self.nats_server,
            "mosquitto": self.mosquitto_server,
        }
        return start[name](connections)

    def floor_server(self, connections):
        return Server("floor", [self.floor, self.pki, str(connections + 100)])

    def cabinet_server(self, connections, data="data"):
        """A server without meetings, with one event loop."""
        pki, data = self.pki, os.path.join(self.folder, data)
        return Server(
            "ours",
            [self.cabinet, "--name", "bench.example", "--data", data]
            + ["--listen", "127.0.0.1:0", "--log-level", "warning", "--verification-threads", "1"]
            + ["--tls-certificate", f"{pki}/server.pem", "--tls-key", f"{pki}/server.key"]
            + ["--tls-authorities", f"{pki}/ca.pem", "--connections", str(connections + 100)]
            + ["--administrator-certificate", f"{pki}/client.pem"],
        )

    def nats_server(self, _):
        pki = self.pki
        return Broker(
            "nats",
            lambda port: ["nats-server", "--addr", "127.0.0.1", "--port", str(port)]
            + ["--tlsverify", "--tlscacert", f"{pki}/ca.pem"]
            + ["--tlscert", f"{pki}/server.pem", "--tlskey", f"{pki}/server.key"],
            os.path.join(self.folder, "nats.log"),
        )

    def mosquitto_server(self, _):
        path = os.path.join(self.folder, "mosquitto.conf")
        # Otherwise it becomes a user of its own, who cannot read the key.
        user = getpass.getuser()

        def command(port):
            with open(path, "w", encoding="utf-8") as file:
                file.write(MOSQUITTO.format(port=port, pki=self.pki, user=user))
            return ["/usr/sbin/mosquitto", "-c", path]

        return Broker("mosquitto", command, os.path.join(self.folder, "mosquitto.log"))

    def stage(self, server, connections):
        return Stage(
            os.path.join(self.folder, "stage"),
            on_client_core([self.load, "stage", "--target", f"127.0.0.1:{server.port}"])
            + ["--pki", self.pki, "--displays", str(identities(connections))],
        )

    def subscribers(self, server, connections, stage=None):
        protocol = {"floor": "raw", "ours": "cwp", "nats": "nats", "mosquitto": "mqtt"}
        command = [self.sink, "--port", str(server.port), "--protocol", protocol[server.name]]
        command += ["--server", str(server.pid), "--connections", str(connections)]
        if stage:
            command += ["--pki", stage.folder, "--follow", os.path.join(stage.folder, "follow")]
            command += ["--publisher", "carrier", "--identities", str(identities(connections))]
            command += ["--connections-of-identity", str(CONNECTIONS_OF_IDENTITY)]
            command += ["--connections-of-address", str(CONNECTIONS_OF_ADDRESS)]
        else:
            command += ["--pki", self.pki]
        return Subscribers(server.name, on_client_core(command))


def identities(connections):
    return -(-connections // CONNECTIONS_OF_IDENTITY)


class Broker(Measured):
    """A server that does not say where it listens."""

    def __init__(self, name, command, log):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        with open(log, "w", encoding="utf-8") as output:
            super().__init__(name, command(self.port), stdout=output, stderr=output)
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError as refusal:
                if time.monotonic() < end and self.process.poll() is None:
                    time.sleep(0.01)
                    continue
                self.process.kill()
                with open(log, encoding="utf-8") as said:
                    raise Failure(f"{name} does not listen; it said: {said.read()}") from refusal


class Asked:
    """A program that does something at each line, and answers with one."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begin(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"{self.name}: {self.process.stderr.read().strip()}")
        return line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()


class Stage(Asked):
    """A meeting on our server, with polls one after the other."""

    def __init__(self, folder, command):
        super().__init__("stage", command + ["--folder", folder])
        self.folder = folder
        # The seed, and that the meeting is open.
        said = [self.process.stderr.readline() for _ in range(2)]
        if "open" not in said[1]:
            raise Failure(f"there is no meeting: {''.join(said)}{self.process.stderr.read()}")

    def next_poll(self):
        """The path of its ballots, and how many there are."""
        self.begin("poll")
        count = json.loads(self.answer())["ballots"]
        return os.path.join(self.folder, "ballots"), count


class Subscribers(Asked):
    """Subscribers of a server, and who publishes there."""

    def ask(self, line):
        self.begin(line)
        return self.figures()

    def figures(self):
        return json.loads(self.answer())
