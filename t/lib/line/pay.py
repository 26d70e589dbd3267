"""LINE Pay: Offline v4 and Online v3 and v4, as reference docs describe them.

Every answer is HTTP 200 with a return code. Transactions have 19 digits, the
last one odd: no floating point holds them.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from decimal import Decimal
from urllib.parse import parse_qs, quote, unquote

KEY_SECONDS = 300
HOLD_SECONDS = 864000
PLACES = {"TWD": 2, "THB": 2, "USD": 2}
MOST_ORDERS = 100


class Refusal(Exception):
    """A return code."""


def mac(secret, path, text, nonce):
    message = (secret + path).encode() + text + nonce.encode()
    return base64.b64encode(
        hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def stamp(when):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


def number(amount):
    return int(amount) if amount == int(amount) else float(amount)


class Pay:
    """merchants: {channel id: secret}."""

    def __init__(self, state):
        self.state = state
        self.merchants = {}
        self.keys = {}
        self.orders = {}    # what was paid or held, by order id
        self.requests = {}  # online requests, by transaction
        self.charges = []
        self.serial = 2026112512345678901
        self.slow = 0       # seconds from AUTH_READY to COMPLETE
        self.mismatch = 0   # how much less the parts of a payment sum up to
        self.customer = ""  # a code that paying and confirming answers with
        self.base = ""

    # The customer's side.
    def key(self, age=0, digits=18):
        """A one-time code off the customer's phone."""
        key = "".join(secrets.choice("0123456789") for _ in range(digits))
        self.keys[key] = time.time() - age
        return key

    def page(self, query):
        """Where an online request sends the customer."""
        q = {k: v[0] for k, v in parse_qs(query).items()}
        request = self.requests.get(q.get("transaction"))
        if not request:
            return 404, "text/html", "<h1>404</h1>"
        if q.get("do") not in ("agree", "cancel"):
            link = "?transaction=" + q["transaction"] + "&amp;do="
            return 200, "text/html", (
                "<!doctype html><html lang=en><title>LINE Pay</title>"
                f"<h1>LINE Pay</h1><p>{request['currency']} "
                f"{request['amount']}</p><p><a id=agree href='{link}agree'>Pay"
                f"</a> <a id=cancel href='{link}cancel'>Cancel</a>")
        return 302, None, self.decide(q["transaction"], q["do"])

    def decide(self, transaction, what):
        request = self.requests[transaction]
        if request["state"] == "waiting":
            request["state"] = {"agree": "agreed", "cancel": "cancelled",
                                "fail": "failed"}[what]
        url = request["urls"]["cancelUrl" if what == "cancel"
                              else "confirmUrl"]
        return (url + ("&" if "?" in url else "?") +
                f"transactionId={transaction}&orderId={request['orderId']}")

    # The merchant's side.
    def serve(self, method, url, raw, headers):
        try:
            self._check_mac(method, url, raw, headers)
            version, rest = re.match(r"/(v[34])/payments(.*)$",
                                     url.path).groups()
            return 200, self._answer("0000", "Success.",
                                     self._route(method, version, rest,
                                                 url.query, raw))
        except Refusal as why:
            return 200, self._answer(str(why), f"Refused, {why}")

    @staticmethod
    def _answer(code, message, info=None):
        body = {"returnCode": code, "returnMessage": message}
        if info is not None:
            body["info"] = info
        return body

    def _check_mac(self, method, url, raw, headers):
        secret = self.merchants.get(headers.get("X-LINE-ChannelId"))
        if secret is None:
            raise Refusal("1104")
        text = url.query.encode() if method == "GET" else raw
        nonce = headers.get("X-LINE-Authorization-Nonce", "")
        given = headers.get("X-LINE-Authorization", "")
        if not nonce or not hmac.compare_digest(
                mac(secret, url.path, text, nonce), given):
            raise Refusal("1106")

    def _route(self, method, version, rest, query, raw):
        if version == "v3" and rest.startswith(("/orders/", "/oneTimeKeys/")):
            raise Refusal("2101")  # Offline begins with v4
        if method == "GET":
            return self._read(version, rest, query)
        try:
            body = json.loads(raw, parse_float=Decimal) if raw else {}
        except ValueError:
            raise Refusal("2102") from None
        if rest == "/oneTimeKeys/pay":
            return self._pay(version, body)
        if rest == "/request":
            return self._request(body)
        found = re.match(r"/(?:(orders|authorizations)/)?([^/]+)/"
                         r"(confirm|capture|void|refund)$", rest)
        if not found:
            raise Refusal("2101")
        kind, name, action = found.groups()
        if action == "confirm":
            return self._confirm(version, name, body)
        with self.state.lock:
            order = self._order(kind, unquote(name), action)
            return getattr(self, "_" + action)(version, order, body)

    def _order(self, kind, name, action):
        """Offline paths take our id, online paths LINE's."""
        if kind == "orders":
            order = self.orders.get(name)
        else:
            order = next((o for o in self.orders.values()
                          if str(o["transactionId"]) == name), None)
            if order and (kind == "authorizations") != (action != "refund"):
                order = None
        if not order:
            raise Refusal("1150")
        return order

    @staticmethod
    def _money(body, name="amount"):
        amount, currency = body.get(name), body.get("currency", "TWD")
        if currency not in PLACES:
            raise Refusal("1178")
        if isinstance(amount, bool) or not isinstance(amount, (int, Decimal)):
            raise Refusal("2101")
        amount = Decimal(amount)
        if amount <= 0 or amount != round(amount, PLACES[currency]):
            raise Refusal("1124")
        return amount, currency

    def _checked(self, body):
        """Order, amount and currency of a payment or a request."""
        amount, currency = self._money(body)
        order_id = body.get("orderId")
        packages = body.get("packages")
        if not isinstance(order_id, str) or not 1 <= len(order_id) <= 100 \
                or not isinstance(packages, list) or not packages:
            raise Refusal("2101")
        products = [p for package in packages
                    for p in package.get("products", [])]
        if (sum(Decimal(p["amount"]) for p in packages) != amount
                or sum(Decimal(p["price"]) * p["quantity"]
                       for p in products) != amount
                or not all(p.get("name") for p in products)):
            raise Refusal("2101")
        if order_id in self.orders:
            raise Refusal("1172")
        return order_id, amount, currency

    def _next(self):
        self.serial += 1002
        return self.serial

    def _charge(self, order_id, amount, currency, body, transaction, **more):
        """The moment at which money moves or is held."""
        options = body.get("options", {}).get("payment", {})
        order = {"orderId": order_id, "amount": amount, "currency": currency,
                 "transactionId": transaction, "at": time.time(),
                 "hold": not options.get("capture", True), "refunds": [],
                 "status": "COMPLETE", "paid": amount - Decimal(self.mismatch),
                 "voided": False, **more}
        self.orders[order_id] = order
        self.charges.append(order)
        return order

    def _pay(self, version, body):
        with self.state.lock:
            order_id, amount, currency = self._checked(body)
            made = self.keys.pop(body.get("oneTimeKey"), None)
            if made is None or time.time() - made > KEY_SECONDS:
                raise Refusal("1133")
            if self.customer:
                raise Refusal(self.customer)
            order = self._charge(order_id, amount, currency, body,
                                 self._next(), status="AUTH_READY")
            slow = self.slow
        time.sleep(slow)  # the customer looks at the phone
        with self.state.lock:
            if order["status"] == "AUTH_READY":
                order["status"] = "COMPLETE"
            return self._paid(version, order)

    def _paid(self, version, order):
        half = (order["paid"] / 2).quantize(Decimal("1"))
        info = {"transactionId": order["transactionId"],
                "orderId": order["orderId"],
                "transactionDate": stamp(order["at"]),
                "payInfo": [{"method": "BALANCE",
                             "amount": number(order["paid"] - half)},
                            {"method": "POINT", "amount": number(half)}],
                "newField": {"deep": [1]}}
        if version == "v4":
            info["paymentProvider"] = "TSP"
        if order["hold"]:
            info["authorizationExpireDate"] = stamp(order["at"] + HOLD_SECONDS)
        return info

    def _request(self, body):
        with self.state.lock:
            order_id, amount, currency = self._checked(body)
            urls = body.get("redirectUrls", {})
            if not urls.get("confirmUrl") or not urls.get("cancelUrl"):
                raise Refusal("2101")
            transaction = self._next()
            self.requests[str(transaction)] = {
                "orderId": order_id, "amount": amount, "currency": currency,
                "urls": urls, "body": body, "state": "waiting"}
            web = f"{self.base}/_pay/line?transaction={transaction}"
            return {"paymentUrl": {"web": web, "app": "line://pay/payment/" +
                                   quote(str(transaction))},
                    "transactionId": transaction,
                    "paymentAccessToken": "187568751124"}

    def _confirm(self, version, name, body):
        with self.state.lock:
            request = self.requests.get(name)
            if not request:
                raise Refusal("1150")
            if request["state"] == "done":
                raise Refusal("1172")
            if request["state"] != "agreed":
                raise Refusal("1169")
            amount, currency = self._money(body)
            if (amount, currency) != (request["amount"], request["currency"]):
                raise Refusal("1153")
            if self.customer:
                raise Refusal(self.customer)
            request["state"] = "done"
            order = self._charge(request["orderId"], amount, currency,
                                 request["body"], int(name))
            return dict(self._paid(version, order), packages=[])

    @staticmethod
    def _live_hold(order):
        if not order["hold"] or order["voided"]:
            raise Refusal("1179")

    def _capture(self, version, order, body):
        self._live_hold(order)
        amount, currency = self._money(body)
        if currency != order["currency"] or amount > order["amount"]:
            raise Refusal("1153")
        order["hold"] = False
        return self._paid(version, order)

    def _void(self, _version, order, _body):
        if order["voided"]:
            raise Refusal("1165")
        self._live_hold(order)
        order["voided"] = True

    def _refund(self, _version, order, body):
        if order["hold"]:
            raise Refusal("1179")
        left = order["paid"] - sum(r["amount"] for r in order["refunds"])
        amount = left
        if "refundAmount" in body:
            amount, _ = self._money(dict(body, currency=order["currency"]),
                                    "refundAmount")
        if left == 0:
            raise Refusal("1165")
        if amount > left:
            raise Refusal("1164")
        refund = {"transaction": self._next(), "amount": amount,
                  "at": time.time()}
        order["refunds"].append(refund)
        return {"refundTransactionId": refund["transaction"],
                "refundTransactionDate": stamp(refund["at"])}

    # Questions.
    def _read(self, version, rest, query):
        with self.state.lock:
            found = re.match(r"/(orders|requests)/([^/]+)/check$", rest)
            if found and found.group(1) == "orders":
                order = self.orders.get(unquote(found.group(2)))
                if not order:
                    raise Refusal("1150")
                return dict(self._paid(version, order), status=order["status"])
            if found:
                self._request_state(found.group(2))
                return None
            if rest not in ("", "/authorizations"):
                raise Refusal("2101")
            return self._details(version, query, rest == "/authorizations")

    def _request_state(self, name):
        request = self.requests.get(name)
        if not request:
            raise Refusal("1150")
        code = {"waiting": "0000", "agreed": "0110", "cancelled": "0121",
                "failed": "0122", "done": "0123"}[request["state"]]
        if code != "0000":
            raise Refusal(code)

    def _details(self, version, query, holds):
        asked = parse_qs(query)
        ids = asked.get("orderId", [])
        transactions = asked.get("transactionId", [])
        if len(ids) + len(transactions) > MOST_ORDERS:
            raise Refusal("1177")
        out = [self._entry(version, o, holds) for o in self.orders.values()
               if (o["orderId"] in ids
                   or str(o["transactionId"]) in transactions)
               and o["hold"] == holds and o["status"] == "COMPLETE"]
        if not out:
            raise Refusal("1150")
        return out

    def _entry(self, version, order, holds):
        entry = dict(self._paid(version, order), currency=order["currency"],
                     transactionType="PAYMENT", productName="goods")
        if holds:
            entry["payStatus"] = ("VOIDED_AUTHORIZATION" if order["voided"]
                                  else "AUTHORIZATION")
        if order["refunds"]:
            total = sum(r["amount"] for r in order["refunds"])
            kind = ("PAYMENT_REFUND" if total == order["paid"]
                    else "PARTIAL_REFUND")
            entry["refundList"] = [
                {"refundTransactionId": r["transaction"],
                 "transactionType": kind, "refundAmount": -number(r["amount"]),
                 "refundTransactionDate": stamp(r["at"])}
                for r in order["refunds"]]
        return entry

    def charged(self):
        """What every order cost its customer: one row for each payment."""
        out = {}
        for order in self.charges:
            out.setdefault(order["orderId"], []).append(
                {"transaction": str(order["transactionId"]),
                 "amount": str(number(order["paid"])),
                 "currency": order["currency"],
                 "state": "voided" if order["voided"] else
                 "held" if order["hold"] else "captured",
                 "refunded": str(number(sum(r["amount"]
                                            for r in order["refunds"])))})
        return out
