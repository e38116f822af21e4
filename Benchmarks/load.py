"""A small load generator: keep-alive connections on threads, each of which sends the next request when it has its
answer. Bodies are made before the clock starts."""

import base64
import itertools
import json
import socket
import threading
import time


class WrongAnswer(Exception):
    pass


class Connection:
    """One HTTP/1.1 connection to this machine."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.socket.close()

    def exchange(self, parts):
        """Sends the parts of a request and returns the status and the body of its answer."""
        for part in parts:
            self.socket.sendall(part)
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            self.receive(data)
        head, length = bytes(data[:end]).lower(), None
        for line in head.split(b"\r\n")[1:]:
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if length is None:
            raise WrongAnswer("an answer without Content-Length")
        while len(data) < end + 4 + length:
            self.receive(data)
        return int(head.split(b" ", 2)[1]), bytes(data[end + 4:])

    def receive(self, data):
        part = self.socket.recv(1 << 20)
        if not part:
            raise WrongAnswer("the connection was closed")
        data += part


def head(path, length):
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


class Call:
    """A request that is the same each time."""

    def __init__(self, path, fields):
        body = json.dumps(fields).encode()
        self.request = head(path, len(body)) + body

    def parts(self, number):
        return [self.request]


class PictureCall:
    """A request with a JPEG that differs each time, so that no server can answer from memory.

    The picture gets a comment segment of twelve bytes. It begins at a whole group of base64, so that sixteen digits
    can be written over its text.
    """

    def __init__(self, path, fields, jpeg):
        if jpeg[:2] != b"\xff\xd8":
            raise ValueError("no JPEG")
        start = base64.b64encode(b"\xff\xd8\xff\xfe\x00\x0e")
        rest = base64.b64encode(jpeg[2:]) + b'"}'
        before = json.dumps(fields)[:-1].encode() + b', "image": "' + start
        self.first = head(path, len(before) + 16 + len(rest)) + before
        self.rest = rest

    def parts(self, number):
        return [self.first + b"%016d" % number, self.rest]


#: Numbers for pictures; none is used twice.
fresh = itertools.count()


class Load:
    """What a measurement found: latencies in milliseconds, and requests per second."""

    def __init__(self, samples, seconds):
        self.samples = sorted(samples)
        self.rate = len(samples) / seconds

    def at(self, part):
        return self.samples[min(len(self.samples) - 1, int(part * len(self.samples)))]

    @property
    def median(self):
        return self.at(0.5)


def run(port, calls, connections, seconds, right, numbers=fresh):
    """Sends `calls` in turn over some connections for some seconds, and as often as there are connections at least.

    `right` tells a good answer's body; any other ends the measurement with `WrongAnswer`. Requests that were under way
    at the end count, and so does their time.
    """
    samples, failures, gate = [], [], threading.Barrier(connections + 1)
    links = [Connection(port) for _ in range(connections)]
    end = None

    def work(link):
        gate.wait()
        try:
            while not failures:
                number = next(numbers)
                parts = calls[number % len(calls)].parts(number)
                sent = time.perf_counter()
                status, body = link.exchange(parts)
                samples.append((time.perf_counter() - sent) * 1000)
                if status != 200 or not right(body):
                    raise WrongAnswer(f"{status}: {body[:300]!r}")
                if time.perf_counter() >= end:
                    return
        except (OSError, WrongAnswer) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    start = time.perf_counter()
    end = start + seconds
    gate.wait()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - start
    for link in links:
        link.close()
    if failures:
        raise failures[0]
    return Load(samples, elapsed)
