#!/usr/bin/env python3
"""Does to the server what the world does, and checks that nothing that was acknowledged is lost.

    make campaign                                   every part, about half an hour
    make campaign ARGS='kills --count 50'           one part
    make campaign ARGS='kills --help'               its arguments

Prints one table at the end. The exit status is 1 when anything was lost, came back, did not start by itself, or was
answered as it should not be. docs/reliability.md tells what is promised.
"""

import argparse
import contextlib
import pathlib
import sys

import database
import disk
import floods
import kills
import proxy
import random_requests
import report
import soak
from pictures import Pictures
from server import ROOT, Server

PARTS = {
    "kills": kills, "database": database, "disk": disk, "proxy": proxy, "floods": floods, "random": random_requests,
    "soak": soak,
}


class World:
    """What all parts need."""

    def __init__(self, options):
        self.program = options.program
        self.models = options.models
        self.pictures = Pictures(options.photos, options.models)

    @contextlib.contextmanager
    def server(self, *settings, folder=None, environment=None):
        server = Server(self.program, self.models, *settings, folder=folder, environment=environment)
        try:
            yield server
        finally:
            server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/firserver")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / ".deps/models")
    parser.add_argument("--photos", type=pathlib.Path, default=ROOT / ".deps/photos")
    commands = parser.add_subparsers(dest="part", metavar="PART")
    for name, part in PARTS.items():
        part.add_arguments(commands.add_parser(name, help=part.HELP))
    options = parser.parse_args()
    world = World(options)
    results = []
    for name in [options.part] if options.part else PARTS:
        chosen = options if options.part else parser.parse_args([*sys.argv[1:], name])
        results += PARTS[name].run(chosen, world)
    report.print_table(results)
    sys.exit(any(result.ledger.violations for result in results))


if __name__ == "__main__":
    main()
