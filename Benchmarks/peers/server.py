#!/usr/bin/env python3
"""The server that one would write in Python: the same networks run by OpenCV, a NumPy gallery, uvicorn.

    server.py [--port 10001] [--models .deps/models] [--gallery 100000] [--workers 2]

It answers POST /firserver/FindFaces as firserver does, and GET /readyz. The gallery is made up, the same in every run;
nothing is stored, so its answers cost it no database. The choices below were measured, and the fastest taken:

  * one worker process per core, one OpenCV thread each: more threads per picture help neither with one connection nor
    with eight;
  * each worker analyses in a pool of two threads, so that its event loop goes on reading and answering meanwhile, and
    both cores are busy also when the system gave one worker more connections than the other.

PEER_CV_THREADS and PEER_POOL (0: on the event loop) change that, for who wants to measure again.
"""

import argparse
import asyncio
import base64
import concurrent.futures
import json
import math
import os
import pathlib
import threading
import time

os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2  # noqa: E402  (reads the variable above)
import numpy  # noqa: E402  (reads the variable above)
import uvicorn  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = pathlib.Path(os.environ.get("PEER_MODELS", ROOT / ".deps/models"))
GALLERY = int(os.environ.get("PEER_GALLERY", 100_000))
POOL = int(os.environ.get("PEER_POOL", 2))

cv2.setNumThreads(int(os.environ.get("PEER_CV_THREADS", 1)))


class Networks:
    """OpenCV's detector and recogniser; they keep state, so each thread has its own."""

    def __init__(self, manifest):
        detector = manifest["detector"]
        self.longest_side = detector["longestSide"]
        self.detector = cv2.FaceDetectorYN.create(
            str(MODELS / detector["file"]), "", (self.longest_side, self.longest_side),
            detector["scoreThreshold"], detector["overlapThreshold"], 5000,
        )
        self.recogniser = cv2.FaceRecognizerSF.create(str(MODELS / manifest["file"]), "")

    def analyse(self, picture):
        """Rows of faces as FaceDetectorYN gives them, in the picture's pixels, largest first; with unit vectors."""
        height, width = picture.shape[:2]
        scale = min(1, self.longest_side / max(height, width))
        small = cv2.resize(picture, (round(width * scale), round(height * scale))) if scale < 1 else picture
        self.detector.setInputSize((small.shape[1], small.shape[0]))
        rows = self.detector.detect(small)[1]
        if rows is None:
            return []
        rows[:, :14] /= scale
        faces = []
        for row in sorted(rows, key=lambda row: -row[2] * row[3]):
            vector = self.recogniser.feature(self.recogniser.alignCrop(picture, row))[0]
            faces.append((row, vector / numpy.linalg.norm(vector)))
        return faces


class Peer:
    def __init__(self):
        self.manifest = json.loads((MODELS / "model.json").read_text())
        random = numpy.random.default_rng(42)
        self.gallery = random.standard_normal((GALLERY, self.manifest["dimension"]), dtype=numpy.float32)
        self.gallery /= numpy.linalg.norm(self.gallery, axis=1, keepdims=True)
        self.local = threading.local()

    def networks(self):
        if not hasattr(self.local, "networks"):
            self.local.networks = Networks(self.manifest)
        return self.local.networks

    def nearest(self, vector, count):
        """Ids and cosines of the `count` best rows, best first."""
        cosines = self.gallery @ vector
        count = min(count, len(cosines))
        best = numpy.argpartition(cosines, len(cosines) - count)[len(cosines) - count:]
        best = best[numpy.argsort(-cosines[best])]
        return zip(best.tolist(), cosines[best].tolist())

    def similarity(self, cosine):
        scale = self.manifest["similarity"]
        return 1 / (1 + math.exp(-scale["steepness"] * (cosine - scale["midpoint"])))

    def find_faces(self, body):
        start = time.perf_counter()
        request = json.loads(body)
        data = numpy.frombuffer(base64.b64decode(request["image"]), numpy.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        faces = [] if picture is None else self.networks().analyse(picture)
        answer = {"FaceList": [self.face(*face, int(request.get("findPersons", 1))) for face in faces]}
        if not faces:
            answer["Status"] = "FACE_NOT_FOUND"
        answer["ProcessedFindFacesDuration"] = round((time.perf_counter() - start) * 1000)
        return json.dumps(answer).encode()

    def face(self, row, vector, count):
        numbers = row.tolist()
        left, top, width, height = (round(number) for number in numbers[:4])
        return {
            "quality": numbers[14],
            "eyeLeftX": numbers[4], "eyeLeftY": numbers[5], "eyeRightX": numbers[6], "eyeRightY": numbers[7],
            "faceRectLeft": left, "faceRectTop": top, "faceRectWidth": width, "faceRectHeight": height,
            "ProcessedPersons": len(self.gallery),
            "PersonList": [
                {"Id": str(number), "Name": "", "Surname": f"Stranger {number}", "Sim": str(self.similarity(cosine))}
                for number, cosine in self.nearest(vector, count)
            ],
        }


class Application:
    """An ASGI application without a framework."""

    def __init__(self):
        self.peer = Peer()
        self.pool = concurrent.futures.ThreadPoolExecutor(POOL) if POOL else None

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        if scope["path"] == "/readyz":
            return await self.answer(send, 200, b"{}")
        if scope["path"] != "/firserver/FindFaces" or scope["method"] != "POST":
            return await self.answer(send, 404, b"{}")
        parts, more = [], True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        try:
            if self.pool:
                loop = asyncio.get_running_loop()
                body = await loop.run_in_executor(self.pool, self.peer.find_faces, b"".join(parts))
            else:
                body = self.peer.find_faces(b"".join(parts))
        except (ValueError, KeyError):
            return await self.answer(send, 400, b"{}")
        await self.answer(send, 200, body)

    async def answer(self, send, status, body):
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def application():
    return Application()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=10001)
    parser.add_argument("--models", default=str(MODELS))
    parser.add_argument("--gallery", type=int, default=GALLERY)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    # The workers are processes of their own and read these.
    os.environ.update(PEER_MODELS=options.models, PEER_GALLERY=str(options.gallery))
    uvicorn.run(
        "server:application", factory=True, app_dir=str(pathlib.Path(__file__).parent), host="127.0.0.1",
        port=options.port, workers=options.workers, log_level="warning", access_log=False, lifespan="off",
    )


if __name__ == "__main__":
    main()
