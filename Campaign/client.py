"""HTTP as a client sees it: an answer, or none, which leaves open what was done."""

import base64
import http.client
import json
import os


class NoAnswer(Exception):
    """The connection failed before the answer was whole: what was asked may have been done or not."""


class NotReached(NoAnswer):
    """Nobody listens: nothing was asked."""


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        """The body as JSON; an empty object when it is something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    def member(self, key):
        """A member of the object that the body is; `None` where there is no such thing."""
        value = self.json
        return value.get(key) if isinstance(value, dict) else None

    def __str__(self):
        return f"{self.status} {self.body[:200].decode(errors='replace')}"


class Client:
    """One keep-alive connection, made anew when it broke. For one thread at a time."""

    def __init__(self, port, timeout=60, headers=None):
        self.port = port
        self.timeout = timeout
        self.headers = headers or {}
        self.connection = None

    def call(self, verb, path, body=None, headers=None):
        """Sends one request, once. A dictionary or a list is sent as JSON."""
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
                self.connection.connect()
        except OSError as error:
            self.close()
            raise NotReached(str(error)) from error
        try:
            self.connection.request(verb, path, body, {**self.headers, **(headers or {})})
            answer = self.connection.getresponse()
            whole = Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(f"{verb} {path}: {error!r}") from error
        if answer.will_close:
            self.close()
        return whole

    def form(self, path, parts, headers=None):
        """Posts a form; a part of bytes is a file."""
        boundary = "campaign" + os.urandom(12).hex()
        body = bytearray()
        for name, value in parts:
            body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
            if isinstance(value, bytes):
                body += b'; filename="picture.jpg"\r\nContent-Type: image/jpeg'
            body += b"\r\n\r\n" + (value if isinstance(value, bytes) else str(value).encode()) + b"\r\n"
        body += f"--{boundary}--\r\n".encode()
        return self.call("POST", path, bytes(body),
                         {"Content-Type": f"multipart/form-data; boundary={boundary}", **(headers or {})})

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def text(picture):
    """A picture as JSON carries it."""
    return base64.b64encode(picture).decode()
