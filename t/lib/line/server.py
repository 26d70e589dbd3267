"""A stand-in of LINE's servers for the tests: one process, all state in it.

    python3 server.py PORT

POST /_control takes JSON: {"set": {...}}, {"fault": {...}}, {"mint": {...}},
{"rotate": keep}, {"clear": true}, {"release": true}: what a fault "hold" holds,
{"key": {...}}: a one-time code of LINE Pay,
{"decide": [transaction, "agree"|"cancel"|"fail"]}, {"paypay": [order, "pay"|
"expire"]}; GET /_control shows requests and state, "charged" what each order
cost its customer.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from faults import Dropped, Faults  # noqa: E402
from login import Login, sub_of  # noqa: E402
from messaging import Messaging  # noqa: E402
from pay import Pay  # noqa: E402
from paypay import PayPay  # noqa: E402


class State:
    """What LINE knows; one lock, since requests come by threads."""

    def __init__(self):
        self.lock = threading.RLock()
        self.channels = {}
        self.friends = set()
        self.requests = []
        self.faults = Faults()
        self.login = Login(self)
        self.messaging = Messaging(self)
        self.pay = Pay(self)
        self.paypay = PayPay(self)

    def control(self, body):
        out = {}
        for name, value in body.get("set", {}).items():
            room, _, field = name.rpartition(".")
            target = getattr(self, room) if room else self
            if not hasattr(target, field):
                raise ValueError(f"no {name}")
            setattr(target, field,
                    set(value) if field in ("friends", "replies") else value)
        if "fault" in body:
            self.faults.add(**body["fault"])
        if "mint" in body:
            out = self.login.mint(**body["mint"])
        if "sub" in body:
            out["sub"] = sub_of(body["sub"])
        if "key" in body:
            out["key"] = self.pay.key(**body["key"])
        if "decide" in body:
            out["url"] = self.pay.decide(*body["decide"])
        if "paypay" in body:
            order, what = body["paypay"]
            getattr(self.paypay, what)(order)
        if "rotate" in body:
            self.login.keys.rotate(body["rotate"])
        if body.get("release"):
            self.faults.release()
        if body.get("clear"):
            self.faults.clear()
            self.requests.clear()
        return out

    def show(self):
        return {"requests": self.requests, "sent": self.messaging.sent,
                "access": len(self.login.access),
                "friends": sorted(self.friends),
                "charged": dict(self.pay.charged(), **self.paypay.charged())}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")

    def do_DELETE(self):
        self.serve("DELETE")

    def serve(self, method):
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        url = urlsplit(self.path)
        if url.path == "/_control":
            return self.control(method, raw)
        with self.state.lock:
            self.state.requests.append(
                {"method": method, "path": url.path, "query": url.query,
                 "body": raw.decode("utf-8", "replace"),
                 "headers": {k.lower(): v for k, v in self.headers.items()},
                 "at": time.time()})
        try:
            instead = self.state.faults.before(url.path)
            if not instead and self.state.faults.twice(url.path):
                self.answer(method, url, raw)
            answer = instead or self.answer(method, url, raw)
            self.say(url.path, *answer)
        except Dropped:
            self.close_connection = True
            self.connection.close()
        except ConnectionError:  # the caller's patience was over
            self.close_connection = True

    def control(self, method, raw):
        with self.state.lock:
            try:
                body = (self.state.show() if method == "GET"
                        else self.state.control(json.loads(raw)))
            except (ValueError, TypeError) as why:
                return self.send(400, "text/plain", str(why).encode())
        return self.send(200, "application/json", json.dumps(body).encode())

    def say(self, path, status, body, headers=None):
        fault = self.state.faults.after(path)
        if isinstance(body, str):
            data = body.encode()
        else:
            data = b"" if body is None else json.dumps(body).encode()
        kind = "application/json"
        if fault and fault["kind"] == "garbage":
            data = fault.get("body", "<html>\xff not JSON").encode("latin-1")
        if fault and fault["kind"] == "trickle":
            return self.trickle(status, data, fault)
        self.send(status, (headers or {}).pop("Content-Type", kind), data,
                  headers)

    def send(self, status, kind, data, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("x-line-request-id", "stand-in")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def trickle(self, status, data, fault):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        for byte in data:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(fault.get("seconds", 1))

    def bearer(self):
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def page(self, url):
        """What the customer sees of a payment."""
        room = self.state.pay if url.path == "/_pay/line" else \
            self.state.paypay
        with self.state.lock:
            status, kind, body = room.page(url.query)
        return (status, body, {"Content-Type": kind}) if kind else \
            (status, "", {"Location": body})

    def answer(self, method, url, raw):
        state, path = self.state, url.path
        if path.startswith("/_pay/"):
            return self.page(url)
        if path.startswith(("/v2/codes", "/v2/refunds")):
            return state.paypay.serve(method, url, raw, self.headers)
        if path.startswith(("/v3/payments", "/v4/payments")):
            return state.pay.serve(method, url, raw, self.headers)
        form = {k: v[0] for k, v in parse_qs(raw.decode("utf-8", "replace"),
                                             keep_blank_values=True).items()}
        query = {k: v[0] for k, v in parse_qs(url.query).items()}
        with state.lock:
            if path == "/oauth2/v2.1/authorize":
                status, kind, body = state.login.authorize(url.query)
                return (status, body, {"Content-Type": kind}) if kind else \
                    (status, "", {"Location": body})
            if path.startswith("/v2/bot/"):
                return self.bot(method, path, raw)
            routes = {
                ("POST", "/oauth2/v2.1/token"): lambda: state.login.token(form),
                ("GET", "/oauth2/v2.1/verify"): lambda:
                    state.login.verify_access(query.get("access_token")),
                ("POST", "/oauth2/v2.1/verify"): lambda:
                    state.login.verify_id(form),
                ("POST", "/oauth2/v2.1/revoke"): lambda:
                    state.login.revoke(form),
                ("GET", "/oauth2/v2.1/certs"): lambda:
                    (200, state.login.keys.public()),
                ("GET", "/v2/profile"): lambda:
                    state.login.profile(self.bearer()),
                ("GET", "/friendship/v1/status"): lambda:
                    state.login.friendship(self.bearer()),
                ("POST", "/oauth2/v3/token"): lambda:
                    state.messaging.token(form),
            }
            route = routes.get((method, path))
            return route() if route else (404, {"message": "Not found"})

    def bot(self, method, path, raw):
        messaging = self.state.messaging
        if not messaging.allowed(self.bearer()):
            return 401, {"message": "Authentication failed"}
        if (method, path) == ("POST", "/v2/bot/message/push"):
            try:
                body = json.loads(raw)
            except ValueError:
                return 400, {"message": "The request body could not be parsed"}
            return messaging.push(body, self.headers.get("X-Line-Retry-Key"))
        if (method, path) == ("POST", "/v2/bot/message/reply"):
            try:
                return messaging.reply(json.loads(raw))
            except ValueError:
                return 400, {"message": "The request body could not be parsed"}
        if path == "/v2/bot/message/quota":
            return messaging.quotas()
        if path == "/v2/bot/message/quota/consumption":
            return messaging.consumption()
        if path.startswith("/v2/bot/profile/"):
            return messaging.profile(unquote(path.rsplit("/", 1)[1]))
        return 404, {"message": "Not found"}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A caller that was killed is what the tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def end_with(parent):
    """A test that was killed takes its stand-in along."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def main():
    threading.Thread(target=end_with, args=(os.getppid(),),
                     daemon=True).start()
    Handler.state = State()
    server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
    here = f"http://127.0.0.1:{server.server_address[1]}"
    Handler.state.pay.base = Handler.state.paypay.base = here
    print(f"ready {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
