"""A server of one's own for a check: fresh, on a free port, with a private database that goes away with it."""

import contextlib
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEY = "check"
READ_ONLY_KEY = "check-read-only"
LONGEST_START = 60


class StartFailed(Exception):
    """The server ended, or was not ready in time."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_ready(address):
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def running(program, models, *settings):
    """Runs a server and gives its address, the file with its log and its process id; afterwards it is told to stop."""
    with tempfile.TemporaryDirectory(prefix="firserver-check-") as folder:
        # The private database is run by another user when the server is root.
        pathlib.Path(folder).chmod(0o755)
        address = f"http://127.0.0.1:{free_port()}"
        log = pathlib.Path(folder, "log")
        command = [
            str(program), "serve", "--http-port", address.rpartition(":")[2],
            "--data-directory", f"{folder}/data", "--models-directory", str(models),
            "--migrations-directory", str(ROOT / "migrations"),
            "--opencv-keys", f"check:{KEY} reader:{READ_ONLY_KEY}:read-only", *settings,
        ]
        with log.open("wb") as output:
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + LONGEST_START
            while not is_ready(address):
                if server.poll() is not None or time.monotonic() > end:
                    raise StartFailed(f"{program} did not start:\n{log.read_text(errors='replace')[-4000:]}")
                time.sleep(0.1)
            yield address, log, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
