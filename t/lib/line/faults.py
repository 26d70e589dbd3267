"""Faults that a test asks for, each for so many requests of one path.

SPDX-License-Identifier: Apache-2.0
"""
import threading
import time


class Dropped(Exception):
    """The connection is to end without an answer."""


class Faults:
    """`before` is asked before a request is carried out, `after` before its
    answer goes out: what is dropped after has been done."""

    KINDS = ("delay", "drop", "drop_after", "status", "garbage", "trickle",
             "hang", "hold", "duplicate")

    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []
        self._released = threading.Event()

    def add(self, path, kind, times=1, **more):
        if kind not in self.KINDS:
            raise ValueError(f"no fault {kind}")
        with self._lock:
            self._faults.append(dict(path=path, kind=kind, times=times, **more))

    def clear(self):
        with self._lock:
            self._faults.clear()
        self.release()

    def release(self):
        """What is held goes on, and nothing more is held."""
        with self._lock:
            self._faults = [f for f in self._faults if f["kind"] != "hold"]
            self._released.set()
            self._released = threading.Event()

    def _take(self, path, kinds):
        with self._lock:
            for fault in self._faults:
                if (fault["kind"] in kinds and fault["times"] != 0
                        and (path == fault["path"] if fault.get("exact")
                             else path.startswith(fault["path"]))):
                    fault["times"] -= 1
                    return dict(fault, released=self._released)
        return None

    def before(self, path):
        """None, or the (status, body, headers) that is said instead."""
        fault = self._take(path, ("delay", "drop", "status", "hang", "hold"))
        if not fault:
            return None
        if fault["kind"] == "drop":
            raise Dropped
        if fault["kind"] == "status":
            return (fault.get("status", 500), fault.get("body", "{}"),
                    fault.get("headers", {}))
        if fault["kind"] == "hold":
            fault["released"].wait(60)
            return None
        time.sleep(fault.get("seconds", 3600 if fault["kind"] == "hang" else 1))
        return None

    def twice(self, path):
        """Whether the network brings this request twice."""
        return self._take(path, ("duplicate",)) is not None

    def after(self, path):
        """The fault of the answer, or None."""
        fault = self._take(path, ("drop_after", "garbage", "trickle"))
        if fault and fault["kind"] == "drop_after":
            raise Dropped
        return fault
