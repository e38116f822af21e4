"""A TCP proxy that does to its connections what networks do."""

import contextlib
import socket
import struct
import threading
import time

CHUNK = 1 << 16


class Proxy:
    """Listens on a port of its own and passes everything on to another one, until told otherwise.

    `delay` holds every chunk back for so many seconds; with `black_hole` nothing is passed on, and nobody is told.
    """

    def __init__(self, target):
        self.target = target
        self.delay = 0.0
        self.black_hole = False
        self.lock = threading.Lock()
        self.pairs = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(near,), daemon=True).start()

    def serve(self, near):
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
            far.settimeout(None)
        except OSError:
            near.close()
            return
        pair = near, far
        with self.lock:
            self.pairs.append(pair)
        back = threading.Thread(target=self.pump, args=(far, near), daemon=True)
        back.start()
        self.pump(near, far)
        back.join()
        with self.lock:
            self.pairs.remove(pair)
        near.close()
        far.close()

    def pump(self, source, sink):
        try:
            while data := source.recv(CHUNK):
                if self.delay:
                    time.sleep(self.delay)
                if self.black_hole:
                    # What falls in never comes out, also not afterwards: the connection is of no more use.
                    while source.recv(CHUNK):
                        pass
                    return
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def each_pair(self):
        with self.lock:
            return list(self.pairs)

    def cut(self):
        """Resets all connections, on both sides."""
        for pair in self.each_pair():
            for end in pair:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RDWR)

    def half_close(self):
        """Tells the database that the server will send no more, and nothing to the server."""
        for _, far in self.each_pair():
            with contextlib.suppress(OSError):
                far.shutdown(socket.SHUT_WR)

    def close(self):
        self.listener.close()
        self.cut()
