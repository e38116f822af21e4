"""Clients who take what they can get: idle connections, slow senders, large bodies, readers who never read.

While each flood goes on, an ordinary client is answered, and the memory stays within a bound; when it is over, all is
as before.
"""

import base64
import contextlib
import os
import random
import resource
import socket
import threading
import time

import client as http
from report import Result

HELP = "idle connections, slow senders, large bodies, WebSockets that nobody reads"


def add_arguments(parser):
    parser.add_argument("--seconds", type=float, default=15, help="how long each flood lasts")
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--bodies", type=int, default=24, help="large bodies at the same time")
    parser.add_argument("--most-memory", type=float, default=1500, help="resident MB that the server may take")
    parser.add_argument("--patience", type=float, default=15, help="seconds that an ordinary client waits")


def run(options, world):
    result = Result("floods")
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files[1], 65536), files[1]))
    floods = {
        "idle connections": idle,
        "slow heads": slow_heads,
        "slow bodies": slow_bodies,
        "large bodies": large_bodies,
        "bodies beyond the limit": endless_bodies,
        "answers that nobody reads": unread_answers,
        "WebSockets that nobody reads": unread_events,
    }
    with world.server("--emulator") as server:
        result.ready_after(server.start())
        guest = Guest(server, world.pictures)
        guest.prepare()
        for name, flood in floods.items():
            before = server.memory()
            with contextlib.ExitStack() as held:
                watch = held.enter_context(Watch(server, guest, result.ledger, options, name))
                flood(server, world.pictures, options, held)
            result.deeds[name] += 1
            result.ledger.check(server.is_running(), f"{name}: the server ended")
            if not server.is_running():
                break
            begin = time.monotonic()
            server.wait_until_ready()
            result.ready_after(time.monotonic() - begin)
            result.ledger.check(guest.ask(10) is None, f"{name}: an ordinary client is not answered afterwards")
            result.notes.append(
                f"{name}: memory {before:.0f}, at most {watch.most:.0f}, afterwards {server.memory():.0f} MB; an "
                f"ordinary client was answered {watch.answers} times, after {watch.slowest:.2f} s at most")
            result.say(result.notes[-1])
        result.ledger.check(server.stop() == 0, "the server did not end by itself when it was told to")
    return [result]


class Guest:
    """An ordinary client: makes a connection, looks for somebody, and reads the list."""

    def __init__(self, server, pictures):
        self.server = server
        self.pictures = pictures

    def prepare(self):
        for name in self.pictures.people:
            self.server.client().call("POST", "/firserver/CreatePerson", {
                "surname": name, "department": "1", "image": http.text(self.pictures.photo(name))})
        self.server.client().call("POST", "/emulator/cameras", {"id": "flood", "name": "Gate"})
        self.server.client().call("PATCH", "/emulator/settings", {"selectsBestFrame": False})

    def ask(self, patience):
        """What was wrong, or `None`."""
        client = self.server.client(timeout=patience)
        try:
            found = client.call("POST", "/firserver/FindFaces", {"image": http.text(self.pictures.any_photo())})
            listed = client.call("POST", "/firserver/ReadPersons", {"page": 1, "pageSize": 5})
        except http.NoAnswer as error:
            return f"no answer: {error}"
        finally:
            client.close()
        # To be told that too many pictures wait is an answer.
        if found.status not in (200, 503) or listed.member("Status") != "OK":
            return f"{found} {listed}"
        return None


class Watch:
    """Asks as an ordinary client all the time, and looks at the memory."""

    def __init__(self, server, guest, ledger, options, name):
        self.server, self.guest, self.ledger, self.options, self.name = server, guest, ledger, options, name
        self.most = self.slowest = 0.0
        self.answers = 0
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self.ask, self.measure)]

    def ask(self):
        while not self.ended.is_set():
            begin = time.monotonic()
            wrong = self.guest.ask(self.options.patience)
            self.ledger.check(wrong is None, f"{self.name}: an ordinary client got {wrong}")
            self.answers += wrong is None
            self.slowest = max(self.slowest, time.monotonic() - begin)
            self.ended.wait(0.2)

    def measure(self):
        while self.server.is_running():
            self.most = max(self.most, self.server.memory())
            if self.ended.wait(0.1):
                return

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        self.ledger.check(
            self.most <= self.options.most_memory, f"{self.name}: the server took {self.most:.0f} MB of memory")


def connections(server, count, held):
    made = []
    for _ in range(count):
        # A server with enough of us may refuse.
        with contextlib.suppress(OSError):
            made.append(held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5)))
    return made


def trickle(made, options, text):
    """Sends one byte more on every connection now and then."""
    end = time.monotonic() + options.seconds
    place = 0
    while time.monotonic() < end:
        for connection in made:
            with contextlib.suppress(OSError):
                connection.send(text[place % len(text):][:1])
        place += 1
        time.sleep(0.5)


def head(path, length, more=""):
    return f"POST {path} HTTP/1.1\r\nHost: flood\r\nContent-Length: {length}\r\n{more}\r\n".encode()


def idle(server, pictures, options, held):
    connections(server, options.connections, held)
    time.sleep(options.seconds)


def slow_heads(server, pictures, options, held):
    trickle(connections(server, options.connections, held), options, b"GET /healthz HTTP/1.1\r\nX-Slow: ")


def slow_bodies(server, pictures, options, held):
    made = connections(server, options.connections, held)
    for connection in made:
        with contextlib.suppress(OSError):
            connection.sendall(head("/firserver/FindFaces", 1 << 20))
    trickle(made, options, b"{ ")


def in_parallel(work, count):
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def large_bodies(server, pictures, options, held):
    """As large as allowed, with a photo at the end of long texts."""
    end = time.monotonic() + options.seconds
    photo = http.text(pictures.any_photo())
    filler = base64.b64encode(os.urandom(20 << 20)).decode()

    def send():
        client = server.client(timeout=60)
        while time.monotonic() < end:
            with contextlib.suppress(http.NoAnswer):
                client.call("POST", "/firserver/FindFaces", {"comment": filler, "image": photo})

    in_parallel(send, options.bodies)


def endless_bodies(server, pictures, options, held):
    """Far beyond the limit, announced or in chunks without an end."""
    end = time.monotonic() + options.seconds
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"

    def send():
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=5) as made:
                if random.random() < 0.5:
                    made.sendall(head("/firserver/FindFaces", 1 << 40))
                    while time.monotonic() < end:
                        made.sendall(chunk)
                made.sendall(b"POST /firserver/FindFaces HTTP/1.1\r\nHost: flood\r\nTransfer-Encoding: chunked\r\n\r\n")
                while time.monotonic() < end:
                    made.sendall(chunk)

    in_parallel(send, options.bodies)


def unread_answers(server, pictures, options, held):
    """Asks for pictures again and again on one connection and reads nothing."""
    client = server.client()
    rows = client.call("POST", "/firserver/ReadPersons", {"page": 1, "pageSize": 10}).json["PersonList"]
    request = f"GET /firserver/GetImage/1/{rows[0]['ImageId']} HTTP/1.1\r\nHost: flood\r\n\r\n".encode()
    for connection in connections(server, options.connections // 4, held):
        connection.settimeout(0.05)
        with contextlib.suppress(OSError):
            for _ in range(200):
                connection.sendall(request)
    time.sleep(options.seconds)


def unread_events(server, pictures, options, held):
    """Listens to events, of which there are many, and reads none."""
    upgrade = (
        b"GET /web2/secure/ws/events HTTP/1.1\r\nHost: flood\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(os.urandom(16)) + b"\r\n\r\n")
    for connection in connections(server, options.connections // 2, held):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with contextlib.suppress(OSError):
            connection.sendall(upgrade)
    end = time.monotonic() + options.seconds
    client = server.client()
    picture = pictures.files["biden"][0]
    while time.monotonic() < end:
        with contextlib.suppress(http.NoAnswer):
            client.call("POST", "/emulator/cameras/flood/frames", picture, {"Content-Type": "image/jpeg"})
