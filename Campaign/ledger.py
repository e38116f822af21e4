"""What the server acknowledged, and so what must be there, and what may be.

Every thing has the states in which it may be found: after an acknowledged change exactly one, after a change without
an answer the old ones or the new one. `None` is "not there". A recognition count has a lowest and a highest value: what
was acknowledged, and what was asked for.
"""

import contextlib
import threading

from client import NoAnswer, NotReached


class Entry:
    def __init__(self):
        self.states = {None}
        # A vector by which the thing is found, if it has one of its own.
        self.vector = None
        self.lowest_count = 0
        self.highest_count = 0
        # Whether anything was asked of it since the last check.
        self.is_fresh = True

    @property
    def state(self):
        """The one state in which the thing is; `ValueError` when that is not known."""
        (state,) = self.states
        return state

    @property
    def is_certain(self):
        return len(self.states) == 1


class Change:
    """One request for a change, until its answer is known."""

    def __init__(self, ledger, entry, state):
        self.ledger = ledger
        self.entry = entry
        self.state = state
        self.is_settled = False

    def acknowledge(self):
        self.is_settled = True
        with self.ledger.lock:
            self.entry.states = {self.state}
            self.ledger.acknowledged += 1

    def refuse(self):
        """An answer says that nothing was done, and why that is certain."""
        self.is_settled = True


class Recognition:
    """One request that counts as a recognition, until its answer is known."""

    def __init__(self, ledger, entry):
        self.ledger = ledger
        self.entry = entry
        self.is_settled = False

    def acknowledge(self):
        self.is_settled = True
        with self.ledger.lock:
            self.entry.lowest_count += 1
            self.ledger.acknowledged += 1


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.entries = {}
        self.acknowledged = 0
        self.unanswered = 0
        self.checks = 0
        # Recognitions that were counted though the client has no answer that says so.
        self.counted_unanswered = 0
        # Sentences about what must not be.
        self.violations = []

    def entry(self, kind, key):
        with self.lock:
            return self.entries.setdefault((kind, key), Entry())

    def of(self, kind):
        with self.lock:
            return {key: entry for (owner, key), entry in self.entries.items() if owner == kind}

    @contextlib.contextmanager
    def change(self, kind, key, state):
        """Around a request that is to bring a thing into a state; without `acknowledge` it may have done so or not."""
        entry = self.entry(kind, key)
        change = Change(self, entry, state)
        entry.is_fresh = True
        try:
            yield change
        except NotReached:
            change.refuse()
            raise
        finally:
            if not change.is_settled:
                with self.lock:
                    entry.states = entry.states | {state}
                    self.unanswered += 1

    @contextlib.contextmanager
    def count(self, kind, key):
        """Around a request that counts as a recognition."""
        entry = self.entry(kind, key)
        entry.is_fresh = True
        with self.lock:
            entry.highest_count += 1
        change = Recognition(self, entry)
        try:
            yield change
        except NotReached:
            change.is_settled = True
            with self.lock:
                entry.highest_count -= 1
            raise
        finally:
            if not change.is_settled:
                with self.lock:
                    self.unanswered += 1

    # ---- Judging

    def violate(self, text):
        with self.lock:
            self.violations.append(text)

    def check(self, truth, text):
        with self.lock:
            self.checks += 1
            if not truth:
                self.violations.append(text)
        return truth

    def find(self, kind, key, state, count=None):
        """Judges what was read of a thing, and takes it as known from now on."""
        entry = self.entry(kind, key)
        self.check(
            state in entry.states,
            f"{kind} {key} is {shown(state)}, and may be {', '.join(sorted(shown(each) for each in entry.states))}")
        with self.lock:
            entry.states = {state}
            entry.is_fresh = False
        if count is None or state is None:
            return
        self.check(
            entry.lowest_count <= count <= entry.highest_count,
            f"{kind} {key} was counted {count} times, which was acknowledged {entry.lowest_count} and asked for "
            f"{entry.highest_count} times")
        with self.lock:
            self.counted_unanswered += count - entry.lowest_count
            entry.lowest_count = entry.highest_count = count


def shown(state):
    return "not there" if state is None else repr(state)
