"""What a part of the campaign found, and the table of all parts."""

import collections
import dataclasses
import sys

from ledger import Ledger


@dataclasses.dataclass
class Result:
    name: str
    ledger: Ledger = dataclasses.field(default_factory=Ledger)
    # What was done to the server, and how often.
    deeds: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    # The longest time from a fault's end, or a start, until the server was ready.
    longest_until_ready: float = 0
    # Further facts for the reader.
    notes: list = dataclasses.field(default_factory=list)

    def say(self, text):
        print(f"{self.name}: {text}", file=sys.stderr, flush=True)

    def ready_after(self, seconds):
        self.longest_until_ready = max(self.longest_until_ready, seconds)

    def progress(self, number, count, deed):
        ledger = self.ledger
        self.say(
            f"{number}/{count} {deed}: {ledger.acknowledged} acknowledged, {ledger.unanswered} without an answer, "
            f"{ledger.checks} checks, {len(ledger.violations)} violations")


COLUMNS = ("part", "deeds", "acknowledged", "unanswered", "checks", "violations", "longest until ready")


def print_table(results):
    rows = [COLUMNS] + [
        (result.name, str(sum(result.deeds.values())), str(result.ledger.acknowledged), str(result.ledger.unanswered),
         str(result.ledger.checks), str(len(result.ledger.violations)), f"{result.longest_until_ready:.1f} s")
        for result in results]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells))
    for result in results:
        for deed, count in sorted(result.deeds.items()):
            print(f"{result.name}: {count} × {deed}")
        for note in result.notes:
            print(f"{result.name}: {note}")
        if result.ledger.counted_unanswered:
            count = result.ledger.counted_unanswered
            print(f"{result.name}: {count} recognitions were counted whose client got a failure or no answer")
        for violation in result.ledger.violations[:40]:
            print(f"{result.name}: VIOLATION: {violation}")
