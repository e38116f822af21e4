#!/usr/bin/env python3
"""Compare what the program sees on this processor with what it sees on lesser ones.

    check_processors.py --limiter .build/limit_processor.so [--program .build/release/firserver] [--photos FOLDER]

scripts/limit_processor.c hides instructions from a process, so that every library in it chooses as it would on a
processor without them. The faces of all photos must be the same at the same places, and the cosine of every two faces
the same within BOUND: 32-bit floats are added in another order. The exit status is 1 on failure. A machine that cannot hide
instructions (no flag cpuid_fault) tests nothing and says so.
"""

import argparse
import itertools
import json
import math
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMITS = {
    "avx512": "AVX-512 without VNNI and bfloat16 (Skylake)",
    "avx2": "AVX2 without AVX-512 (Haswell, Zen 3)",
    "sse4": "SSE 4.2 without AVX (Nehalem)",
}
CANNOT_LIMIT = 77
#: What docs/performance.md promises of cosines; a similarity then differs by at most BOUND * steepness / 4.
BOUND = 1e-5
#: The detector's places, in pixels of the photo.
PLACES = 0.01


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    prefixes = ("sse4_2", "avx", "fma", "f16c", "amx")
    flags = [flag for flag in facts.get("flags", "").split() if flag.startswith(prefixes)]
    return facts.get("model name", "unknown"), flags


def faces(program, models, photos, environment):
    """All faces of the photos, or None where instructions cannot be hidden."""
    command = [program, "embed", "--models-directory", str(models), *map(str, photos)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    if run.returncode == CANNOT_LIMIT:
        return None
    if run.returncode:
        sys.exit(f"{program} embed failed with status {run.returncode} under {environment}")
    return [face for line in map(json.loads, run.stdout.splitlines()) for face in line["faces"]]


def cosines(found):
    for one, other in itertools.combinations(found, 2):
        yield math.fsum(a * b for a, b in zip(one["embedding"], other["embedding"]))


def places(face):
    return [*face["box"], *itertools.chain(*face["landmarks"])]


def compare(found, expected):
    """The largest differences of places and of cosines."""
    moved = max(abs(a - b) for one, other in zip(found, expected) for a, b in zip(places(one), places(other)))
    return moved, max(abs(a - b) for a, b in zip(cosines(found), cosines(expected)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limiter", type=pathlib.Path, required=True)
    parser.add_argument("--program", default=str(ROOT / ".build/release/firserver"))
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / ".deps/models")
    parser.add_argument("--photos", type=pathlib.Path, default=ROOT / ".deps/photos")
    options = parser.parse_args()

    name, flags = processor()
    print(f"processor: {name}: {' '.join(flags)}")
    photos = sorted(path for path in options.photos.rglob("*") if path.suffix in (".jpg", ".png"))
    expected = faces(options.program, options.models, photos, {})
    failed = not expected
    for limit, meaning in LIMITS.items():
        environment = {"LD_PRELOAD": str(options.limiter.resolve()), "FIRSERVER_PROCESSOR": limit}
        found = faces(options.program, options.models, photos, environment)
        if found is None:
            print("this machine cannot hide instructions from a process: not compared with lesser processors")
            break
        if len(found) != len(expected):
            print(f"FAILED {meaning}: {len(found)} faces instead of {len(expected)}")
            failed = True
            continue
        moved, difference = compare(found, expected)
        print(f"{meaning}: {len(found)} faces, moved by {moved:.4f} px at most, cosines differ by {difference:.1e} at most")
        failed |= moved > PLACES or difference > BOUND
    print("processor check failed" if failed else "processor check passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
