"""The server under test, its private PostgreSQL, and what can be done to both."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from client import Client, NoAnswer

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEY = "campaign"
TOKEN = "2b0d7f2a-5b1e-11f0-8a39-0242ac120002"
LONGEST_START = 90


class StartFailed(Exception):
    """The server ended by itself, or was not ready in time."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A `firserver` process, again and again on one port and one data directory."""

    def __init__(self, program, models, *settings, folder=None, environment=None):
        self.program = pathlib.Path(program)
        self.models = models
        self.settings = settings
        self.environment = environment or {}
        self.owns_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="firserver-campaign-"))
        # The private database is run by another user when the server is root.
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.port = free_port()
        self.process = None
        self.log = None

    # ---- Life

    def launch(self):
        """Starts the process and does not wait for anything."""
        # Not in the folder, which may be on a full disk.
        self.log = self.log or tempfile.NamedTemporaryFile(prefix="firserver-campaign-", suffix=".log", delete=False)
        command = [
            str(self.program), "serve", "--http-port", str(self.port), "--data-directory", str(self.data),
            "--models-directory", str(self.models), "--migrations-directory", str(ROOT / "migrations"),
            "--opencv-keys", f"campaign:{KEY}", "--enface-token", TOKEN, "--log-level", "warning", *self.settings,
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
            env={**os.environ, **self.environment})

    def start(self):
        """Starts the process and waits until it is ready.

        Returns how many seconds that took.
        """
        begin = time.monotonic()
        self.launch()
        self.wait_until_ready()
        return time.monotonic() - begin

    def wait_until_ready(self, limit=LONGEST_START):
        """Returns how many seconds passed until the server said that it is ready."""
        begin = time.monotonic()
        while not self.is_ready():
            if not self.is_running():
                raise StartFailed(f"the server ended with status {self.process.returncode}:\n{self.log_end()}")
            if time.monotonic() > begin + limit:
                raise StartFailed(f"the server was not ready after {limit} s:\n{self.log_end()}")
            time.sleep(0.05)
        return time.monotonic() - begin

    def is_ready(self):
        client = Client(self.port, timeout=10)
        try:
            return client.call("GET", "/readyz").status == 200
        except NoAnswer:
            return False
        finally:
            client.close()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """SIGKILL; the private PostgreSQL stays."""
        if self.is_running():
            self.process.kill()
        if self.process is not None:
            self.process.wait()

    def stop(self, limit=60):
        """SIGTERM. Returns the exit status, `None` when the server had to be killed."""
        if not self.is_running():
            return self.process.returncode if self.process else 0
        self.process.terminate()
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def close(self):
        """Ends everything and deletes the data."""
        self.resume_postgres()
        self.stop()
        self.kill_postgres()
        if self.log:
            pathlib.Path(self.log.name).unlink(missing_ok=True)
        if self.owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def log_end(self, length=3000):
        return pathlib.Path(self.log.name).read_text(errors="replace")[-length:]

    def client(self, timeout=60):
        return Client(self.port, timeout)

    # ---- Memory

    def memory(self):
        """The resident memory of the process in MB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise StartFailed("the process is gone")

    # ---- PostgreSQL

    def postgres_processes(self):
        """Every process that works in the private PostgreSQL's folders, the postmaster first."""
        main = self.postmaster()
        home = str(self.data.resolve()) + "/postgres"
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if os.readlink(entry / "cwd").startswith(home):
                    found.append(int(entry.name))
            except OSError:
                continue
        return sorted(found, key=lambda process: (process != main, process))

    def postmaster(self):
        """The process that the private PostgreSQL's file names; `None` when there is none."""
        try:
            return int((self.data / "postgres/postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def signal_postgres(self, number, processes=None):
        for process in self.postgres_processes() if processes is None else processes:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue

    def kill_postgres(self):
        self.signal_postgres(signal.SIGKILL)

    def stall_postgres(self):
        self.signal_postgres(signal.SIGSTOP)

    def resume_postgres(self):
        self.signal_postgres(signal.SIGCONT)
