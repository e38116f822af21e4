"""Requests by chance over all dialects: whatever comes, the server answers, does not fail, and lives."""

import collections
import json
import random
import string
import threading
import time

import client as http
from report import Result
from server import KEY, TOKEN

HELP = "requests by chance over all dialects"

PATHS = """
POST /firserver/CreatePerson POST /firserver/UpdatePerson POST /firserver/ReadPersons POST /firserver/DeletePersons
POST /firserver/FindFaces GET /firserver/GetImage/1/* POST /firserver/FaceErrorDescriptions POST /firserver/GetProtocols
POST /firserver/GetAnalityc POST /firserver/GetAnalitycByTime POST /firserver/FindPasserBy
GET /web2/secure/persons GET /web2/secure/configuration GET /web2/secure/events
POST /opencv/collection PATCH /opencv/collection GET /opencv/collection/* DELETE /opencv/collection/*
GET /opencv/collections POST /opencv/collection/person PATCH /opencv/collection/persons POST /opencv/person
POST /opencv/person/crops PATCH /opencv/person GET /opencv/person/* DELETE /opencv/person/* POST /opencv/person/images
PATCH /opencv/person/images GET /opencv/persons PATCH /opencv/persons POST /opencv/search POST /opencv/search/crops
POST /opencv/detect POST /opencv/verify POST /opencv/compare POST /opencv/liveness POST /opencv/search-live-face
POST /opencv/compare-live-face POST /opencv/head-count GET /opencv/docs GET /opencv/openapi.json
POST /opencv-server/collection DELETE /opencv-server/collection PUT /opencv-server/person PUT /opencv-server/persons
POST /opencv-server/face-search POST /opencv-server/multi-face-search POST /opencv-server/compare
GET /opencv-server/collections GET /opencv-server/persons DELETE /opencv-server/person
POST /enface/v1/user/login GET /enface/v1/tokens POST /enface/v1/token/create POST /enface/v1/source/group/create
POST /enface/v1/source/create GET /enface/v1/sources POST /enface/v1/person/list/create GET /enface/v1/person/lists
POST /enface/v1/person/create POST /enface/v1/person POST /enface/v1/person/update DELETE /enface/v1/person/delete
POST /enface/v1/compare POST /enface/v1/detect POST /enface/v1/action POST /neurovision/v1/persons
POST /neurovision/v1/person/create POST /neurovision/v1/person/fusion POST /neurovision/v1/vector/search
POST /neurovision/v1/kyc/process GET /healthz GET /readyz GET /metrics GET /*
""".split()
CALLS = list(zip(PATHS[::2], PATHS[1::2]))
KEYS = """
id server_id surname name patronymic department comment image images fir findPersons page pageSize departmentFilter
sim_min dtBegin dtEnd interval threshold additionalParams createPersonInIntellect collection_id collection_name
person_id person_name face_base_64 ref_face_base_64 face_storage_type min_score max_results search_mode description
gender date_of_birth nationality notes collections is_bulk_insert new_images removed_thumbnail_ids action person_ids
gallery probe os confidence persons metadata check_duplicates list_id list_ids group_id source_id fields multi
feature_check
new_person_threshold replace_person_id embedding embeddings cursor limit results email password valid_days token
""".split()


def add_arguments(parser):
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=None)


def run(options, world):
    result = Result("requests by chance")
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    result.notes.append(f"seed {seed}")
    statuses = collections.Counter()
    with world.server() as server:
        result.ready_after(server.start())
        end = time.monotonic() + options.seconds

        def work(number):
            inventor = Inventor(world.pictures, random.Random(f"{seed} {number}"))
            client = server.client(timeout=60)
            while time.monotonic() < end and server.is_running():
                verb, path, body, headers = inventor.request()
                try:
                    answer = client.call(verb, path, body, headers)
                except http.NoAnswer as error:
                    # A server may end the connection over what is no HTTP, which our requests are not.
                    result.ledger.check(False, f"no answer: {error}")
                    continue
                except ValueError:
                    continue
                statuses[answer.status] += 1
                result.ledger.check(
                    answer.status < 500 or answer.status in (501, 503), f"{verb} {path} {str(body)[:300]}: {answer}")

        threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(options.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        result.deeds["request"] = sum(statuses.values())
        result.ledger.check(server.is_running(), f"the server ended:\n{server.log_end() if server.log else ''}")
        if server.is_running():
            result.ready_after(server.wait_until_ready(10))
            result.ledger.check(server.stop() == 0, "the server did not end by itself when it was told to")
    result.notes.append(f"answers by status: {dict(sorted(statuses.items()))}")
    return [result]


class Inventor:
    def __init__(self, pictures, chance):
        self.pictures = pictures
        self.chance = chance

    def request(self):
        chance = self.chance
        verb, path = chance.choice(CALLS)
        if chance.random() < 0.05:
            verb = chance.choice(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"))
        path = path.replace("*", self.word())
        if chance.random() < 0.3:
            path += "?" + "&".join(f"{chance.choice(KEYS)}={self.word()}" for _ in range(chance.randrange(4)))
        headers = {}
        if chance.random() < 0.95:
            headers = {"x-api-key": KEY, "token": TOKEN}
        body = None
        if verb not in ("GET", "HEAD"):
            kind = chance.random()
            if kind < 0.75:
                body = json.dumps(self.object(3)).encode()
            elif kind < 0.85:
                body, headers["Content-Type"] = self.form()
            else:
                body = chance.randbytes(chance.choice((0, 1, 10, 1000)))
            if body and chance.random() < 0.1:
                body = self.damaged(body)
        return verb, path, body, headers

    def object(self, depth):
        return {self.chance.choice(KEYS): self.value(depth) for _ in range(self.chance.randrange(8))}

    def value(self, depth):
        chance = self.chance
        kind = chance.randrange(12 if depth else 9)
        if kind == 0:
            return self.picture()
        if kind == 1:
            return chance.choice((0, 1, -1, 2, 100, 1 << 31, -(1 << 63), 1 << 70, 0.5, 1e308, -0.0))
        if kind == 2:
            return chance.choice((True, False, None))
        if kind == 3:
            return chance.choice((
                "", "1", "*all*", "13814001-1dd2-11b2-b619-5502c27ed19c", "2024-03-05T14:07:09", "no_match", "all",
                "ACCURATE", "\u0000", "\ud83d\ude00", "x" * 70_000))
        if kind < 9:
            return self.word()
        if kind == 9:
            return self.object(depth - 1)
        return [self.value(depth - 1) for _ in range(chance.randrange(4))]

    def word(self):
        chance = self.chance
        if chance.random() < 0.3:
            return f"{chance.getrandbits(32):08x}-{chance.getrandbits(16):04x}-4000-8000-{chance.getrandbits(48):012x}"
        letters = string.ascii_letters + string.digits + "-_.~%"
        return "".join(chance.choice(letters) for _ in range(chance.randrange(1, 12)))

    def picture(self):
        chance = self.chance
        picture = self.pictures.files["macron"][0] if chance.random() < 0.7 else self.pictures.any_photo(chance)
        if chance.random() < 0.4:
            picture = self.damaged(picture)
        return http.text(picture)

    def damaged(self, data):
        """Bytes changed, left out or cut off."""
        chance = self.chance
        data = bytearray(data)
        for _ in range(chance.choice((1, 3, 30))):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        if data and chance.random() < 0.3:
            del data[chance.randrange(len(data)):]
        return bytes(data)

    def form(self):
        chance = self.chance
        boundary = f"b{chance.getrandbits(64):x}"
        body = b""
        for _ in range(chance.randrange(5)):
            name = chance.choice(KEYS)
            if chance.random() < 0.4:
                picture = self.pictures.files["macron"][0]
                picture = self.damaged(picture) if chance.random() < 0.4 else picture
                body += (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="p"\r\n\r\n'.encode()
                         + picture + b"\r\n")
            else:
                body += (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
                         f"{self.word()}\r\n").encode()
        return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
