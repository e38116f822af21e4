"""Everyday traffic over all dialects at a steady rate, as a working day has it; nothing is written down about it."""

import collections
import random
import threading
import time

import client as http
import pictures as faces
from server import KEY, TOKEN

MOST_PERSONS = 40


class Visitor:
    """One client that does something else each time: it searches, enrols, reads, watches, deletes, and is mistaken."""

    def __init__(self, server, pictures, number, emulator):
        self.connection = server.client()
        self.pictures = pictures
        self.number = number
        self.chance = random.Random(number)
        self.persons = collections.deque()
        self.cloud = collections.deque()
        self.list = f"{number:08x}-0000-4000-8000-{self.chance.getrandbits(48):012x}"
        self.collection = f"soak-{number}"
        self.made = False
        self.serial = 0
        self.errands = [
            (30, self.find), (10, self.find_again), (12, self.enrol), (6, self.rename), (6, self.read), (6, self.image),
            (4, self.cloud_person), (4, self.cloud_search), (3, self.detect), (2, self.verify), (3, self.put),
            (3, self.face_search), (3, self.listed), (3, self.action), (2, self.vectors), (2, self.nowhere),
            (2, self.nonsense),
        ]
        if emulator:
            self.errands += [(12, self.frame), (4, self.protocols), (1, self.analytics), (1, self.events)]

    def step(self):
        """One errand; returns the status of its last answer."""
        if not self.made:
            self.prepare()
        weights, errands = zip(*self.errands)
        return self.chance.choices(errands, weights)[0]().status

    def prepare(self):
        self.cloud_call("POST", "/opencv-server/collection", {"name": self.collection})
        self.enface("/neurovision/v1/person/list/create", {"name": f"soak {self.list}", "list_id": self.list})
        self.connection.call("POST", "/emulator/cameras", {"id": f"soak-{self.number}", "name": "Gate"})
        self.made = True

    # ---- Face Intellect

    def intellect(self, method, body):
        return self.connection.call("POST", f"/firserver/{method}", body)

    def find(self, picture=None):
        picture = picture or self.pictures.any_photo(self.chance)
        limit = self.chance.choice((1, 1, 5, 20))
        return self.intellect("FindFaces", {"image": http.text(picture), "findPersons": limit})

    def find_again(self):
        """A photo that the server has seen before."""
        return self.find(self.chance.choice(self.chance.choice(list(self.pictures.files.values()))))

    def enrol(self):
        answer = self.intellect("CreatePerson", {
            "surname": f"Soak {self.number}", "name": "N", "department": str(self.chance.randrange(50)),
            "image": http.text(self.pictures.photo(self.chance.choice(self.pictures.people)))})
        if answer.member("Status") == "SUCCESS":
            self.persons.append(answer.member("Result"))
        if len(self.persons) > MOST_PERSONS:
            answer = self.intellect("DeletePersons", {"id": [self.persons.popleft()]})
        return answer

    def rename(self):
        if not self.persons:
            return self.enrol()
        self.serial += 1
        return self.intellect("UpdatePerson", {"id": self.chance.choice(self.persons), "comment": f"c{self.serial}"})

    def read(self):
        return self.intellect("ReadPersons", {"page": self.chance.randrange(1, 5), "pageSize": 50})

    def image(self):
        if not self.persons:
            return self.enrol()
        return self.connection.call("GET", f"/firserver/GetImage/1/{self.chance.choice(self.persons)}")

    def protocols(self):
        return self.intellect("GetProtocols", {"onlineRefresh": 1, "page": 1, "pageSize": 100})

    def analytics(self):
        return self.intellect("GetAnalitycByTime", {"interval": "hour"})

    # ---- Neighbours and emulator

    def events(self):
        return self.connection.call("GET", "/web2/secure/events?count=50")

    def frame(self):
        picture = self.pictures.any_photo(self.chance)
        return self.connection.call(
            "POST", f"/emulator/cameras/soak-{self.number}/frames", picture, {"Content-Type": "image/jpeg"})

    # ---- OpenCV

    def cloud_call(self, verb, path, body=None):
        return self.connection.call(verb, path, body, {"x-api-key": KEY})

    def cloud_person(self):
        self.serial += 1
        key = f"soak-{self.number}-{self.serial}"
        photo = self.pictures.photo(self.chance.choice(self.pictures.people))
        answer = self.cloud_call("POST", "/opencv/person", {"id": key, "name": "Soak", "images": [http.text(photo)]})
        if answer.status == 201:
            self.cloud.append(key)
        if len(self.cloud) > MOST_PERSONS:
            answer = self.cloud_call("DELETE", f"/opencv/person/{self.cloud.popleft()}")
        return answer

    def cloud_search(self):
        photo = self.pictures.any_photo(self.chance)
        return self.cloud_call("POST", "/opencv/search", {"images": [http.text(photo)], "search_mode": "FAST"})

    def detect(self):
        return self.cloud_call("POST", "/opencv/detect", {"image": http.text(self.pictures.any_photo(self.chance))})

    def verify(self):
        if not self.cloud:
            return self.cloud_person()
        photo = self.pictures.any_photo(self.chance)
        return self.cloud_call("POST", "/opencv/verify", {"id": self.cloud[0], "images": [http.text(photo)]})

    def put(self):
        photo = self.pictures.photo(self.chance.choice(self.pictures.people))
        return self.cloud_call("PUT", "/opencv-server/person", {
            "collection_name": self.collection, "person_id": str(self.chance.randrange(20)), "person_name": "N",
            "face_base_64": http.text(photo)})

    def face_search(self):
        photo = self.pictures.any_photo(self.chance)
        return self.cloud_call("POST", "/opencv-server/face-search", {
            "collection_name": self.collection, "face_base_64": http.text(photo)})

    # ---- Enface and neuro-vision

    def enface(self, path, body):
        return self.connection.call("POST", path, body, {"token": TOKEN})

    def listed(self):
        photo = self.pictures.photo(self.chance.choice(self.pictures.people))
        parts = [("list_id", self.list), ("fields", "Soak"), ("image", photo)]
        return self.connection.form("/enface/v1/person/create", parts, {"token": TOKEN})

    def action(self):
        photo = self.pictures.any_photo(self.chance)
        return self.connection.form(
            "/enface/v1/action", [("person_list_search", self.list), ("bbox", "true"), ("image", photo)],
            {"token": TOKEN})

    def vectors(self):
        vector = faces.vector_text(faces.unit_vector(self.chance))
        return self.enface("/neurovision/v1/vector/search", {"embeddings": vector, "list_ids": self.list})

    # ---- Mistakes

    def nowhere(self):
        return self.connection.call("GET", f"/nowhere/{self.chance.getrandbits(64):x}")

    def nonsense(self):
        body = b'{"surname": "x", "image": "' + self.chance.randbytes(200).hex().encode()
        return self.intellect("CreatePerson", body)


class Traffic:
    """Visitors on threads who together make so many requests a minute."""

    def __init__(self, server, pictures, rate, visitors=8, emulator=True):
        self.visitors = [Visitor(server, pictures, number, emulator) for number in range(1, visitors + 1)]
        self.pause = 60 * visitors / rate
        self.statuses = collections.Counter()
        self.lost = 0
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(visitor,), daemon=True) for visitor in self.visitors]

    def run(self, visitor):
        due = time.monotonic() + random.random() * self.pause
        while not self.ended.wait(max(0, due - time.monotonic())):
            # Who is late does not hurry afterwards.
            due = max(due + self.pause, time.monotonic() - self.pause)
            try:
                status = visitor.step()
            except http.NoAnswer:
                with self.lock:
                    self.lost += 1
                continue
            with self.lock:
                self.statuses[status] += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    @property
    def answered(self):
        with self.lock:
            return sum(self.statuses.values())
