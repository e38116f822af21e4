"""Faults of the private PostgreSQL while the server goes on: it stalls, it crashes, sessions end."""

import random
import signal
import time

from load import Load
from report import Result
from server import StartFailed

HELP = "stall and kill PostgreSQL under load while the server runs on"
# How long a COMMIT that nobody waits for any more may still be carried out after a stall.
SETTLING = 1.5


def add_arguments(parser):
    parser.add_argument("--count", type=int, default=12, help="how many faults")
    parser.add_argument("--longest-stall", type=float, default=8, help="seconds")
    parser.add_argument("--workers", type=int, default=8)


def run(options, world):
    result = Result("faults of PostgreSQL")
    deeds = {
        "SIGSTOP of everything": lambda server: stall(server, options.longest_stall),
        "SIGKILL of the postmaster": kill_postmaster,
        "SIGKILL of everything": lambda server: server.kill_postgres(),
        "SIGKILL of a backend": lambda server: signal_one(server, signal.SIGKILL),
        "SIGTERM of every session": end_sessions,
        "fast shutdown": lambda server: server.signal_postgres(signal.SIGINT, [server.postmaster()]),
    }
    with world.server() as server:
        result.ready_after(server.start())
        process = server.process.pid
        load = Load(server, result.ledger, world.pictures, options.workers)
        try:
            for number in range(1, options.count + 1):
                # Each kind first, then by chance.
                names = list(deeds)
                name = names[number - 1] if number <= len(names) else random.choice(names)
                with load.working():
                    time.sleep(random.uniform(0.5, 2))
                    deeds[name](server)
                    result.ready_after(server.wait_until_ready())
                    time.sleep(0.3)
                time.sleep(SETTLING)
                result.deeds[name] += 1
                server.wait_until_ready()
                load.check(thorough=number == options.count)
                result.progress(number, options.count, name)
        except StartFailed as failure:
            result.ledger.violate(str(failure))
        finally:
            load.end()
        result.ledger.check(server.is_running() and server.process.pid == process, "the server did not live through it")
        result.ledger.check(server.stop() == 0, "the server did not end by itself when it was told to")
    return [result]


def stall(server, longest):
    server.stall_postgres()
    time.sleep(random.uniform(1, longest))
    server.resume_postgres()


def kill_postmaster(server):
    server.signal_postgres(signal.SIGKILL, [server.postmaster()])


def sessions(server):
    """The processes that serve connections: those of the background have names of their own."""
    found = []
    for process in server.postgres_processes():
        try:
            title = open(f"/proc/{process}/cmdline").read()
        except OSError:
            continue
        if "[local]" in title:
            found.append(process)
    return found


def signal_one(server, number):
    if processes := sessions(server):
        server.signal_postgres(number, [random.choice(processes)])


def end_sessions(server):
    server.signal_postgres(signal.SIGTERM, sessions(server))
