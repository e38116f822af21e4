"""SIGKILL at any moment: under load, in the middle of a start, in the middle of the very first start."""

import random
import time

from load import Load
from report import Result
from server import Server, StartFailed

TARGETS = ("server", "PostgreSQL", "server and PostgreSQL", "server, again while it starts",
           "server, both while it starts")
HELP = "kill server and PostgreSQL under load, check that nothing acknowledged is lost"


def add_arguments(parser):
    parser.add_argument("--count", type=int, default=30, help="how many kills under load")
    parser.add_argument("--first-starts", type=int, default=0, help="how many kills of a very first start before")
    parser.add_argument("--workers", type=int, default=8)


def run(options, world):
    results = []
    if options.first_starts:
        results.append(first_starts(options.first_starts, world))
    if options.count:
        results.append(under_load(options, world))
    return results


def under_load(options, world):
    result = Result("kills under load")
    with world.server() as server:
        result.ready_after(server.start())
        load = Load(server, result.ledger, world.pictures, options.workers)
        try:
            for number in range(1, options.count + 1):
                target = random.choice(TARGETS)
                with load.working():
                    time.sleep(random.uniform(0.2, 2.5))
                    kill(server, target)
                    result.ready_after(server.wait_until_ready())
                result.deeds[f"SIGKILL: {target}"] += 1
                load.check(thorough=number == options.count)
                result.progress(number, options.count, target)
        except StartFailed as failure:
            result.ledger.violate(str(failure))
        finally:
            load.end()
        result.ledger.check(server.stop() == 0, "the server did not end by itself when it was told to")
    return result


def kill(server, target):
    if target == "PostgreSQL":
        return server.kill_postgres()
    if target == "server and PostgreSQL" and random.random() < 0.5:
        server.kill_postgres()
    server.kill()
    if target == "server and PostgreSQL":
        server.kill_postgres()
    server.launch()
    if target.endswith("while it starts"):
        time.sleep(random.uniform(0, 1.5))
        server.kill()
        if "both" in target:
            server.kill_postgres()
        server.launch()


def first_starts(count, world):
    """Kills a server that makes its database, and starts it again: that start must come to its end by itself."""
    result = Result("kills of a first start")
    with world.server() as server:
        whole = server.start()
        server.stop()
    for number in range(1, count + 1):
        with world.server() as server:
            kills = random.choice((1, 1, 1, 2, 3))
            for _ in range(kills):
                server.launch()
                time.sleep(random.uniform(0, whole))
                server.kill()
                if random.random() < 0.25:
                    server.kill_postgres()
                    result.deeds["SIGKILL: server and what it had started"] += 1
                else:
                    result.deeds["SIGKILL: server"] += 1
            try:
                result.ready_after(server.start())
                result.ledger.check(True, "")
            except StartFailed as failure:
                result.ledger.violate(f"the start after {kills} kills failed: {failure}")
                continue
            load = Load(server, result.ledger, world.pictures, 2)
            with load.working():
                time.sleep(0.5)
            load.end()
            load.check(thorough=True)
            leftovers = [path.name for path in server.data.glob("postgres.new*")]
            result.ledger.check(len(leftovers) <= kills, f"what kills leave piles up: {leftovers}")
            # The next one begins with nothing.
            result.ledger.entries.clear()
        result.progress(number, count, f"{kills} kills")
    return result
