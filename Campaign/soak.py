"""Everyday traffic for a long time: the memory that the server ends with is that which it had early on."""

import time

from report import Result
from traffic import Traffic

HELP = "mixed traffic over all dialects at a steady rate; tells the memory by minute"


def add_arguments(parser):
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=float, default=1600, help="requests a minute")
    parser.add_argument("--visitors", type=int, default=8)
    parser.add_argument("--settled-after", type=int, default=10, help="the minute whose memory is the measure")
    parser.add_argument("--most-growth", type=float, default=5, help="per cent")
    parser.add_argument("--without-emulator", action="store_true")


def run(options, world):
    emulator = not options.without_emulator
    result = Result("soak with the emulator" if emulator else "soak")
    settings = ["--emulator"] if emulator else []
    memory = []
    with world.server(*settings) as server:
        result.ready_after(server.start())
        with Traffic(server, world.pictures, options.rate, options.visitors, emulator) as traffic:
            begin = time.monotonic()
            for minute in range(1, options.minutes + 1):
                time.sleep(max(0, begin + 60 * minute - time.monotonic()))
                # The mean of some moments: a large picture that is just being decoded is no growth.
                moments = []
                for _ in range(5):
                    moments.append(server.memory())
                    time.sleep(0.2)
                memory.append(sorted(moments)[2])
                result.say(f"minute {minute}: {memory[-1]:.1f} MB, {traffic.answered} answers")
        result.deeds["minute"] = options.minutes
        result.notes.append(f"answers by status: {dict(sorted(traffic.statuses.items()))}, {traffic.lost} without one")
        result.notes.append("memory by minute, MB: " + " ".join(f"{number:.0f}" for number in memory))
        bad = sum(count for status, count in traffic.statuses.items() if status >= 500 and status != 503)
        result.ledger.check(bad == 0, f"{bad} answers with a status of 500 and beyond")
        result.ledger.check(traffic.lost == 0, f"{traffic.lost} requests had no answer")
        if options.minutes > options.settled_after:
            early, late = memory[options.settled_after - 1], memory[-1]
            growth = 100 * (late / early - 1)
            result.notes.append(
                f"minute {options.settled_after}: {early:.1f} MB, minute {options.minutes}: {late:.1f} MB, "
                f"{growth:+.1f} %")
            result.ledger.check(growth <= options.most_growth, f"the memory grew by {growth:.1f} %")
        result.ledger.check(server.stop() == 0, "the server did not end by itself when it was told to")
    return [result]
