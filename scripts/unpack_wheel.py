#!/usr/bin/env python3
"""Unpack chosen files of a wheel.

    unpack_wheel.py WHEEL FOLDER PATTERN...

The patterns are shell patterns over the paths inside the wheel; a pattern that fits nothing is an error, because then
the wheel is not what the caller believes. The first folder of each path (`openvino/libs/x` -> `libs/x`) is dropped.
"""

import fnmatch
import pathlib
import sys
import zipfile


def unpack(wheel, folder, patterns):
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        for pattern in patterns:
            fitting = fnmatch.filter(names, pattern)
            if not fitting:
                sys.exit(f"{wheel} has nothing like {pattern}")
            for name in fitting:
                target = pathlib.Path(folder, *pathlib.PurePosixPath(name).parts[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    unpack(sys.argv[1], sys.argv[2], sys.argv[3:])
