"""The things that the dialects keep: how to change each, and how to read it again.

Every method that changes something notes it in the ledger. `read` gives the state of every thing of the kind that the
server shows.
"""

import hashlib
import itertools

import client as http
import pictures as faces
from server import KEY, TOKEN

SHARED_LIST = "13814001-1dd2-11b2-b619-5502c27ed19c"
# What a server may say that is starting, busy, or without its database. The change may be stored all the same.
BUSY = {429, 503}
INTELLECT_BUSY = {
    "SERVER_NOT_READY", "FAILED_TO_SAVE_DATABASE", "FAILED_TO_UPDATE_PERSON", "FAILED_TO_DELETE_PERSON"}


class Odd(Exception):
    """An answer that should never come."""


class Busy(Exception):
    """The server says that it cannot at the moment."""


def digest(picture):
    return hashlib.sha256(picture).hexdigest()[:16]


class Dialect:
    kind = ""

    def __init__(self, ledger, pictures, connection, name, chance):
        self.ledger = ledger
        self.pictures = pictures
        self.connection = connection
        self.name = name
        self.chance = chance
        self.numbers = itertools.count(1)
        self.keys = []

    def next_key(self):
        key = f"{self.name}{next(self.numbers):06}"
        self.keys.append(key)
        return key

    def living(self):
        """One of this worker's things that is there for certain; `None` when there is none."""
        certain = [key for key in self.keys[-200:] if self.is_living(key)]
        return self.chance.choice(certain) if certain else None

    def is_living(self, key):
        entry = self.ledger.entry(self.kind, key)
        return entry.is_certain and entry.state is not None

    def expect(self, answer, status):
        if answer.status in BUSY or answer.member("code") == "ERR_DATABASE_ERROR":
            raise Busy
        if answer.status != status:
            raise Odd(f"{self.kind}: {answer}")
        return answer


class IntellectPersons(Dialect):
    """Persons of Face Intellect: a photo byte for byte, texts, a count of recognitions.

    Half of them have a template of a face that nobody else has, and are found by it.
    """

    kind = "person"

    def next_key(self):
        # Ids of digits, of the client's choice: what is not answered can be asked for again.
        key = f"{int(hashlib.sha256(self.name.encode()).hexdigest()[:8], 16)}{next(self.numbers):08}"
        self.keys.append(key)
        return key

    def act(self):
        key = self.living()
        doubtful = [key for key in self.keys[-50:] if not self.ledger.entry(self.kind, key).is_certain]
        if doubtful and self.chance.random() < 0.2:
            # What had no answer is asked for again, under the same id.
            return self.create(self.chance.choice(doubtful))
        if key is None or self.chance.random() < 0.45:
            return self.create(self.next_key())
        self.chance.choices((self.find, self.update, self.create, self.remove), (4, 2, 1, 2))[0](key)

    def call(self, method, body):
        return self.connection.call("POST", f"/firserver/{method}", body)

    def settle(self, answer, change):
        status = answer.member("Status")
        if answer.status in BUSY or status in INTELLECT_BUSY:
            raise Busy
        if status != "SUCCESS":
            raise Odd(f"{self.kind}: {answer}")
        change.acknowledge()

    def create(self, key):
        """Adds a person, or replaces texts and photo of one that is there."""
        entry = self.ledger.entry(self.kind, key)
        photo = self.pictures.photo(self.chance.choice(self.pictures.people))
        body = {"id": key, "surname": "Campaign", "department": "1", "comment": "0", "image": http.text(photo)}
        if entry.vector is None and self.chance.random() < 0.5 and entry.states == {None}:
            entry.vector = faces.unit_vector(self.chance)
        if entry.vector:
            body["fir"] = http.text(self.pictures.template(entry.vector))
        with self.ledger.change(self.kind, key, ("0", digest(photo))) as change:
            self.settle(self.call("CreatePerson", body), change)

    def update(self, key):
        comment, photo = self.ledger.entry(self.kind, key).state
        comment = str(int(comment) + 1)
        with self.ledger.change(self.kind, key, (comment, photo)) as change:
            self.settle(self.call("UpdatePerson", {"id": key, "comment": comment}), change)

    def remove(self, key):
        with self.ledger.change(self.kind, key, None) as change:
            self.settle(self.call("DeletePersons", {"id": [key]}), change)

    def find(self, key):
        """Recognises a person who has a template, which counts."""
        vector = self.ledger.entry(self.kind, key).vector
        if vector is None:
            return self.update(key)
        with self.ledger.count(self.kind, key) as recognition:
            answer = self.call("FindFaces", {"image": http.text(self.pictures.template(vector))})
            if answer.status in BUSY or answer.member("Status") in INTELLECT_BUSY:
                raise Busy
            try:
                found = answer.json["FaceList"][0]["PersonList"][0]
            except (KeyError, IndexError, TypeError) as error:
                raise Odd(f"{self.kind} {key} is not found: {answer}") from error
            if found["Id"] != key:
                raise Odd(f"{self.kind} {key} is not found, but {found['Id']}")
            recognition.acknowledge()

    @staticmethod
    def read(ledger, connection, thorough):
        answer = connection.call("POST", "/firserver/ReadPersons", {"page": 1, "pageSize": 1_000_000})
        if answer.member("Status") != "OK":
            raise Odd(f"ReadPersons: {answer}")
        rows = {row["Id"]: row for row in answer.json["PersonList"]}
        for key, entry in ledger.of("person").items():
            row = rows.get(key)
            if row is None:
                ledger.find("person", key, None)
                continue
            photos = {state[1] for state in entry.states if state}
            (photo,) = photos if len(photos) == 1 and not (thorough or entry.is_fresh) else (None,)
            if photo is None:
                picture = connection.call("GET", f"/firserver/GetImage/1/{row['ImageId']}")
                photo = digest(picture.body) if picture.status == 200 else f"status {picture.status}"
            ledger.find("person", key, (row["Comment"], photo), int(row["RecognitionCount"]))

    @staticmethod
    def search(ledger, connection):
        """Looks for every face of its own: who is there is found, who was deleted is not."""
        entries = [(key, entry) for key, entry in ledger.of("person").items() if entry.vector]
        for start in range(0, len(entries), 100):
            batch = entries[start:start + 100]
            body = {"embeddings": [faces.vector_text(entry.vector) for _, entry in batch], "list_ids": SHARED_LIST,
                    "threshold": 0.99, "person_data": True, "results": 3}
            answer = connection.call("POST", "/neurovision/v1/vector/search", body, {"token": TOKEN})
            if answer.status != 200:
                raise Odd(f"vector/search: {answer}")
            for (key, entry), result in zip(batch, answer.json["results"]):
                found = len(result["matches"])
                wanted = 1 if entry.state else 0
                ledger.check(found == wanted, f"a search for the face of person {key} finds {found}, not {wanted}")


class CloudPersons(Dialect):
    """Persons of OpenCV's cloud API, and the collection that they are in."""

    kind = "cloud person"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.collection = None

    def act(self):
        if self.collection is None or self.chance.random() < 0.05:
            self.add_collection()
        key = self.living()
        if key is None or self.chance.random() < 0.4:
            return self.create(self.next_key())
        self.chance.choices((self.rename, self.move, self.remove), (2, 2, 2))[0](key)

    def call(self, verb, path, body=None):
        return self.connection.call(verb, f"/opencv/{path}", body, {"x-api-key": KEY})

    def add_collection(self):
        name = f"c{self.name}{next(self.numbers):06}"
        with self.ledger.change("cloud collection", name, "there") as change:
            answer = self.expect(self.call("POST", "collection", {"name": name}), 201)
            change.acknowledge()
            self.collection = answer.member("id"), name

    def create(self, key):
        photo = self.pictures.photo(self.chance.choice(self.pictures.people))
        body = {"id": key, "name": "0", "images": [http.text(photo)], "collections": [self.collection[0]]}
        with self.ledger.change(self.kind, key, ("0", (self.collection[1],))) as change:
            self.expect(self.call("POST", "person", body), 201)
            change.acknowledge()

    def rename(self, key):
        name, collections = self.ledger.entry(self.kind, key).state
        name = str(int(name) + 1)
        with self.ledger.change(self.kind, key, (name, collections)) as change:
            self.expect(self.call("PATCH", "person", {"id": key, "name": name}), 200)
            change.acknowledge()

    def move(self, key):
        """Into the newest collection and out of all others, or out of them all."""
        name, collections = self.ledger.entry(self.kind, key).state
        identifier, title = self.collection
        wanted = ([], ()) if title in collections else ([identifier], (title,))
        with self.ledger.change(self.kind, key, (name, wanted[1])) as change:
            self.expect(self.call("PATCH", "person", {"id": key, "collections": wanted[0]}), 200)
            change.acknowledge()

    def remove(self, key):
        with self.ledger.change(self.kind, key, None) as change:
            self.expect(self.call("DELETE", f"person/{key}"), 200)
            change.acknowledge()

    @staticmethod
    def read(ledger, connection, thorough):
        def call(path):
            return connection.call("GET", f"/opencv/{path}", headers={"x-api-key": KEY})

        for key, entry in ledger.of("cloud person").items():
            if not (thorough or entry.is_fresh):
                continue
            answer = call(f"person/{key}")
            state = None
            if answer.status == 200:
                person = answer.json
                state = person["name"], tuple(sorted(collection["name"] for collection in person["collections"]))
                ledger.check(len(person["thumbnails"]) == 1, f"cloud person {key} has lost the picture")
            elif answer.status != 404:
                raise Odd(f"cloud person: {answer}")
            ledger.find("cloud person", key, state)
        names = set()
        while True:
            answer = call(f"collections?take=100&skip={len(names)}")
            page = answer.json["collections"]
            names |= {collection["name"] for collection in page}
            if len(page) < 100:
                break
        for name in ledger.of("cloud collection"):
            ledger.find("cloud collection", name, "there" if name in names else None)


class NamedPersons(Dialect):
    """Persons of OpenCV's FR Server, in a collection of the worker's own."""

    kind = "named person"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.collection = None

    def act(self):
        if self.collection is None:
            name = f"n{self.name}{next(self.numbers):06}"
            with self.ledger.change("named collection", name, "there") as change:
                self.expect(self.call("POST", "collection", {"name": name}), 200)
                change.acknowledge()
            self.collection = name
        key = self.living()
        if key is None or self.chance.random() < 0.4:
            return self.put((self.collection, str(next(self.numbers))), "0")
        if self.chance.random() < 0.5:
            return self.put(key, str(int(self.ledger.entry(self.kind, key).state) + 1))
        with self.ledger.change(self.kind, key, None) as change:
            self.expect(self.call("DELETE", "person", {"collection_name": key[0], "person_id": key[1]}), 200)
            change.acknowledge()

    def call(self, verb, path, body=None):
        return self.connection.call(verb, f"/opencv-server/{path}", body, {"x-api-key": KEY})

    def put(self, key, name):
        if key not in self.keys:
            self.keys.append(key)
        photo = self.pictures.photo(self.chance.choice(self.pictures.people))
        body = {"collection_name": key[0], "person_id": key[1], "person_name": name, "face_base_64": http.text(photo)}
        with self.ledger.change(self.kind, key, name) as change:
            self.expect(self.call("PUT", "person", body), 200)
            change.acknowledge()

    @staticmethod
    def read(ledger, connection, thorough):
        def call(path):
            answer = connection.call("GET", f"/opencv-server/{path}", headers={"x-api-key": KEY})
            if answer.status != 200:
                raise Odd(f"{path}: {answer}")
            return answer.json

        names = {collection["name"] for collection in call("collections")}
        for name in ledger.of("named collection"):
            ledger.find("named collection", name, "there" if name in names else None)
        found = {}
        for name in names:
            skip = 0
            while True:
                page = call(f"persons?collection_name={name}&skip={skip}&take=100")["persons"]
                for person in page:
                    key = name, person["person_id"]
                    found[key] = person["person_name"]
                    ledger.check(person["face_base_64"] != "", f"named person {key} has lost the picture")
                skip += len(page)
                if len(page) < 100:
                    break
        for key in ledger.of("named person"):
            ledger.find("named person", key, found.get(key))


class ListRecords(Dialect):
    """Records of an Enface list of the worker's own, by vectors; each has a text by which it is known."""

    kind = "list record"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.list = None
        # Records have ids of the server's choice.
        self.ids = {}

    def act(self):
        if self.list is None or self.chance.random() < 0.02:
            identifier = f"{self.chance.getrandbits(32):08x}-0000-4000-8000-{self.chance.getrandbits(48):012x}"
            with self.ledger.change("list", identifier, "there") as change:
                self.expect(self.call("person/list/create", {"name": f"list {identifier}", "list_id": identifier}), 200)
                change.acknowledge()
            self.list = identifier
        key = self.living()
        if key is None or self.chance.random() < 0.4:
            return self.create(self.next_key())
        self.chance.choice((self.update, self.remove))(key)

    def is_living(self, key):
        return key in self.ids and super().is_living(key)

    def call(self, path, body):
        return self.connection.call("POST", f"/neurovision/v1/{path}", body, {"token": TOKEN})

    def create(self, key):
        entry = self.ledger.entry(self.kind, key)
        entry.vector = faces.unit_vector(self.chance)
        parts = [("list_id", self.list), ("fields", key), ("fields", "0"),
                 ("embedding", faces.vector_text(entry.vector))]
        with self.ledger.change(self.kind, key, (self.list, "0")) as change:
            answer = self.connection.form("/neurovision/v1/person/create", parts, {"token": TOKEN})
            self.expect(answer, 201)
            change.acknowledge()
            self.ids[key] = answer.json["persons"][0][0]["person_id"]

    def update(self, key):
        place, text = self.ledger.entry(self.kind, key).state
        text = str(int(text) + 1)
        with self.ledger.change(self.kind, key, (place, text)) as change:
            self.expect(self.call("person/update", {
                "list_id": place, "person_id": self.ids[key], "fields": [key, text]}), 200)
            change.acknowledge()

    def remove(self, key):
        place, _ = self.ledger.entry(self.kind, key).state
        with self.ledger.change(self.kind, key, None) as change:
            self.expect(self.call("person/delete", {"list_id": place, "person_id": [self.ids[key]]}), 200)
            change.acknowledge()

    @staticmethod
    def read(ledger, connection, thorough):
        def call(path, body):
            answer = connection.call("POST", f"/neurovision/v1/{path}", body, {"token": TOKEN})
            if answer.status != 200:
                raise Odd(f"{path}: {answer}")
            return answer.json

        lists = {row["list_id"] for row in call("person/lists", {})}
        found = {}
        for identifier in ledger.of("list"):
            ledger.find("list", identifier, "there" if identifier in lists else None)
            cursor = ""
            while identifier in lists:
                page = call("persons", {"list_id": identifier, "limit": 1000, "cursor": cursor})
                for person in page["persons"]:
                    key, text = person["fields"]
                    ledger.check(key not in found, f"list record {key} is there twice")
                    found[key] = identifier, text
                cursor = page["cursor"]
                if not cursor:
                    break
        for key in ledger.of("list record"):
            ledger.find("list record", key, found.get(key))
        for identifier in ledger.of("list"):
            if identifier not in lists:
                continue
            entries = [(key, entry) for key, entry in ledger.of("list record").items() if entry.vector]
            for start in range(0, len(entries), 100):
                batch = entries[start:start + 100]
                results = call("vector/search", {
                    "embeddings": [faces.vector_text(entry.vector) for _, entry in batch], "list_ids": identifier,
                    "threshold": 0.99, "person_data": True})["results"]
                for (key, entry), result in zip(batch, results):
                    wanted = 1 if entry.state and entry.state[0] == identifier else 0
                    ledger.check(
                        len(result["matches"]) == wanted,
                        f"a search for the face of record {key} finds {len(result['matches'])}, not {wanted}")


DIALECTS = (IntellectPersons, CloudPersons, NamedPersons, ListRecords)
