"""The attacks: what a hostile client does, and how the server is to end it."""

import collections
import dataclasses
import random
import resource
import select
import ssl
import time
from typing import Callable

from . import wire
from .connections import Offender, many, watch
from .server import descriptors

UNREAD = 16_000
# What a stranger's connection is ended with: no words, and a line in the server's log.
CLOSED = {"closed", "alert"}


@dataclasses.dataclass
class Attack:
    name: str
    run: Callable
    # How its connections may end.
    endings: set
    # Names of which the server's log has one, where the client is not told.
    log: set = dataclasses.field(default_factory=set)


ATTACKS = []


def attack(name, endings, log=()):
    def register(run):
        ATTACKS.append(Attack(name, run, set(endings), set(log)))
        return run

    return register


# Before and in the handshake.


@attack("silent after TCP", CLOSED, ["HANDSHAKE_TIMEOUT"])
def silent_tcp(target, scale):
    return watch(many(target, 2 * scale, secure=False), 9)


@attack("slow handshake", CLOSED, ["HANDSHAKE_TIMEOUT"])
def slow_handshake(target, scale):
    offenders = many(target, scale, secure=False)
    hello = target.client_hello()
    end = time.monotonic() + 7
    for position in range(len(hello)):
        for offender in offenders:
            offender.send(hello[position : position + 1])
        time.sleep(0.05)
        if time.monotonic() > end:
            break
    return watch(offenders, 3)


@attack("plain HTTP", CLOSED, ["PLAIN_HTTP"])
def plain_http(target, scale):
    offenders = many(target, scale, secure=False)
    for offender in offenders:
        offender.send(b"GET / HTTP/1.1\r\nHost: vote\r\n\r\n")
    return watch(offenders, 5)


@attack("garbage", CLOSED, ["NOT_TLS", "PROTOCOL_ERROR", "HANDSHAKE_TIMEOUT"])
def garbage(target, scale):
    offenders = many(target, scale, secure=False)
    for number, offender in enumerate(offenders):
        start = b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" if number % 2 else b""
        offender.send(start + random.randbytes(200))
    return watch(offenders, 8)


@attack("handshakes without end", {"done", "refused"}, ["TOO_FAST_FROM_ADDRESS"])
def handshakes(target, scale):
    endings = collections.Counter()
    end = time.monotonic() + 6
    while time.monotonic() < end:
        try:
            target.tls().close()
            endings["done"] += 1
        except (OSError, ssl.SSLError):
            endings["refused"] += 1
    return endings


@attack(
    "connections, 10,000 from one address",
    CLOSED,
    [
        "TOO_FAST_FROM_ADDRESS",
        "TOO_MANY_CONNECTIONS_FROM_ADDRESS",
        "TOO_MANY_HANDSHAKES_FROM_ADDRESS",
    ],
)
def connections(target, scale):
    offenders = []
    endings = collections.Counter()
    for number in range(100 * scale):
        try:
            offenders.append(Offender(target.tcp()))
        except OSError:
            endings["closed"] += 1
        if number % 50 == 49:
            # Those that were refused need no descriptor any more.
            for offender in offenders:
                offender.read()
    return endings + watch(offenders, 8)


@attack("no descriptors left", CLOSED, ["ACCEPT_FAILED"])
def no_descriptors(target, scale):
    limits = resource.prlimit(target.pid, resource.RLIMIT_NOFILE)
    fewer = descriptors(target.pid) + 10
    resource.prlimit(target.pid, resource.RLIMIT_NOFILE, (fewer, limits[1]))
    try:
        return watch(many(target, 20, secure=False), 14)
    finally:
        resource.prlimit(target.pid, resource.RLIMIT_NOFILE, limits)


# Slow.


@attack("silent after TLS", {"TIMEOUT"})
def silent_tls(target, scale):
    return watch(many(target, scale), 5)


@attack("partial frame", {"STALLED"})
def partial_frame(target, scale):
    part = wire.call(wire.ECHO, 1, wire.echo(b"1" * 100))[:20]
    return watch(many(target, scale, beginning=wire.hello() + part), 13)


@attack("frame byte by byte", {"STALLED"})
def trickle(target, scale):
    offenders = many(target, scale // 2, beginning=wire.hello())
    frame = wire.call(wire.ECHO, 1, wire.echo(b"1" * 16_000))
    for position in range(120):
        for offender in offenders:
            offender.read()
            offender.send(frame[position : position + 1])
        time.sleep(0.1)
    return watch(offenders, 3)


def unread(target, count, request):
    """Asks for much, and reads only when the server must have ended it."""
    offenders = many(target, count, beginning=wire.hello(1 << 30))
    for offender in offenders:
        offender.send_what_fits(request)
    time.sleep(12)
    return watch(offenders, 4)


@attack("unread streams", {"STALLED", "closed"}, ["STALLED"])
def unread_streams(target, scale):
    stream = wire.echo_repeat(b"1" * UNREAD, 1_000_000)
    calls = (wire.call(wire.ECHO_REPEAT, slot, stream) for slot in range(1, 65))
    return unread(target, scale // 4, b"".join(calls))


@attack("unread replies", {"STALLED", "PROTOCOL_ERROR", "closed"}, ["STALLED", "PROTOCOL_ERROR"])
def unread_replies(target, scale):
    call = (wire.call(wire.ECHO, slot, wire.echo(b"1" * UNREAD)) for slot in range(1, 65))
    return unread(target, scale // 4, b"".join(call) * 20)


# Floods.


def flood(target, scale, data, beginning=b""):
    """The same bytes over and over, on one connection after the other."""
    endings = collections.Counter()
    end = time.monotonic() + 6
    while time.monotonic() < end:
        for offender in many(target, 1, beginning=wire.hello() + beginning):
            while offender.send(data):
                offender.read()
            endings += watch([offender], 3)
    return endings


@attack("PING flood", {"CONTROL_FLOOD"})
def pings(target, scale):
    return flood(target, scale, b"".join(wire.number(wire.PING, n) for n in range(50)))


@attack("CANCEL flood (rapid reset)", {"CONTROL_FLOOD", "PROTOCOL_ERROR"})
def cancels(target, scale):
    pairs = (
        wire.call(wire.SLEEP, slot, wire.sleep(60_000)) + wire.frame(wire.CANCEL, slot=slot)
        for slot in range(1, 65)
    )
    return flood(target, scale, b"".join(pairs))


@attack("tiny CREDIT", {"CONTROL_FLOOD"})
def credits(target, scale):
    begin = wire.call(wire.ECHO_STREAM, 1)
    credit = (wire.number(wire.CREDIT, wire.CREDIT_BYTES + n, 1) for n in range(500))
    return flood(target, scale, b"".join(credit), begin)


@attack("ignored frames", {"CONTROL_FLOOD"})
def ignored(target, scale):
    return flood(target, scale, wire.frame(0x80, b"1" * 60_000) * 5)


@attack("calls with no time", {"PROTOCOL_ERROR"})
def deadlines(target, scale):
    calls = (
        wire.call(wire.SLEEP, slot, wire.sleep(60_000), timeout_us=1)
        for slot in range(1, 65)
    )
    return flood(target, scale, b"".join(calls) * 4)


# Too much.


@attack("frame too long", {"TOO_LARGE"})
def long_frames(target, scale):
    header = wire.header(wire.CALL, wire.FRAME_BYTES + 1, 1, wire.END)
    return watch(many(target, scale, beginning=wire.hello() + header), 5)


@attack("metadata too long", {"TOO_LARGE"})
def long_metadata(target, scale):
    call = wire.call(wire.ECHO, 1, b"", metadata=b"\0" * (wire.METADATA_BYTES + 1))
    return watch(many(target, scale, beginning=wire.hello() + call), 5)


@attack("too many calls", {"LIMIT_EXCEEDED"})
def too_many_calls(target, scale):
    calls = b"".join(
        wire.call(wire.SLEEP, slot, wire.sleep(60_000)) for slot in range(1, wire.SLOTS + 2)
    )
    return watch(many(target, scale, beginning=wire.hello() + calls), 5)


@attack("requests past the credit", {"LIMIT_EXCEEDED"})
def past_credit(target, scale):
    offenders = many(target, scale, beginning=wire.hello() + wire.call(wire.ECHO_STREAM, 1))
    # The handler waits for credit for its responses, and so reads no more requests.
    item = wire.frame(wire.ITEM, wire.echo(b"1" * UNREAD), 1)
    for offender in offenders:
        offender.send_what_fits(item * 200)
    return watch(offenders, 5)


@attack("streams without end", {"open"})
def streams(target, scale):
    """No abuse: streams that are read as fast as they come, on a few connections."""
    offenders = many(target, 4, beginning=wire.hello(1 << 30))
    stream = wire.echo_repeat(b"1" * UNREAD, 1_000_000)
    calls = b"".join(
        wire.call(wire.ECHO_REPEAT, slot, stream) + wire.number(wire.CREDIT, (1 << 64) - 1, slot)
        for slot in range(1, 65)
    )
    for offender in offenders:
        offender.send_what_fits(calls)
    end = time.monotonic() + 6
    while time.monotonic() < end:
        poll = select.poll()
        for offender in offenders:
            poll.register(offender.connection, select.POLLIN)
        for descriptor, _ in poll.poll(100):
            for offender in offenders:
                if offender.connection.fileno() == descriptor:
                    offender.connection.recv(1 << 20)
    return watch(offenders, 0)


@attack("calls without end", {"open"})
def calls(target, scale):
    """No abuse: as many calls as a client may make, on a few connections."""
    offenders = many(target, 4, beginning=wire.hello())
    batch = b"".join(wire.call(wire.ECHO, slot, wire.echo(b"1" * 60)) for slot in range(1, 65))
    end = time.monotonic() + 6
    while time.monotonic() < end:
        for offender in offenders:
            offender.send(batch)
        for offender in offenders:
            answered = 0
            while answered < wire.SLOTS and not offender.ending:
                data = offender.connection.recv(65_536)
                if not data:
                    offender.finish("closed")
                    break
                kinds = [kind for kind, _, _ in offender.frames.take(data)]
                answered += kinds.count(wire.REPLY)
    return watch(offenders, 0)
