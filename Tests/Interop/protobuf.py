"""Just enough of protobuf's wire format for the CWP/1 client: no packages, no generated code.

A message is described by its fields, name=(number, type), where the type is one of the words below,
another Message, or a list of one of them for a repeated field.
"""

_NUMBERS = ("bool", "int", "uint")


class Malformed(Exception):
    """Bytes that are no message of the type."""


def varint(value):
    """The varint of a number from 0 to 2^64 - 1."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varint(data, at):
    """The varint at an offset, and the offset after it."""
    value = 0
    for count in range(10):
        if at >= len(data):
            raise Malformed("a varint is cut off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            if value >> 64:
                raise Malformed("a varint has more than 64 bits")
            return value, at
    raise Malformed("a varint has more than 10 bytes")


class Message:
    """A message type. Values are dictionaries; a field that is absent has proto3's default."""

    def __init__(self, name, /, **fields):
        self.name = name
        self.fields = fields
        self.by_number = {number: (field, kind) for field, (number, kind) in fields.items()}

    def encode(self, /, **values):
        out = bytearray()
        for field, value in values.items():
            number, kind = self.fields[field]
            if isinstance(kind, list):
                for element in value:
                    out += self._encoded(number, kind[0], element)
            elif isinstance(kind, Message) or value:
                out += self._encoded(number, kind, value)
        return bytes(out)

    def _encoded(self, number, kind, value):
        if kind in _NUMBERS:
            return varint(number << 3) + varint(int(value) & 0xFFFF_FFFF_FFFF_FFFF)
        if isinstance(kind, Message):
            value = kind.encode(**value)
        elif kind == "string":
            value = value.encode("utf-8")
        return varint(number << 3 | 2) + varint(len(value)) + value

    def decode(self, data):
        values = {
            field: [] if isinstance(kind, list) else self._default(kind)
            for field, (_, kind) in self.fields.items()
        }
        at = 0
        while at < len(data):
            tag, at = read_varint(data, at)
            raw, at = self._raw(tag & 7, data, at)
            if tag >> 3 not in self.by_number:
                continue
            field, kind = self.by_number[tag >> 3]
            if isinstance(kind, list):
                values[field] += self._elements(field, kind[0], raw)
            else:
                values[field] = self._value(field, kind, raw)
        return values

    def _raw(self, wire_type, data, at):
        """The value at an offset as an int (varint) or bytes, and the offset after it."""
        if wire_type == 0:
            return read_varint(data, at)
        if wire_type == 2:
            length, at = read_varint(data, at)
        elif wire_type in (1, 5):
            length = 8 if wire_type == 1 else 4
        else:
            raise Malformed(f"{self.name} has a field of wire type {wire_type}")
        if length > len(data) - at:
            raise Malformed(f"{self.name} has a field that is cut off")
        return bytes(data[at:at + length]), at + length

    def _elements(self, field, kind, raw):
        if kind not in _NUMBERS or isinstance(raw, int):
            return [self._value(field, kind, raw)]
        elements, at = [], 0
        while at < len(raw):
            number, at = read_varint(raw, at)
            elements.append(self._value(field, kind, number))
        return elements

    def _value(self, field, kind, raw):
        if (kind in _NUMBERS) != isinstance(raw, int):
            raise Malformed(f"{self.name}.{field} has the wrong wire type")
        if kind == "int":
            return raw - (1 << 64) if raw >> 63 else raw
        if kind == "bool":
            return raw != 0
        if isinstance(kind, Message):
            return kind.decode(raw)
        if kind == "string":
            try:
                return raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Malformed(f"{self.name}.{field} is not UTF-8") from error
        return raw

    def _default(self, kind):
        if kind in ("int", "uint"):
            return 0
        return {"bool": False, "string": "", "bytes": b""}.get(kind) if isinstance(kind, str) else None
