"""Drives the gRPC server with h2load."""

import os
import re
import struct
import subprocess

from common.processes import Failure, on_client_core

from .load_fixture import PAYLOAD

PATH = "/cabinet.v1.DiagnosticsService/Echo"


def command(programs, server, connections, in_flight, *arguments):
    request = b"\x0a" + bytes([len(PAYLOAD)]) + PAYLOAD
    body = os.path.join(programs.folder, "request")
    with open(body, "wb") as file:
        file.write(b"\x00" + struct.pack(">I", len(request)) + request)
    return on_client_core(
        ["h2load", "--threads=1", f"--clients={connections}"]
        + [f"--max-concurrent-streams={in_flight}", f"--data={body}", *arguments]
        + ["--tls13-ciphers=TLS_AES_256_GCM_SHA384"]
        + ["--header=content-type: application/grpc", "--header=te: trailers"]
        + [f"https://127.0.0.1:{server.port}{PATH}"]
    )


def environment(programs):
    return dict(
        os.environ,
        LD_PRELOAD=programs.shim,
        BENCH_CERTIFICATE=os.path.join(programs.certificates, "client.pem"),
        BENCH_KEY=os.path.join(programs.certificates, "client.key"),
        BENCH_BYTES=os.path.join(programs.folder, "bytes"),
    )


def measure(programs, server, connections, in_flight, seconds, warm_up):
    """One run. h2load says when its warm-up is over, and when the measurement is."""
    log = os.path.join(programs.folder, "h2load.log")
    if os.path.exists(log):
        os.remove(log)
    process = subprocess.Popen(
        command(
            programs,
            server,
            connections,
            in_flight,
            *[f"--duration={seconds}", f"--warm-up-time={warm_up}", f"--log-file={log}"],
        ),
        env=environment(programs),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    readings = []
    output = ""
    for line in process.stdout:
        if line.startswith("Main benchmark duration is"):
            readings.append(server.cpu_seconds())
        output += line
    if process.wait() != 0 or len(readings) != 2:
        raise Failure(f"h2load failed:\n{output}")
    requests, errors = counts(output)
    check_data(output)
    return {
        "requests": requests,
        "errors": errors,
        "seconds": seconds,
        "rate_per_s": requests / seconds,
        "latency_us": latencies(log),
        "server_cpu_us": (readings[1] - readings[0]) / requests * 1e6,
        "cipher": re.search(r"Cipher: (\S+)", output).group(1),
    }


def counts(output):
    found = re.search(r"requests: .* (\d+) done, (\d+) succeeded", output)
    done, succeeded = int(found.group(1)), int(found.group(2))
    if done == 0:
        raise Failure(f"h2load had no answer:\n{output}")
    return done, done - succeeded


def check_data(output):
    """Whether each response had the bytes of a good one: h2load itself does not see the payload."""
    data = int(re.search(r"traffic: .*\((\d+)\) data", output).group(1))
    # A prefix of 5, the payload with tag and length, and the time with tag: 41 bits today.
    response = 5 + 2 + len(PAYLOAD) + 1 + 6
    if data == 0 or data % response != 0:
        raise Failure(f"the gRPC server's responses are not of {response} bytes:\n{output}")


def latencies(log):
    with open(log, encoding="ascii") as file:
        sorted_us = sorted(int(line.split("\t")[2]) for line in file)
    def part(quantile):
        return sorted_us[min(len(sorted_us) - 1, int(quantile * len(sorted_us)))]

    return {
        "p50": part(0.5),
        "p90": part(0.9),
        "p99": part(0.99),
        "p999": part(0.999),
        "max": sorted_us[-1],
    }


def wire_bytes(programs, server, connections, in_flight):
    """Bytes for each request, both ways, inside and of TLS: what a longer run has more than a short
    one, so that handshakes do not count."""
    totals = []
    few, many = 100 * connections, 500 * connections
    for requests in (few, many):
        done = subprocess.run(
            command(programs, server, connections, in_flight, f"--requests={requests}"),
            env=environment(programs),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0 or counts(done.stdout) != (requests, 0):
            raise Failure(f"h2load failed:\n{done.stdout}{done.stderr}")
        with open(os.path.join(programs.folder, "bytes"), encoding="ascii") as file:
            totals.append(int(file.read()))
    return (totals[1] - totals[0]) / (many - few)
