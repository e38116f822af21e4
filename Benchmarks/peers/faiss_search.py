#!/usr/bin/env python3
"""FAISS's exact search (IndexFlatIP) on one thread, as JSON on standard output.

    faiss_search.py [--rows 10000,100000,1000000] [--probes 1,64] [--runs 5]
    faiss_search.py --gallery gallery.f32 --probe-file probes.f32 --top 10

Vectors are rows of 128 little-endian 32-bit floats, of length 1. Without files they are made from a fixed seed;
`--write FOLDER` puts those into files of that folder. Each time is the median of the runs after one to warm up.

Every case is timed twice. "default" is FAISS as it comes. "blas" sets faiss.cvar.distance_compute_blas_threshold to 1,
which has it multiply matrices however few the probes are: the default of this version does not for 64 probes, and is
several times slower for that. Who compares only with "default" compares with a setting, not with FAISS.

With `--top K` the answer also has ids (row numbers) and scores of the K best rows for each probe, best first, over the
largest number of rows.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import faiss  # noqa: E402  (reads the variables above)
import numpy  # noqa: E402

DIMENSION = 128


def unit_vectors(count, seed):
    vectors = numpy.random.default_rng(seed).standard_normal((count, DIMENSION), dtype=numpy.float32)
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def read_vectors(path):
    values = numpy.fromfile(path, "<f4")
    if values.size == 0 or values.size % DIMENSION:
        sys.exit(f"{path}: {values.size} floats are no rows of {DIMENSION}")
    return values.reshape(-1, DIMENSION)


def median_milliseconds(runs, body):
    body()
    samples = []
    for _ in range(runs):
        start = time.perf_counter()
        body()
        samples.append((time.perf_counter() - start) * 1000)
    return statistics.median(samples)


def numbers(text):
    return [int(part) for part in text.split(",") if part]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=numbers, help="sizes of the gallery to time, separated by commas")
    parser.add_argument("--probes", type=numbers, default=[1, 64], help="numbers of probes to time")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--top", type=int, default=0, help="also print the best rows of each probe")
    parser.add_argument("--gallery", type=pathlib.Path)
    parser.add_argument("--probe-file", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path, help="a folder for gallery.f32 and probes.f32")
    options = parser.parse_args()

    faiss.omp_set_num_threads(1)
    gallery = read_vectors(options.gallery) if options.gallery else None
    sizes = options.rows or ([len(gallery)] if gallery is not None else [10_000, 100_000, 1_000_000])
    if gallery is None:
        gallery = unit_vectors(max(sizes), seed=42)
    if max(sizes) > len(gallery):
        sys.exit(f"the gallery has {len(gallery)} rows only")
    if options.probe_file:
        probes = read_vectors(options.probe_file)
    else:
        probes = unit_vectors(max(options.probes, default=1), seed=7)
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        gallery.astype("<f4").tofile(options.write / "gallery.f32")
        probes.astype("<f4").tofile(options.write / "probes.f32")

    thresholds = {"default": faiss.cvar.distance_compute_blas_threshold, "blas": 1}
    answer = {
        "faiss": faiss.__version__, "threads": 1, "dimension": DIMENSION, "blas_thresholds": thresholds, "times": [],
    }
    for rows in sorted(sizes):
        index = faiss.IndexFlatIP(DIMENSION)
        index.add(gallery[:rows])
        for count in options.probes:
            if count > len(probes):
                continue
            wanted = probes[:count]
            for setting, threshold in thresholds.items():
                faiss.cvar.distance_compute_blas_threshold = threshold
                taken = median_milliseconds(options.runs, lambda: index.search(wanted, 10))
                answer["times"].append(
                    {"rows": rows, "probes": count, "setting": setting, "milliseconds": round(taken, 4)})
        faiss.cvar.distance_compute_blas_threshold = thresholds["default"]
        if options.top and rows == max(sizes):
            scores, ids = index.search(probes, options.top)
            answer["best"] = [
                {"ids": row.tolist(), "scores": values.tolist()} for row, values in zip(ids, scores)
            ]
    json.dump(answer, sys.stdout)
    print()


if __name__ == "__main__":
    main()
