"""Connections to the server, and what becomes of those that abuse it."""

import collections
import os
import select
import socket
import ssl
import time

from . import wire


class Target:
    """A server, and where from it is attacked."""

    def __init__(self, host, port, pki, source, pid):
        self.address = (host, port)
        self.source = source
        self.pid = pid
        self.context = ssl.create_default_context(
            ssl.Purpose.SERVER_AUTH, cafile=os.path.join(pki, "ca.pem")
        )
        self.context.load_cert_chain(
            os.path.join(pki, "client.pem"), os.path.join(pki, "client.key")
        )
        self.context.set_alpn_protocols(["cabinet/1"])
        self.host = host

    def tcp(self):
        return socket.create_connection(
            self.address, timeout=10, source_address=(self.source, 0)
        )

    def tls(self):
        plain = self.tcp()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return self.context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def client_hello(self):
        """The first flight of a handshake."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = self.context.wrap_bio(incoming, outgoing, server_hostname=self.host)
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return outgoing.read()


class Offender:
    """A connection that abuses the server, until it is ended."""

    def __init__(self, connection):
        self.connection = connection
        self.connection.settimeout(10)
        self.frames = wire.Frames()
        self.ending = None

    def send(self, data):
        """Sends, unless the server has ended the connection."""
        if self.ending:
            return False
        try:
            self.connection.sendall(data)
            return True
        except (OSError, ssl.SSLError):
            return False

    def send_what_fits(self, data):
        """Sends as much as the server takes within a moment."""
        self.connection.settimeout(0.5)
        sent = self.send(data)
        self.connection.settimeout(10)
        return sent

    def read(self):
        """Reads what there is, and notes how the connection ended."""
        if self.is_closed:
            return
        self.connection.setblocking(False)
        try:
            while not self.is_closed:
                data = self.connection.recv(65_536)
                if not data:
                    self.finish("closed")
                    break
                for kind, _, body in self.frames.take(data):
                    if kind == wire.GOAWAY:
                        self.ending = wire.reason(body)
        except (ssl.SSLWantReadError, BlockingIOError):
            pass
        except ssl.SSLError as error:
            self.finish("alert" if "ALERT" in str(error) else "closed")
        except OSError:
            self.finish("closed")
        if not self.is_closed:
            self.connection.settimeout(10)

    def finish(self, ending):
        self.ending = self.ending or ending
        self.connection.close()

    @property
    def is_closed(self):
        return self.connection.fileno() < 0


def watch(offenders, seconds):
    """Reads until all connections have ended, or the time is over. Says how many ended how."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        waiting = [o.connection for o in offenders if not o.is_closed]
        if not waiting:
            break
        poll = select.poll()
        for connection in waiting:
            poll.register(connection, select.POLLIN)
        poll.poll(100)
        for offender in offenders:
            offender.read()
    endings = collections.Counter()
    for offender in offenders:
        endings[offender.ending or "open"] += 1
        offender.finish("open")
    return endings


def many(target, count, secure=True, beginning=b""):
    """Connections, as many of them as the server lets in, each of which says its beginning at once: the
    next ones may take longer than it has for that."""
    offenders = []
    for _ in range(count):
        try:
            offender = Offender(target.tls() if secure else target.tcp())
        except (OSError, ssl.SSLError):
            continue
        if beginning:
            offender.send(beginning)
        offenders.append(offender)
    return offenders
