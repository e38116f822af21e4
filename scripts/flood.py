#!/usr/bin/env python3
"""Floods a server of its own with what hostile clients send, and watches an honest one meanwhile.

Many bodies of 30 MB, more connections than there are places, clients that send a byte per second, clients that never
read their answers or their WebSocket. Fails when the server takes more memory than its limits add up to and a fifth
more, when an honest client waits longer than two seconds (the 99th percentile), or when one of its requests is refused.
"""

import argparse
import asyncio
import base64
import json
import multiprocessing
import pathlib
import resource
import sys
import time

import own_server

sys.path.insert(0, str(own_server.ROOT / "Benchmarks"))
import load  # noqa: E402

PHOTO = own_server.ROOT / ".deps/photos/face_recognition/obama2.jpg"
MEBIBYTE = 1 << 20
#: What a connection costs at most: the pieces of a request that nobody has asked for yet (docs/security.md).
CONNECTION = 192 << 10
#: What a WebSocket costs at most that its client does not read.
WEB_SOCKET = 1 << 20


def padded(jpeg, size):
    """The picture with comments in it, so that the file has about this size."""
    comment = b"\xff\xfe\xff\xff" + b"a" * 65533
    return jpeg[:2] + comment * max(0, (size - len(jpeg)) // len(comment)) + jpeg[2:]


def find_faces(jpeg):
    fields = json.dumps({"server_id": "1", "findPersons": 1}).encode()[:-1]
    return fields + b', "image": "' + base64.b64encode(jpeg) + b'"}'


async def connect(port):
    return await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)


async def answer(reader, counts):
    """Reads the status of an answer and counts it; a connection that ends counts as 0."""
    status = 0
    try:
        line = await asyncio.wait_for(reader.readline(), 60)
        status = int(line.split()[1]) if line else 0
    except (OSError, ValueError, asyncio.TimeoutError):
        pass
    counts[status] = counts.get(status, 0) + 1


async def large_bodies(port, body, is_held, counts):
    """Sends a body again and again, or all of it but the last byte, and then waits."""
    while True:
        try:
            reader, writer = await connect(port)
            writer.write(load.head("/firserver/FindFaces", len(body)))
            reply = asyncio.ensure_future(answer(reader, counts))
            for start in range(0, len(body) - (1 if is_held else 0), 1 << 18):
                writer.write(body[start:min(start + (1 << 18), len(body) - (1 if is_held else 0))])
                await writer.drain()
                if reply.done():
                    break
            await reply
            writer.close()
        except OSError:
            counts[0] = counts.get(0, 0) + 1
        await asyncio.sleep(1)


async def idle_connection(port, counts):
    while True:
        try:
            reader, writer = await connect(port)
            counts["opened"] = counts.get("opened", 0) + 1
            await reader.read(1 << 16)
            writer.close()
        except OSError:
            pass
        await asyncio.sleep(2)


async def slow_body(port, counts):
    while True:
        try:
            reader, writer = await connect(port)
            writer.write(load.head("/firserver/FindFaces", 1 << 20))
            reply = asyncio.ensure_future(answer(reader, counts))
            while not reply.done():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(1)
            writer.close()
        except OSError:
            counts[0] = counts.get(0, 0) + 1
        await asyncio.sleep(1)


async def never_reads(port, request):
    """Asks and does not read the answer, until the connection ends."""
    while True:
        try:
            reader, writer = await connect(port)
            # With this limit the reader takes no more than its first pieces from the socket.
            writer.write(request)
            await writer.drain()
            await writer.wait_closed() if writer.is_closing() else await asyncio.sleep(90)
            writer.close()
        except OSError:
            await asyncio.sleep(1)
        await asyncio.sleep(1)


def attack(port, arguments, image_id, results):
    """Everything hostile, in a process of its own."""
    body = memoryview(find_faces(padded(PHOTO.read_bytes(), int(arguments.megabytes * MEBIBYTE * 0.74))))
    counts = {"bodies": {}, "connections": {}, "slow": {}}
    web_socket = (
        "GET /web2/secure/ws/events HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ).encode()
    image = f"GET /firserver/GetImage/1/{image_id} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    async def run():
        tasks = [
            *(large_bodies(port, body, number % 2 == 0, counts["bodies"]) for number in range(arguments.bodies)),
            *(idle_connection(port, counts["connections"]) for _ in range(arguments.connections)),
            *(slow_body(port, counts["slow"]) for _ in range(arguments.slow)),
            *(never_reads(port, web_socket) for _ in range(arguments.readers)),
            *(never_reads(port, image) for _ in range(arguments.readers)),
        ]
        try:
            await asyncio.wait_for(asyncio.gather(*tasks), arguments.seconds)
        except asyncio.TimeoutError:
            pass

    asyncio.run(run())
    results.put(counts)


def resident(process):
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


class Honest:
    """A client that looks for a face, waits a moment, and looks for the next."""

    def __init__(self, port):
        self.port = port
        self.call = load.PictureCall("/firserver/FindFaces", {"server_id": "1", "findPersons": 1}, PHOTO.read_bytes())
        self.connection = None
        self.samples = []
        self.failures = []

    def ask(self):
        start = time.perf_counter()
        # A server may close a connection between two requests, as every client knows.
        for attempt in range(2):
            try:
                self.connection = self.connection or load.Connection(self.port)
                status, body = self.connection.exchange(self.call.parts(next(load.fresh)))
                break
            except (OSError, load.WrongAnswer) as error:
                self.connection = None
                status, body = 0, repr(error).encode()
        self.samples.append(time.perf_counter() - start)
        if status != 200 or b'"FaceList":[{' not in body:
            self.failures.append(f"{status} {body[:200]!r}")
            self.connection = None


def enrol(port, megabytes):
    """Adds a person with a large photo and returns the photo's id."""
    jpeg = padded(PHOTO.read_bytes(), megabytes * MEBIBYTE)
    body = json.dumps({
        "surname": "Flood", "department": "", "image": base64.b64encode(jpeg).decode()}).encode()
    connection = load.Connection(port)
    status, answer = connection.exchange([load.head("/firserver/CreatePerson", len(body)), body])
    connection.close()
    if status != 200 or json.loads(answer)["Status"] != "SUCCESS":
        raise SystemExit(f"the person was not added: {answer[:300]!r}")
    return json.loads(answer)["Result"]


def measure(arguments, port, process):
    image_id = enrol(port, 20)
    honest = Honest(port)
    for _ in range(20):
        honest.ask()
    alone, honest.samples = sorted(honest.samples), []
    base = resident(process)
    limits = (
        arguments.bodies_mb + arguments.answers_mb + arguments.image_mb) * MEBIBYTE \
        + arguments.places * CONNECTION + arguments.web_sockets * WEB_SOCKET
    results = multiprocessing.Queue()
    attackers = multiprocessing.Process(target=attack, args=(port, arguments, image_id, results), daemon=True)
    attackers.start()
    peak, end = base, time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        honest.ask()
        peak = max(peak, resident(process))
        time.sleep(arguments.pause)
    counts = results.get(timeout=60)
    attackers.join()
    samples = sorted(honest.samples)
    report = {
        "honest requests": len(samples), "refused or failed": len(honest.failures),
        "alone median ms": round(alone[len(alone) // 2] * 1000), "median ms": round(samples[len(samples) // 2] * 1000),
        "p99 ms": round(samples[int(0.99 * (len(samples) - 1))] * 1000), "resident before MiB": base // MEBIBYTE,
        "resident at most MiB": peak // MEBIBYTE, "limits MiB": (base + limits) // MEBIBYTE, "attackers": counts,
    }
    print(json.dumps(report, indent=1))
    problems = [f"honest: {failure}" for failure in honest.failures[:5]]
    if samples[int(0.99 * (len(samples) - 1))] > arguments.longest:
        problems.append("honest clients waited too long")
    if peak > 1.2 * (base + limits):
        problems.append("the server took more memory than its limits allow")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=own_server.ROOT / ".build/release/firserver")
    parser.add_argument("--models", default=own_server.ROOT / ".deps/models")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--bodies", type=int, default=300, help="clients that send large bodies, half of them never ending")
    parser.add_argument("--megabytes", type=float, default=30, help="how large they are")
    parser.add_argument("--connections", type=int, default=2000, help="clients that hold connections open")
    parser.add_argument("--slow", type=int, default=300, help="clients that send a byte per second")
    parser.add_argument("--readers", type=int, default=50, help="clients that never read, of a WebSocket and of a picture")
    parser.add_argument("--pause", type=float, default=0.2, help="between two honest requests, in seconds")
    parser.add_argument("--longest", type=float, default=2, help="the honest client's 99th percentile, in seconds")
    parser.add_argument("--bodies-mb", type=int, default=512)
    parser.add_argument("--answers-mb", type=int, default=256)
    parser.add_argument("--image-mb", type=int, default=1024)
    parser.add_argument("--places", type=int, default=1024)
    parser.add_argument("--web-sockets", type=int, default=128)
    parser.add_argument("setting", nargs="*", help="further settings of the server")
    arguments = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    settings = [
        "--analysis-cache", "0", "--log-level", "warning", "--http-bodies-mb", str(arguments.bodies_mb),
        "--http-answers-mb", str(arguments.answers_mb), "--image-memory-mb", str(arguments.image_mb),
        "--http-connections", str(arguments.places), "--http-web-sockets", str(arguments.web_sockets),
        *arguments.setting,
    ]
    with own_server.running(arguments.program, arguments.models, *settings) as (address, log, process):
        problems = measure(arguments, int(address.rpartition(":")[2]), process)
        if problems:
            print(log.read_text(errors="replace")[-2000:], file=sys.stderr)
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
