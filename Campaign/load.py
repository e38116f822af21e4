"""Workers who change things all the time and note what was acknowledged; and the check of all that was noted."""

import contextlib
import random
import threading
import time

from client import NoAnswer, NotReached
from dialects import DIALECTS, Busy, IntellectPersons, Odd


class Worker:
    def __init__(self, server, ledger, pictures, number, gate):
        self.chance = random.Random(f"{number} {time.time_ns()}")
        self.connection = server.client(timeout=90)
        name = f"w{number}x"
        self.dialects = [
            dialect(ledger, pictures, self.connection, name, self.chance) for dialect in DIALECTS]
        self.ledger = ledger
        self.gate = gate
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while self.gate.enter():
            try:
                self.chance.choices(self.dialects, (6, 2, 1, 3))[0].act()
                pause = 0
            except NotReached:
                pause = 0.05
            except (NoAnswer, Busy):
                pause = 0.02
            except Odd as error:
                self.ledger.violate(f"an answer that should not be: {error}")
                pause = 0.2
            except Exception as error:
                self.ledger.violate(f"the campaign itself failed: {error!r}")
                pause = 1
            finally:
                self.gate.leave()
            time.sleep(pause)


class Gate:
    """Lets workers work, or holds all of them between two requests."""

    def __init__(self):
        self.condition = threading.Condition()
        self.is_open = False
        self.is_ended = False
        self.inside = 0

    def enter(self):
        with self.condition:
            self.condition.wait_for(lambda: self.is_open or self.is_ended)
            if self.is_ended:
                return False
            self.inside += 1
            return True

    def leave(self):
        with self.condition:
            self.inside -= 1
            self.condition.notify_all()

    def open(self):
        with self.condition:
            self.is_open = True
            self.condition.notify_all()

    def shut(self):
        """Returns when nobody is inside any more."""
        with self.condition:
            self.is_open = False
            self.condition.wait_for(lambda: self.inside == 0)

    def end(self):
        with self.condition:
            self.is_ended = True
            self.condition.notify_all()


class Load:
    """Workers on threads; `working` lets them work for the length of a block."""

    def __init__(self, server, ledger, pictures, workers=8):
        self.server = server
        self.ledger = ledger
        self.gate = Gate()
        self.workers = [Worker(server, ledger, pictures, number, self.gate) for number in range(workers)]
        for worker in self.workers:
            worker.thread.start()

    @contextlib.contextmanager
    def working(self):
        self.gate.open()
        try:
            yield
        finally:
            self.gate.shut()

    def end(self):
        self.gate.end()
        for worker in self.workers:
            worker.thread.join()

    def check(self, thorough=False):
        """Reads everything again and judges it; nobody works meanwhile."""
        connection = self.server.client(timeout=120)
        try:
            for dialect in DIALECTS:
                dialect.read(self.ledger, connection, thorough)
            IntellectPersons.search(self.ledger, connection)
        except (Odd, NoAnswer) as error:
            self.ledger.violate(f"it cannot be read what is there: {error}")
        finally:
            connection.close()
