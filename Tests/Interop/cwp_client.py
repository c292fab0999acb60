#!/usr/bin/env python3
"""Holds a CWP/1 server to the protocol's document: python3 cwp_client.py --help.

It needs a server with cabinet.v1.DiagnosticsService, and for --channel one with a counter on
fixture.EverythingService.Follow: its snapshot has the sum as text, its events what is added, and there
are three events that can still be had, and no more to come. Exits with 0 where all is as the document
says, and with 1 and the rule where it is not.
"""

import argparse
import hashlib
import struct
import sys

import cwp
from cwp import Connection, GoneAway, demand
from protobuf import Message

# cabinet/v1/diagnostics.proto and fixture/everything.proto
ECHO, ECHO_COLLECT, ECHO_REPEAT, ECHO_STREAM, SLEEP, RETURN_STATUS = range(1, 7)
FOLLOW = 300

Payload = Message("Echo…", payload=(1, "bytes"))
EchoResponse = Message("EchoResponse", payload=(1, "bytes"), server_time_unix_ms=(2, "int"))
Collected = Message(
    "EchoCollectResponse", request_count=(1, "uint"), payload_bytes=(2, "uint"),
    payload_digest=(3, "bytes"))
RequestedStatus = Message(
    "RequestedStatus", code=(1, "uint"), message=(2, "string"), reason=(3, "string"))
RepeatRequest = Message(
    "EchoRepeatRequest", payload=(1, "bytes"), response_count=(2, "uint"),
    interval_ms=(3, "uint"), end_status=(4, RequestedStatus))
RepeatResponse = Message("EchoRepeatResponse", number=(1, "uint"), payload=(2, "bytes"))
SleepRequest = Message("SleepRequest", sleep_ms=(1, "uint"))
StatusRequest = Message("ReturnStatusRequest", status=(1, RequestedStatus))
Choices = Message("Choices", number=(2, "int"), text=(4, "string"))

OK, CANCELLED, DEADLINE_EXCEEDED, ALREADY_EXISTS = 0, 1, 4, 6
FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED, INVALID_ARGUMENT = 9, 11, 12, 3
PROTOCOL_ERROR = 4


def first_flight(connection):
    """HELLO and a call in one flight, before the server's HELLO (1.3)."""
    call = connection.call(ECHO, Payload.encode(payload=b"first flight"))
    demand(call.expect_reply(EchoResponse)["payload"] == b"first flight", "3.4", "another payload")
    demand(connection.hello is not None, "1.3", "a reply without HELLO before it")


def unary(connection):
    """Requests of several lengths, with all that may accompany a call (3.2)."""
    for length in (0, 1, 127, 128, 16_384):
        payload = bytes(n % 251 for n in range(length))
        call = connection.call(
            ECHO, Payload.encode(payload=payload), timeout_us=600_000_000,
            trace=bytes(range(1, 25)) + b"\x01", metadata=[("x-test", b"\x00\xff")])
        response = call.expect_reply(EchoResponse)
        demand(response["payload"] == payload, "3.4", f"another payload, of {length} bytes")


def errors(connection):
    """Outcomes that are not OK (3.8, section 8)."""
    wanted = {"code": FAILED_PRECONDITION, "message": "as asked", "reason": "POLL_NOT_OPEN"}
    status = connection.call(RETURN_STATUS, StatusRequest.encode(status=wanted)).expect_status(
        FAILED_PRECONDITION, rule="8.1")
    demand(status["message"] == "as asked", "8.1", "another message")
    reasons = [detail["reason"] for detail in status["details"]]
    demand(reasons == ["POLL_NOT_OPEN"], "8.2", f"the reasons {reasons}")
    connection.call(59_999, b"").expect_status(UNIMPLEMENTED, not_processed=True, rule="3.8")
    connection.call(ECHO, b"", key=bytes(16)).expect_status(
        INVALID_ARGUMENT, not_processed=True, rule="3.8")
    connection.call(ECHO).expect_status(INVALID_ARGUMENT, not_processed=True, rule="3.8")


def client_streaming(connection):
    """Several windows of requests, under the server's credit."""
    for ends_with_empty_item in (False, True):
        digest, count = hashlib.sha256(), 40
        call = connection.call(ECHO_COLLECT)
        for number in range(count):
            payload = bytes((number,)) * 16_384
            digest.update(payload)
            last = number == count - 1 and not ends_with_empty_item
            call.send(Payload.encode(payload=payload), end=last)
        if ends_with_empty_item:
            call.send(b"", end=True)
        response = call.expect_reply(Collected)
        demand(response["request_count"] == count, "3.3", f"{response['request_count']} arrived")
        demand(response["payload_digest"] == digest.digest(), "3.3", "other bytes arrived")


def server_streaming(connection):
    """Several windows of responses, under ours, first without giving credit."""
    count, payload = 40, b"p" * 16_384
    request = RepeatRequest.encode(payload=payload, response_count=count)
    call = connection.call(ECHO_REPEAT, request, streams="items")
    call.gives_credit = False
    connection.wait(lambda: len(call.items) == 7, "the responses that the credit allows", "4.2")
    ping(connection)
    demand(len(call.items) == 7 and not call.ended, "4.3", "more than the credit allows")
    call.gives_credit = True
    call.grant()
    for number in range(count):
        item = call.next_item()
        demand(item is not None, "3.4", f"the stream ended before response {number}")
        response = cwp.decoded(RepeatResponse, item, "3.4")
        demand(response == {"number": number, "payload": payload}, "3.4", "another response")
    demand(call.next_item() is None, "3.4", "one response too many")
    call.expect_status(OK)
    request = RepeatRequest.encode(
        response_count=2, end_status={"code": FAILED_PRECONDITION, "message": "done"})
    call = connection.call(ECHO_REPEAT, request, streams="items")
    call.expect_status(FAILED_PRECONDITION)
    demand(len(call.items) == 2, "3.4", f"{len(call.items)} responses before the status")


def bidirectional(connection):
    """Ping-pong, then many at once, both ways under credit."""
    call = connection.call(ECHO_STREAM, streams="items")
    for number in range(5):
        payload = Payload.encode(payload=bytes((number,)) * 1_000)
        call.send(payload)
        demand(call.next_item() == payload, "3.4", "another item than was sent")
    payload = Payload.encode(payload=b"x" * 16_384)
    for _ in range(40):
        call.send(payload)
    call.send(b"", end=True)
    for number in range(40):
        demand(call.next_item() == payload, "3.4", f"another item at {number}")
    demand(call.next_item() is None, "3.4", "one item too many")
    call.expect_status(OK)


def cancellation(connection):
    """CANCEL and deadlines end calls (3.7); a free slot takes the next (3.5)."""
    call = connection.call(SLEEP, SleepRequest.encode(sleep_ms=60_000))
    call.cancel()
    call.expect_status(CANCELLED, not_processed=True, rule="3.7")
    call = connection.call(SLEEP, SleepRequest.encode(sleep_ms=60_000), timeout_us=50_000)
    call.expect_status(DEADLINE_EXCEEDED, not_processed=True, rule="3.7")
    request = RepeatRequest.encode(response_count=1_000_000, interval_ms=1)
    call = connection.call(ECHO_REPEAT, request, streams="items")
    call.next_item()
    call.cancel()
    demand(call.outcome().status is not None, "3.7", "no STATUS")
    demand(call.status["code"] == CANCELLED, "3.7", f"{call.status}")
    # 3.6: what crossed the terminal frame is ignored.
    connection.send_frame(cwp.CANCEL, 0, call.slot)
    call = connection.call(ECHO, b"")
    demand(call.slot == 1, "3.5", "the slot is still taken")
    call.expect_reply(EchoResponse)


def ping(connection):
    """PONG brings the bytes back, in order (6.1)."""
    for number in range(3):
        connection.ping(struct.pack(">Q", 0x0102030405060700 + number))
    connection.wait(lambda: not connection.pings, "PONG", "6.1")


def all_slots(connection):
    """As many calls at once as the server allows."""
    count = min(connection.server_calls, 256)
    calls = [
        connection.call(ECHO, Payload.encode(payload=struct.pack(">I", number)))
        for number in range(count)
    ]
    for number, call in enumerate(calls):
        response = call.expect_reply(EchoResponse)
        demand(response["payload"] == struct.pack(">I", number), "3.1", "answers are mixed up")


def unknown_frames(connection):
    """A type with the top bit is ignored with its body (2.3)."""
    connection.send_frame(0xF0, 0xFF, 0xABCDEF, b"from the future")
    unary(connection)


def bound(connection, call):
    """The channel of a subscription that the server accepts."""
    connection.wait(lambda: call.ended or call.channel, "BOUND", "5.1")
    demand(call.channel is not None, "5.1", f"{call.status} where BOUND was expected")
    return call.channel


def leave(call):
    call.cancel()
    demand(call.outcome().status["code"] == CANCELLED, "5.11", f"{call.status}")


def channel(connection):
    """A subscription: snapshot, events, resumption (section 5)."""
    call = connection.call(FOLLOW, b"", streams="channel")
    counter = bound(connection, call)
    connection.wait(lambda: counter.snapshot, "a snapshot", "5.3")
    last, snapshot = counter.snapshot
    total = int(cwp.decoded(Choices, snapshot, "5.4")["text"])
    connection.call(FOLLOW, b"", streams="channel").expect_status(
        ALREADY_EXISTS, rule="5.10")
    leave(call)
    for token in ((counter.epoch + 1, last), (counter.epoch, last + 1)):
        connection.call(FOLLOW, b"", streams="channel", resume=token).expect_status(
            OUT_OF_RANGE, rule="5.3")
    call = connection.call(FOLLOW, b"", streams="channel", resume=(counter.epoch, last - 3))
    counter = bound(connection, call)
    connection.wait(lambda: counter.last == last, "the events that were missed", "5.3")
    demand(counter.snapshot is None, "5.3", "a snapshot in spite of the token")
    added = sum(cwp.decoded(Choices, message, "5.5")["number"] for _, message in counter.events)
    demand(0 < added <= total, "5.5", f"{added} was added, and the sum is {total}")
    leave(call)


def departure(connection):
    """A client may leave at any time, also in the middle of a call (7.2)."""
    unary(connection)
    connection.call(SLEEP, SleepRequest.encode(sleep_ms=60_000))
    connection.close()


def violation(connection):
    """A broken rule ends the connection: GOAWAY with the reason, then close_notify (7.4)."""
    unary(connection)
    connection.send_frame(cwp.CANCEL, 0, connection.server_calls)
    try:
        connection.wait(lambda: False, "GOAWAY", "3.6")
    except GoneAway:
        demand(connection.goaway["reason"] == PROTOCOL_ERROR, "3.6", f"{connection.goaway}")


CHECKS = [
    first_flight, unary, errors, client_streaming, server_streaming, bidirectional, cancellation,
    ping, all_slots, unknown_frames,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1])
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--server-name", default="localhost", help="a name in its certificate")
    parser.add_argument("--ca", required=True, help="PEM file of the authorities")
    parser.add_argument("--certificate", required=True, help="PEM file of the client's chain")
    parser.add_argument("--key", required=True, help="PEM file of the client's key")
    parser.add_argument("--channel", action="store_true", help="subscribe to the counter as well")
    parser.add_argument(
        "--patience", type=int, default=10, metavar="SECONDS", help="for each answer (default: 10)")
    options = parser.parse_args()
    context = cwp.tls_context(options.ca, options.certificate, options.key)

    def connect():
        return Connection(
            options.address, options.port, context, options.server_name, options.patience)

    check = None
    try:
        connection = connect()
        for check in CHECKS + ([channel] if options.channel else []):
            check(connection)
            print(f"ok {check.__name__}")
        connection.close()
        for check in (departure, violation):
            check(connect())
            print(f"ok {check.__name__}")
    except (cwp.Deviation, GoneAway, OSError) as error:
        print(f"not ok {check.__name__ if check else 'connect'}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
