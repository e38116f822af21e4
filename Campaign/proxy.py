"""A database at the other end of a bad network: cuts, delays, black holes, restarts, no connection to be had."""

import contextlib
import random
import signal
import socket
import struct
import time

from load import Load
from postgres import NAME, Postgres
from report import Result
from server import StartFailed
from tcp_proxy import Proxy

HELP = "an external PostgreSQL behind a proxy that cuts, delays, swallows and half-closes"


def add_arguments(parser):
    parser.add_argument("--count", type=int, default=14, help="how many faults")
    parser.add_argument("--seconds", type=float, default=5, help="how long a delay or a black hole lasts at most")
    parser.add_argument("--workers", type=int, default=8)


def run(options, world):
    result = Result("database behind a bad network")
    postgres = Postgres()
    proxy = Proxy(postgres.port)
    deeds = {
        "cut": cut,
        "delay": delay,
        "black hole": black_hole,
        "half close": half_close,
        "restart": restart,
        "crash": crash,
        "no connection left": use_up,
    }
    try:
        with world.server("--database-url", postgres.address(proxy.port)) as server:
            result.ready_after(server.start())
            process = server.process.pid
            load = Load(server, result.ledger, world.pictures, options.workers)
            try:
                for number in range(1, options.count + 1):
                    names = list(deeds)
                    name = names[number - 1] if number <= len(names) else random.choice(names)
                    with load.working():
                        time.sleep(random.uniform(0.5, 1.5))
                        deeds[name](proxy, postgres, random.uniform(1, options.seconds))
                        result.ready_after(server.wait_until_ready())
                        time.sleep(0.5)
                    # A session whose client fell silent ends by itself before long; until then it holds its rows.
                    time.sleep(1.5)
                    server.wait_until_ready()
                    result.deeds[name] += 1
                    load.check(thorough=number == options.count)
                    result.progress(number, options.count, name)
            except StartFailed as failure:
                result.ledger.violate(str(failure))
            finally:
                load.end()
            result.ledger.check(
                server.is_running() and server.process.pid == process, "the server did not live through it")
            result.ledger.check(server.stop() == 0, "the server did not end by itself when it was told to")
    finally:
        proxy.close()
        postgres.close()
    return [result]


def cut(proxy, postgres, seconds):
    for _ in range(random.randrange(1, 4)):
        proxy.cut()
        time.sleep(random.uniform(0, 0.5))


def delay(proxy, postgres, seconds):
    proxy.delay = random.uniform(0.05, 0.6)
    time.sleep(seconds)
    proxy.delay = 0


def black_hole(proxy, postgres, seconds):
    proxy.black_hole = True
    time.sleep(seconds)
    proxy.black_hole = False
    # The old connections stay silent for ever; only the server's own patience, or this, ends them.
    if random.random() < 0.5:
        proxy.cut()


def half_close(proxy, postgres, seconds):
    proxy.half_close()


def restart(proxy, postgres, seconds):
    postgres.stop()
    time.sleep(random.uniform(0, seconds))
    postgres.start()


def crash(proxy, postgres, seconds):
    postgres.stop(signal.SIGQUIT)
    postgres.start()


def use_up(proxy, postgres, seconds):
    """Takes every connection that PostgreSQL has, and makes the server need new ones."""
    with contextlib.ExitStack() as held:
        for _ in range(3):
            proxy.cut()
            for _ in range(postgres.settings["max_connections"]):
                held.enter_context(session(postgres.port))
        time.sleep(seconds)


def session(port):
    """A connection that has said who it is, in PostgreSQL's own words, and asks for nothing."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    body = struct.pack("!I", 3 << 16) + b"user\0" + NAME.encode() + b"\0database\0" + NAME.encode() + b"\0\0"
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack("!I", len(body) + 4) + body)
        connection.recv(4096)
    return connection
