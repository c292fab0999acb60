"""A client that behaves, and what it notices of an attack."""

import os
import threading
import time

from . import wire

CALLS_PER_SECOND = 500
CONNECTIONS = 4
SECONDS_BETWEEN_NEW = 0.25
MOST_ERRORS = 100
PAYLOAD = os.urandom(60)


class Caller:
    def __init__(self, target):
        self.connection = target.tls()
        self.frames = wire.Frames()
        self.connection.sendall(wire.hello())

    def echo(self, payload):
        self.connection.sendall(wire.call(wire.ECHO, 1, wire.echo(payload)))
        while True:
            data = self.connection.recv(65_536)
            if not data:
                raise ConnectionError("the server closed the connection")
            for kind, _, body in self.frames.take(data):
                if kind == wire.PING:
                    self.connection.sendall(wire.frame(wire.PONG, body))
                elif kind == wire.REPLY and wire.echo(payload) == body[: len(payload) + 2]:
                    return
                elif kind in (wire.REPLY, wire.STATUS, wire.GOAWAY):
                    raise ConnectionError(f"the server answered with a frame of type {kind}")

    def close(self):
        self.connection.close()


def measure(target, is_ready, is_over):
    """Calls at a steady rate on connections that stay, and now and then on a new one, until it is told
    to stop.

    Returns latencies in microseconds, those of new connections, and what failed.
    """
    news, latencies, errors = [], [], []
    callers = [Caller(target) for _ in range(CONNECTIONS)]
    for caller in callers:
        caller.echo(PAYLOAD)
    newcomer = threading.Thread(target=connect_anew, args=(target, is_over, news, errors))
    newcomer.start()
    is_ready.set()
    call_steadily(callers, is_over, latencies, errors)
    newcomer.join()
    return latencies, news, errors


def call_steadily(callers, is_over, latencies, errors):
    due = time.perf_counter()
    while not is_over.is_set() and len(errors) < MOST_ERRORS:
        time.sleep(max(0, due - time.perf_counter()))
        try:
            callers[len(latencies) % CONNECTIONS].echo(PAYLOAD)
            # From when it was due: who waits for the server makes fewer calls meanwhile.
            latencies.append((time.perf_counter() - due) * 1e6)
        except OSError as error:
            errors.append(f"a call failed: {error}")
        due += 1 / CALLS_PER_SECOND
    for caller in callers:
        caller.close()


def connect_anew(target, is_over, news, errors):
    while not is_over.is_set() and len(errors) < MOST_ERRORS:
        begin = time.perf_counter()
        try:
            caller = Caller(target)
            caller.echo(PAYLOAD)
            caller.close()
            news.append((time.perf_counter() - begin) * 1e6)
        except OSError as error:
            errors.append(f"a new connection failed: {error}")
        time.sleep(SECONDS_BETWEEN_NEW)


def percentile(values, share):
    if not values:
        return float("nan")
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
