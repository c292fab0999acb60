"""A connection of CWP/1, written from proto/CWP.md and the schema alone.

Every frame of the server is held to the rules; what breaks one raises Deviation with its number.
"""

import collections
import select
import socket
import ssl
import struct
import time

from protobuf import Malformed, Message, read_varint

HELLO, CALL, REPLY, STATUS, CANCEL, ITEM, CREDIT, PING, PONG, GOAWAY, BOUND = range(1, 12)
EVENT, BATCH, MARK, SNAPSHOT = range(0x10, 0x14)
END, MORE, KEY, TRACE, META, NOT_PROCESSED, RESUME = 1, 2, 4, 8, 16, 32, 64

# 2.5: what the server sends: the flags it may have, and what the id is.
FROM_SERVER = {
    HELLO: (0, "connection"), REPLY: (0, "slot"), STATUS: (NOT_PROCESSED, "slot"),
    ITEM: (0, "slot"), CREDIT: (0, "slot"), PING: (0, "connection"), PONG: (0, "connection"),
    GOAWAY: (0, "connection"), BOUND: (0, "slot"), EVENT: (0, "channel"), BATCH: (0, "channel"),
    MARK: (0, "channel"), SNAPSHOT: (MORE, "channel"),
}

FRAME_BYTES, METADATA_BYTES, CREDIT_BYTES, CALLS = 65_536, 8_192, 131_072, 64
TLS_RECORD_BYTES, SNAPSHOT_BYTES = 16_384, 1 << 20

LimitsMessage = Message(
    "Limits", max_calls=(1, "uint"), max_subscriptions=(2, "uint"), max_frame_bytes=(3, "uint"),
    max_metadata_bytes=(4, "uint"), initial_credit_bytes=(5, "uint"))
HelloMessage = Message(
    "Hello", versions=(1, ["uint"]), limits=(2, LimitsMessage), ping_interval_ms=(3, "uint"),
    schema_hash=(4, "bytes"), agent=(5, "string"))
MetadataMessage = Message("Metadata", entries=(1, [Message(
    "MetadataEntry", name=(1, "string"), value=(2, "bytes"))]))
StatusMessage = Message(
    "Status", code=(1, "int"), message=(2, "string"), details=(3, [Message(
        "StatusDetail", reason=(1, "string"), domain=(2, "string"), payload=(5, "bytes"))]))
GoAwayMessage = Message(
    "GoAway", reason=(1, "int"), grace_ms=(2, "uint"), reconnect_after_ms=(3, "uint"),
    message=(4, "string"))


class Deviation(Exception):
    """The server did not do what the document says."""


class GoneAway(Exception):
    """The server sent GOAWAY."""


def demand(holds, rule, what):
    """Raises Deviation unless the rule holds."""
    if not holds:
        raise Deviation(f"rule {rule}: {what}")


def decoded(message, body, rule):
    try:
        return message.decode(body)
    except Malformed as error:
        raise Deviation(f"rule {rule}: {error}") from error


def batch_length(body, at):
    try:
        return read_varint(body, at)
    except Malformed as error:
        raise Deviation(f"rule 5.6: {error}") from error


def tls_context(authority, certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(authority)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["cabinet/1"])
    return context


class Call:
    """A call as the client sees it. `streams` is how the responses come: "no", "items", "channel"."""

    def __init__(self, connection, slot, streams):
        self.connection, self.slot, self.streams = connection, slot, streams
        self.reply = self.status = None
        self.not_processed = False
        self.items = collections.deque()
        # 4.2: both credits count from the beginning of the call, headers included.
        self.sent_bytes, self.send_limit = 0, connection.server_credit
        self.received_bytes, self.receive_limit = 0, CREDIT_BYTES
        self.gives_credit = True
        self.channel = None

    @property
    def ended(self):
        return self.reply is not None or self.status is not None

    def send(self, message, end=False):
        """Sends a request of a stream, when the server's credit allows it."""
        self.connection.wait(
            lambda: self.ended or self.sent_bytes + 8 + len(message) <= self.send_limit,
            "credit for the next request", rule="4.5")
        if not self.ended:
            self.sent_bytes += 8 + len(message)
            self.connection.send_frame(ITEM, END if end else 0, self.slot, message)

    def cancel(self):
        self.connection.send_frame(CANCEL, 0, self.slot)

    def grant(self):
        """Sets the credit to a whole window after what was received (4.2)."""
        self.receive_limit = self.received_bytes + CREDIT_BYTES
        self.connection.send_frame(CREDIT, 0, self.slot, struct.pack(">Q", self.receive_limit))

    def next_item(self):
        """The next response of a stream, or None at its end."""
        self.connection.wait(lambda: self.items or self.ended, "the next response", rule="3.4")
        return self.items.popleft() if self.items else None

    def outcome(self):
        """Waits for the terminal frame."""
        self.connection.wait(lambda: self.ended, "the terminal frame", rule="3.4")
        return self

    def expect_reply(self, message):
        self.outcome()
        demand(self.reply is not None, "3.4", f"STATUS {self.status} where REPLY was expected")
        return decoded(message, self.reply, "3.4")

    def expect_status(self, code, not_processed=False, rule="3.4"):
        self.outcome()
        demand(self.status is not None, rule, "REPLY where STATUS was expected")
        demand(self.status["code"] == code, rule, f"code {self.status}, not {code}")
        demand(self.not_processed or not not_processed, rule,
               f"no NOT_PROCESSED on {self.status}")
        demand(code != 0 or not self.not_processed, "3.10", "NOT_PROCESSED on OK")
        return self.status


class Channel:
    """The frames of one subscription, held to section 5."""

    def __init__(self, call, body, resume):
        demand(len(body) == 27, "2.5", f"BOUND has {len(body)} bytes")
        self.call = call
        self.id = int.from_bytes(body[:3], "big")
        self.epoch, self.first, self.next = struct.unpack(">QQQ", body[3:])
        demand(1 <= self.first <= self.next, "5.2", f"BOUND says {self.first}…{self.next}")
        if resume is not None:
            demand(self.epoch == resume[0] and self.first <= resume[1] + 1 <= self.next, "5.3",
                   "BOUND does not fit the resume token that it accepts")
        self.last = None if resume is None else resume[1]
        self.snapshot, self.partial, self.partial_sequence = None, bytearray(), None
        self.events = []
        self.marks = 0

    def receive(self, kind, flags, body):
        demand(len(body) >= 8, "2.5", "a frame of a channel without a sequence number")
        sequence = int.from_bytes(body[:8], "big")
        if kind == SNAPSHOT:
            return self._snapshot(sequence, body[8:], flags & MORE != 0)
        demand(self.partial_sequence is None, "5.4", "another frame within a snapshot")
        demand(self.last is not None, "5.3", "an event before the snapshot")
        if kind == MARK:
            demand(len(body) == 8, "2.5", "a long MARK")
            demand(sequence == self.last, "5.7", f"MARK {sequence} after event {self.last}")
            self.marks += 1
            return
        demand(len(body) + 8 <= TLS_RECORD_BYTES, "5.9", "EVENT or BATCH beyond a TLS record")
        if kind == EVENT:
            return self._event(sequence, body[8:])
        demand(len(body) >= 10, "5.6", "BATCH is cut off")
        count, at = int.from_bytes(body[8:10], "big"), 10
        demand(count >= 1, "5.6", "an empty BATCH")
        for offset in range(count):
            length, at = batch_length(body, at)
            demand(length <= len(body) - at, "5.6", "a message of BATCH is cut off")
            self._event(sequence + offset, body[at:at + length])
            at += length
        demand(at == len(body), "5.6", "bytes after the last message of BATCH")

    def _event(self, sequence, message):
        demand(sequence == self.last + 1, "5.5", f"event {sequence} after {self.last}")
        self.last = sequence
        self.events.append((sequence, bytes(message)))

    def _snapshot(self, sequence, data, more):
        demand(self.partial_sequence in (None, sequence), "5.4", "a snapshot of two numbers")
        demand(sequence >= self.first - 1, "5.4", "a snapshot from before the history")
        demand(self.last is None or sequence >= self.last, "5.4", "a snapshot of the past")
        self.partial_sequence = sequence
        self.partial += data
        demand(len(self.partial) <= SNAPSHOT_BYTES, "5.4", "a snapshot of more than 1 MiB")
        if not more:
            self.snapshot, self.last = (sequence, bytes(self.partial)), sequence
            self.partial, self.partial_sequence = bytearray(), None


class Connection:
    """One thread, one socket: `wait` writes and reads until what is waited for has come (4.4)."""

    def __init__(self, address, port, context, server_name, patience_s=10):
        self.patience_s = patience_s
        plain = socket.create_connection((address, port), timeout=patience_s)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.tls = context.wrap_socket(
            plain, server_hostname=server_name, suppress_ragged_eofs=False)
        demand(self.tls.selected_alpn_protocol() == "cabinet/1", "1.1", "ALPN was not agreed")
        demand(self.tls.version() == "TLSv1.3", "1.1", f"{self.tls.version()} was agreed")
        self.tls.setblocking(False)
        self.incoming, self.outgoing = bytearray(), bytearray()
        self.hello = self.goaway = None
        self.server_credit, self.server_calls = CREDIT_BYTES, CALLS
        self.server_frame, self.server_metadata = FRAME_BYTES, METADATA_BYTES
        self.calls, self.channels = {}, {}
        self.pings, self.closed = collections.deque(), False
        self.send_frame(HELLO, 0, 0, HelloMessage.encode(
            versions=[1], limits={}, ping_interval_ms=0, agent="cwp_client.py"))

    # Sending.

    def send_frame(self, kind, flags, identity, body=b""):
        self.outgoing += len(body).to_bytes(3, "big") + bytes((kind, flags))
        self.outgoing += identity.to_bytes(3, "big") + body

    def call(self, method, message=None, *, streams="no", timeout_us=0, key=None, trace=None,
             resume=None, metadata=None):
        """Begins a call. Without a message it is one with a stream of requests (3.3)."""
        slot = next(n for n in range(1, self.server_calls + 1) if n not in self.calls)
        flags, body = 0, struct.pack(">HI", method, timeout_us)
        if key is not None:
            flags, body = flags | KEY, body + key
        if trace is not None:
            flags, body = flags | TRACE, body + trace
        if resume is not None:
            flags, body = flags | RESUME, body + struct.pack(">QQ", *resume)
        if metadata is not None:
            encoded = MetadataMessage.encode(
                entries=[{"name": name, "value": value} for name, value in metadata])
            flags, body = flags | META, body + struct.pack(">H", len(encoded)) + encoded
        if message is not None:
            flags, body = flags | END, body + message
        call = self.calls[slot] = Call(self, slot, streams)
        call.resume = resume
        self.send_frame(CALL, flags, slot, body)
        return call

    def ping(self, data):
        self.pings.append(data)
        self.send_frame(PING, 0, 0, data)

    # Receiving.

    def wait(self, condition, what, rule):
        """Writes and reads until the condition holds."""
        deadline = time.monotonic() + self.patience_s
        while not condition():
            if self.goaway is not None and self.closed:
                raise GoneAway(f"GOAWAY {self.goaway} instead of {what}")
            demand(not self.closed, rule, f"the server closed instead of {what}")
            left = deadline - time.monotonic()
            demand(left > 0, rule, f"{self.patience_s} seconds without {what}")
            self._step(left)

    def _step(self, seconds):
        """Does what can be done, and waits for the socket where nothing can."""
        wants_write, has_written = False, bool(self.outgoing)
        while self.outgoing:
            try:
                del self.outgoing[:self.tls.send(self.outgoing)]
            except ssl.SSLWantWriteError:
                wants_write = True
                break
            except ssl.SSLWantReadError:
                break
        try:
            data = self.tls.recv(65_536)
        except ssl.SSLWantReadError:
            if wants_write or not has_written:
                select.select([self.tls], [self.tls] if wants_write else [], [], seconds)
            return
        except (ssl.SSLEOFError, ConnectionError) as error:
            raise Deviation(f"rule 7.2: the end came without close_notify: {error}") from error
        self.closed = not data
        self.incoming += data
        while len(self.incoming) >= 8 and not self.closed:
            length = int.from_bytes(self.incoming[:3], "big")
            demand(length <= FRAME_BYTES, "2.2", f"a frame of {length} bytes")
            if len(self.incoming) < 8 + length:
                break
            kind, flags = self.incoming[3], self.incoming[4]
            identity = int.from_bytes(self.incoming[5:8], "big")
            body = bytes(self.incoming[8:8 + length])
            del self.incoming[:8 + length]
            self._receive(kind, flags, identity, body)

    def _receive(self, kind, flags, identity, body):
        if kind not in FROM_SERVER:
            demand(kind & 0x80, "2.3", f"a frame of type {kind:02X}")
            return
        allowed, scope = FROM_SERVER[kind]
        demand(flags & ~allowed == 0, "2.4", f"flags {flags:02X} on type {kind:02X}")
        demand((identity == 0) == (scope == "connection"), "2.6", f"id {identity} on {kind:02X}")
        if self.hello is None:
            demand(kind in (HELLO, GOAWAY), "1.3", f"type {kind:02X} before HELLO")
        if scope == "connection":
            self._receive_control(kind, body)
        elif scope == "channel":
            channel = self.channels.get(identity)
            demand(channel is not None, "5.11", f"a frame of channel {identity}, not subscribed")
            channel.receive(kind, flags, body)
        else:
            call = self.calls.get(identity)
            demand(call is not None, "3.4", f"type {kind:02X} for the free slot {identity}")
            self._receive_call(call, kind, flags, body)

    def _receive_control(self, kind, body):
        if kind == HELLO:
            demand(self.hello is None, "1.3", "a second HELLO")
            demand(len(body) <= 4_096, "1.6", "a long HELLO")
            self._adopt(decoded(HelloMessage, body, "1.6"))
        elif kind == GOAWAY:
            self.goaway = decoded(GoAwayMessage, body, "7.1")
        else:
            demand(len(body) == 8, "2.5", "PING and PONG have 8 bytes")
            if kind == PING:
                self.send_frame(PONG, 0, 0, body)
            else:
                demand(self.pings and self.pings.popleft() == body, "6.2", "a PONG unasked for")

    def _adopt(self, hello):
        """Takes over the server's limits (1.5, 4.2)."""
        demand(1 in hello["versions"], "1.4", f"the server has the versions {hello['versions']}")
        demand(len(hello["schema_hash"]) in (0, 32), "1.3", "a schema hash of another length")
        demand(len(hello["agent"].encode()) <= 256, "1.3", "a long agent")
        limits = hello["limits"] or LimitsMessage.decode(b"")

        def limit(name, default, ceiling):
            value = limits[name] or default
            demand(default <= value <= ceiling, "1.5", f"{name} is {value}")
            return value

        self.server_calls = limit("max_calls", CALLS, 65_536)
        limit("max_subscriptions", 16, 65_536)
        self.server_frame = limit("max_frame_bytes", FRAME_BYTES, 16_777_215)
        self.server_metadata = limit("max_metadata_bytes", METADATA_BYTES, 65_535)
        credit = limit("initial_credit_bytes", CREDIT_BYTES, 1 << 30)
        demand(credit >= self.server_frame + 8 + 1_024, "1.5", f"a credit of {credit}")
        for call in self.calls.values():
            call.send_limit += credit - self.server_credit
        self.server_credit, self.hello = credit, hello

    def _receive_call(self, call, kind, flags, body):
        if kind == CREDIT:
            demand(len(body) == 8, "2.5", "CREDIT has 8 bytes")
            call.send_limit = max(call.send_limit, int.from_bytes(body, "big"))
        elif kind == ITEM:
            demand(call.streams == "items", "3.4", "ITEM on a call without a stream of responses")
            call.received_bytes += 8 + len(body)
            demand(call.received_bytes <= call.receive_limit, "4.3", "an item beyond the credit")
            call.items.append(body)
            # 4.5: at least one frame is left when all was consumed.
            if call.gives_credit and call.receive_limit - call.received_bytes < FRAME_BYTES + 8:
                call.grant()
        elif kind == BOUND:
            demand(call.streams == "channel" and call.channel is None, "5.1", "BOUND unasked for")
            call.channel = Channel(call, body, call.resume)
            demand(call.channel.id not in self.channels, "5.10", "the channel is bound already")
            self.channels[call.channel.id] = call.channel
        else:
            if kind == REPLY:
                demand(call.streams == "no", "3.4", "REPLY to a call with a stream of responses")
                call.reply = body
            else:
                call.status = decoded(StatusMessage, body, "3.4")
                call.not_processed = flags & NOT_PROCESSED != 0
            if call.channel is not None:
                del self.channels[call.channel.id]
            del self.calls[call.slot]

    def close(self):
        """Says close_notify, and demands the server's."""
        self.wait(lambda: not self.outgoing, "room to write", rule="4.4")
        self.tls.settimeout(self.patience_s)
        try:
            self.tls.unwrap().close()
        except (OSError, ssl.SSLError) as error:
            raise Deviation(f"rule 7.2: the end came without close_notify: {error}") from error
