"""A PostgreSQL of the campaign's own, reached by TCP as somebody else's would be."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

from server import free_port

NAME = "campaign"


class Postgres:
    def __init__(self, connections=40):
        versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not versions:
            raise SystemExit("PostgreSQL's programs are not installed; scripts/setup brings them")
        self.programs = versions[-1]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="firserver-postgres-"))
        self.port = free_port()
        self.user = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self.process = None
        self.settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
            "max_connections": connections, "shared_buffers": "64MB"}
        self.run(
            "initdb", "--auth=trust", f"--username={NAME}", "--encoding=UTF8", "--locale=C",
            f"--pgdata={self.folder}/data")
        self.start()
        self.run("createdb", "--host=127.0.0.1", f"--port={self.port}", f"--username={NAME}", NAME)

    def run(self, program, *arguments):
        done = subprocess.run(
            [self.programs / program, *arguments], capture_output=True, text=True, cwd="/", check=False, **self.user)
        if done.returncode:
            raise SystemExit(f"{program} failed: {done.stderr}")
        return done.stdout

    def start(self):
        settings = [f"-c{name}={value}" for name, value in self.settings.items()]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", f"{self.folder}/data", *settings], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self.user)
        end = time.monotonic() + 60
        while subprocess.run(
            [self.programs / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={self.port}"], check=False
        ).returncode:
            if time.monotonic() > end:
                raise SystemExit("the campaign's PostgreSQL does not start")
            time.sleep(0.1)

    def stop(self, how=signal.SIGINT):
        """SIGINT is a fast shutdown, SIGQUIT an immediate one."""
        self.process.send_signal(how)
        self.process.wait(60)

    def address(self, port=None):
        return f"postgresql://{NAME}@127.0.0.1:{port or self.port}/{NAME}"

    def close(self):
        if self.process and self.process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
