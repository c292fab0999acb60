"""The servers, the loads on them, and openssl."""

import json
import os
import re
import subprocess

from common.build import run
from common.processes import Failure, Server, on_client_core, on_server_core

# As long as a signed ballot.
ECHO_BYTES = 900


class Programs:
    def __init__(self, folder, load, server):
        self.folder = folder
        self.load = load
        self.server = server
        self.pki = os.path.join(folder, "pki")

    def echo_server(self):
        """It makes the certificates, if they are not there."""
        return Server(
            "echo",
            [self.load, "echo-server", "--listen", "127.0.0.1:0", "--pki", self.pki]
            + ["--log-level", "notice"],
        )

    def cabinet(self):
        """A server without meetings. All its threads have one core, so one verifies ballots."""
        pki = self.pki
        return Server(
            "ecabinetd",
            [self.server, "--name", "bench.example", "--data", os.path.join(self.folder, "data")]
            + ["--listen", "127.0.0.1:0", "--log-level", "notice", "--verification-threads", "1"]
            + ["--tls-certificate", f"{pki}/server.pem", "--tls-key", f"{pki}/server.key"]
            + ["--tls-authorities", f"{pki}/ca.pem"]
            + ["--administrator-certificate", f"{pki}/client.pem"],
        )

    def voters(self, server, seed, members, polls):
        return Voters(
            on_client_core(
                [self.load, "saturate", "--target", f"127.0.0.1:{server.port}", "--pki", self.pki]
                + ["--members", str(members), "--polls", str(polls), "--seed", str(seed)]
                + ["--server-process", str(server.pid), "--on-request", "--json"]
                + ["--rounds", "10000"]
            )
        )

    def echo_us(self, server, seconds):
        """The median time of an echo on one connection, in microseconds."""
        output = run(
            on_client_core(
                [self.load, "echo", "--target", f"127.0.0.1:{server.port}", "--pki", self.pki]
                + ["--connections", "1", "--payload", str(ECHO_BYTES), "--json"]
                + ["--warm-up", "0.2", "--duration", str(seconds)]
            )
        )
        return json.loads(output)["latency_us"]["p50"]


class Voters:
    """Members who are connected, and vote when they are asked to."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # The seed, and that they are connected.
        said = [self.process.stderr.readline() for _ in range(2)]
        if not said[1].strip().endswith(tuple("0123456789")) or "connected" not in said[1]:
            raise Failure(f"the members do not come: {''.join(said)}{self.process.stderr.read()}")

    def vote(self):
        """The figures of one round."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"the members do not vote: {self.process.stderr.read().strip()}")
        figures = json.loads(line)
        if figures["errors"]:
            raise Failure(f"ballots failed: {figures['first_error']}")
        return figures

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def verify_us():
    """The processor time of one ECDSA verification on P-256, in microseconds."""
    output = run(on_server_core(["openssl", "speed", "-seconds", "1", "ecdsap256"]))
    found = re.search(r"256 bits ecdsa \(nistp256\).* ([0-9.]+)\s*$", output)
    if not found:
        raise Failure(f"openssl speed says something else:\n{output}")
    return 1e6 / float(found.group(1))
