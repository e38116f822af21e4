#!/usr/bin/env python3
"""Call the server with the vendor's Python SDK of OpenCV Face Recognition.

    check_opencv_sdk.py [--program .build/release/firserver] [--models FOLDER] [--photos FOLDER]

The SDK (PyPI: opencv-face-recognition) is used as it was published, the first and the newest version of it, each in an
environment of its own that `scripts/setup check` made. A fresh server with a database of its own is called below
/opencv and once more at the root; scripts/opencv_sdk_calls.py has the calls: every method of the SDK, with what it is
for and with what it must refuse. A line of the table is a call, a column a version with a base address; `-` means that
the version has no such method. The exit status is 1 on failure.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

import own_server

VERSIONS = ("1.0.2", "1.1.1")
BASES = {"/opencv": "/opencv", "/": ""}
LONGEST_RUN = 300
MARKS = {"passed": "ok", "failed": "FAILED", "absent": "-"}


def call(version, base, photos):
    """What became of each call of one version: a list of name, outcome and reason."""
    python = own_server.ROOT / f".deps/opencv-sdk-{version}/bin/python"
    if not python.exists():
        sys.exit(f"{python} is missing; run scripts/setup check")
    script = pathlib.Path(__file__).with_name("opencv_sdk_calls.py")
    keys = [own_server.KEY, own_server.READ_ONLY_KEY]
    run = subprocess.run(
        [python, script, base, *keys, photos], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        timeout=LONGEST_RUN,
    )
    if run.returncode:
        sys.exit(f"{script.name} failed with status {run.returncode}")
    return json.loads(run.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(own_server.ROOT / ".build/release/firserver"))
    parser.add_argument("--models", type=pathlib.Path, default=own_server.ROOT / ".deps/models")
    parser.add_argument("--photos", type=pathlib.Path, default=own_server.ROOT / ".deps/photos")
    options = parser.parse_args()

    start = time.monotonic()
    columns, outcomes, failures = [], {}, []
    with own_server.running(options.program, options.models) as (address, log, _):
        for version in VERSIONS:
            for title, path in BASES.items():
                column = f"{version} {title}"
                columns.append(column)
                for name, outcome, reason in call(version, address + path, options.photos):
                    outcomes.setdefault(name, {})[column] = MARKS[outcome]
                    if outcome == "failed":
                        failures.append(f"{column}: {name}: {reason}")
        if failures:
            print(f"The last lines of the server's log:\n{log.read_text(errors='replace')[-2000:]}", file=sys.stderr)

    print(f"{'':58}", *(f"{column:>13}" for column in columns))
    for name, marks in outcomes.items():
        print(f"{name:58}", *(f"{marks.get(column, ''):>13}" for column in columns))
    print()
    for failure in failures:
        print(f"FAILED {failure}")
    result = "failed" if failures else "passed"
    print(f"SDK check {result}: {len(outcomes)} calls by {len(columns)} in {time.monotonic() - start:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
