"""A full disk: the data directory lies on a small file system of its own, which something else fills."""

import contextlib
import os
import pathlib
import random
import subprocess
import tempfile
import time

from load import Load
from report import Result
from server import StartFailed

HELP = "fill the disk under load and free it again (needs root, for a tmpfs)"
LONGEST_RECOVERY = 90


def add_arguments(parser):
    parser.add_argument("--count", type=int, default=4, help="how often the disk gets full")
    parser.add_argument("--megabytes", type=int, default=600, help="size of the file system")
    parser.add_argument("--seconds", type=float, default=6, help="how long it stays full")
    parser.add_argument("--workers", type=int, default=8)


@contextlib.contextmanager
def small_disk(megabytes):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="firserver-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False)
    try:
        yield folder if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        folder.rmdir()


def fill(folder):
    """Writes until nothing more fits. Returns the file."""
    ballast = folder / "ballast"
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    return ballast


def run(options, world):
    result = Result("full disk")
    with small_disk(options.megabytes) as folder:
        if folder is None:
            result.notes.append("left out: a tmpfs cannot be mounted here")
            return [result]
        with world.server(folder=folder) as server:
            result.ready_after(server.start())
            load = Load(server, result.ledger, world.pictures, options.workers)
            try:
                for number in range(1, options.count + 1):
                    with load.working():
                        time.sleep(random.uniform(0.5, 2))
                        end = time.monotonic() + options.seconds * random.uniform(0.5, 1)
                        while time.monotonic() < end:
                            # What the server frees meanwhile is taken, too.
                            ballast = fill(folder)
                            time.sleep(0.2)
                        restarts = random.random() < 0.5
                        if restarts:
                            server.kill()
                            server.launch()
                            time.sleep(1)
                        os.truncate(ballast, 0)
                        if restarts and not server.is_running():
                            # Without room there is no start; with room there must be one.
                            server.launch()
                        result.ready_after(server.wait_until_ready(LONGEST_RECOVERY))
                        time.sleep(0.5)
                    deed = "disk full, server killed meanwhile" if restarts else "disk full"
                    result.deeds[deed] += 1
                    time.sleep(1.5)
                    server.wait_until_ready(LONGEST_RECOVERY)
                    load.check(thorough=number == options.count)
                    result.progress(number, options.count, deed)
            except StartFailed as failure:
                result.ledger.violate(str(failure))
            finally:
                load.end()
    return [result]
