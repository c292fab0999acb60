"""Frames and messages of CWP/1 (proto/CWP.md), as far as an attacker needs them."""

HELLO, CALL, REPLY, STATUS, CANCEL, ITEM, CREDIT, PING, PONG, GOAWAY = range(1, 11)
END, META = 0x01, 0x10
ECHO, ECHO_COLLECT, ECHO_REPEAT, ECHO_STREAM, SLEEP = range(1, 6)

SLOTS = 64
FRAME_BYTES = 65_536
METADATA_BYTES = 8_192
CREDIT_BYTES = 131_072

REASONS = {
    1: "DRAIN",
    2: "IDLE",
    3: "REVOKED",
    4: "PROTOCOL_ERROR",
    5: "VERSION",
    6: "TOO_LARGE",
    7: "LIMIT_EXCEEDED",
    8: "CONTROL_FLOOD",
    9: "STALLED",
    10: "TIMEOUT",
    11: "INTERNAL",
}


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def field(number, value):
    """A field of a message: bytes, or a number."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def header(kind, length, slot=0, flags=0):
    return (
        length.to_bytes(3, "big") + bytes([kind, flags]) + slot.to_bytes(3, "big")
    )


def frame(kind, body=b"", slot=0, flags=0):
    return header(kind, len(body), slot, flags) + body


def hello(credit_bytes=0):
    limits = field(2, field(5, credit_bytes)) if credit_bytes else b""
    return frame(HELLO, field(1, b"\x01") + limits)


def call(method, slot, message=None, timeout_us=0, metadata=None):
    """A CALL; without a message its requests come as items."""
    flags = (0 if message is None else END) | (0 if metadata is None else META)
    body = method.to_bytes(2, "big") + timeout_us.to_bytes(4, "big")
    if metadata is not None:
        body += len(metadata).to_bytes(2, "big") + metadata
    return frame(CALL, body + (message or b""), slot, flags)


def number(kind, value, slot=0):
    """A frame whose body is one number."""
    return frame(kind, value.to_bytes(8, "big"), slot)


def echo(payload):
    return field(1, payload)


def echo_repeat(payload, count):
    return field(1, payload) + field(2, count)


def sleep(milliseconds):
    return field(1, milliseconds)


class Frames:
    """Cuts what a server sends into frames."""

    def __init__(self):
        self.rest = bytearray()

    def take(self, data):
        """The kind, the slot and the body of each frame that is whole now."""
        self.rest += data
        frames = []
        start = 0
        while len(self.rest) - start >= 8:
            length = int.from_bytes(self.rest[start : start + 3], "big")
            if len(self.rest) - start < 8 + length:
                break
            kind = self.rest[start + 3]
            slot = int.from_bytes(self.rest[start + 5 : start + 8], "big")
            frames.append((kind, slot, bytes(self.rest[start + 8 : start + 8 + length])))
            start += 8 + length
        del self.rest[:start]
        return frames


def reason(go_away):
    """The name of the reason in the body of a GOAWAY, whose first field it is."""
    if len(go_away) >= 2 and go_away[0] == 0x08:
        return REASONS.get(go_away[1], f"REASON_{go_away[1]}")
    return "UNSPECIFIED"
