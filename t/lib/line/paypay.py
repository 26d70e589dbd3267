"""PayPay's codes and refunds, by the rules of its published SDKs.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from urllib.parse import parse_qs

CODE_SECONDS = 300
CLOCK_SECONDS = 120


class Refusal(Exception):
    """(status, code, code id)"""


def body_hash(kind, body):
    return base64.b64encode(
        hashlib.md5(kind.encode() + body).digest()).decode()


def mac(secret, path, method, nonce, epoch, kind, digest):
    text = "\n".join((path, method, nonce, epoch, kind, digest))
    return base64.b64encode(hmac.new(secret.encode(), text.encode(),
                                     hashlib.sha256).digest()).decode()


class PayPay:
    """merchants: {API key: secret}."""

    def __init__(self, state):
        self.state = state
        self.merchants = {}
        self.assume = ""     # the X-ASSUME-MERCHANT that is wanted
        self.codes = {}      # by order id
        self.refunds = {}    # by our refund id
        self.charges = []
        self.unpaid = "CREATED"  # or NOT_FOUND, of a code nobody paid
        self.in_vain = 0     # how many of the next refunds fail
        self.cheaper = 0     # how much less than asked for is paid
        self.base = ""

    # The customer's side.
    def page(self, query):
        q = {k: v[0] for k, v in parse_qs(query).items()}
        code = next((c for c in self.codes.values()
                     if c["codeId"] == q.get("code")), None)
        if not code:
            return 404, "text/html", "<h1>404</h1>"
        if q.get("do") != "pay":
            return 200, "text/html", (
                "<!doctype html><html lang=ja><title>PayPay</title>"
                f"<h1>PayPay</h1><p>{code['amount']}円</p><p><a id=pay "
                f"href='?code={code['codeId']}&amp;do=pay'>支払う</a>")
        self.pay(code["order"])
        return 302, None, code["redirect"] or self.base

    def pay(self, order, status="COMPLETED"):
        code = self.codes[order]
        if code["status"] != "CREATED" or code["expires"] < time.time():
            return
        code["status"] = status
        if status == "COMPLETED":
            code["paid"] = code["amount"] - self.cheaper
            code["payment"] = "0" + str(secrets.randbelow(9 * 10**17) + 10**17)
            self.charges.append(code)

    def expire(self, order):
        self.codes[order]["expires"] = time.time() - 1

    # The merchant's side.
    def serve(self, method, url, raw, headers):
        with self.state.lock:
            try:
                self._check_mac(method, url, raw, headers)
                status, data = self._route(method, url.path, raw)
                return status, dict(self._info("SUCCESS", "08100001"),
                                    data=data)
            except Refusal as why:
                status, code, code_id = why.args
                return status, self._info(code, code_id)

    @staticmethod
    def _info(code, code_id):
        return {"resultInfo": {"code": code, "message": code.title(),
                               "codeId": code_id}}

    def _check_mac(self, method, url, raw, headers):
        parts = headers.get("Authorization", "").split(":")
        if len(parts) != 6 or parts[0] != "hmac OPA-Auth":
            raise Refusal(401, "UNAUTHORIZED", "08100016")
        _, key, given, nonce, epoch, digest = parts
        kind = headers.get("Content-Type", "empty") if raw else "empty"
        own = body_hash(kind, raw) if raw else "empty"
        secret = self.merchants.get(key, "")
        if (not secret or digest != own
                or abs(time.time() - int(epoch)) > CLOCK_SECONDS
                or not hmac.compare_digest(given, mac(
                    secret, url.path, method, nonce, epoch, kind, own))):
            raise Refusal(401, "UNAUTHORIZED", "08100016")
        if self.assume and headers.get("X-ASSUME-MERCHANT") != self.assume:
            raise Refusal(401, "OP_OUT_OF_SCOPE", "08100023")

    def _route(self, method, path, raw):
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            raise Refusal(400, "INVALID_REQUEST_PARAMS", "08100006") from None
        if (method, path) == ("POST", "/v2/codes"):
            return 201, self._create(body)
        if (method, path) == ("POST", "/v2/refunds"):
            return 200, self._refund(body)
        found = re.match(r"/v2/(codes/payments|codes|refunds)/([^/]+)$", path)
        routes = {("GET", "codes/payments"): self._details,
                  ("DELETE", "codes"): self._delete,
                  ("GET", "refunds"): self._refund_details}
        route = found and routes.get((method, found.group(1)))
        if not route:
            raise Refusal(404, "NOT_FOUND", "08100404")
        return 200, route(found.group(2))

    @staticmethod
    def _money(body):
        money = body.get("amount")
        amount = money.get("amount") if isinstance(money, dict) else None
        if not isinstance(amount, int) or isinstance(amount, bool) \
                or amount < 1 or money.get("currency") != "JPY" \
                or not isinstance(body.get("requestedAt"), int):
            raise Refusal(400, "INVALID_REQUEST_PARAMS", "08100006")
        return amount

    def _create(self, body):
        amount, order = self._money(body), body.get("merchantPaymentId")
        if body.get("codeType") != "ORDER_QR" or not isinstance(order, str) \
                or not 1 <= len(order) <= 64:
            raise Refusal(400, "INVALID_REQUEST_PARAMS", "08100006")
        if order in self.codes:
            raise Refusal(400, "DUPLICATE_DYNAMIC_QR_REQUEST", "01652073")
        code = "04-" + secrets.token_urlsafe(12)
        self.codes[order] = {
            "order": order, "codeId": code, "amount": amount, "paid": 0,
            "status": "CREATED", "payment": "", "refunds": [],
            "redirect": body.get("redirectUrl", ""),
            "expires": int(time.time()) + CODE_SECONDS}
        url = f"{self.base}/_pay/paypay?code={code}"
        return {"codeId": code, "url": url,
                "deeplink": "paypay://payment?link_key=" + code,
                "expiryDate": self.codes[order]["expires"],
                "merchantPaymentId": order, "amount": body["amount"],
                "codeType": "ORDER_QR", "isAuthorization": False}

    @staticmethod
    def _yen(amount):
        return {"amount": amount, "currency": "JPY"}

    def _details(self, order):
        code = self.codes.get(order)
        if not code or (code["status"] == "CREATED"
                        and self.unpaid == "NOT_FOUND"):
            raise Refusal(400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
        status = code["status"]
        if status == "CREATED" and code["expires"] < time.time():
            status = "EXPIRED"
        data = {"status": status, "merchantPaymentId": order,
                "amount": self._yen(code["paid"] or code["amount"]),
                "requestedAt": int(time.time()), "metadata": {}}
        if code["payment"]:
            data["paymentId"] = code["payment"]
        if code["refunds"]:
            data["status"] = "REFUNDED"
            data["refunds"] = {"data": code["refunds"]}
        return data

    def _delete(self, name):
        code = next((c for c in self.codes.values() if c["codeId"] == name),
                    None)
        if not code:
            raise Refusal(404, "DYNAMIC_QR_NOT_FOUND", "01652072")
        if code["status"] != "CREATED":
            raise Refusal(400, "DYNAMIC_QR_ALREADY_PAID", "01652074")
        code["status"] = "CANCELED"

    def _refund(self, body):
        amount, name = self._money(body), body.get("merchantRefundId")
        code = next((c for c in self.codes.values() if c["payment"]
                     and c["payment"] == body.get("paymentId")), None)
        if not code:
            raise Refusal(404, "RESOURCE_NOT_FOUND", "00200001")
        if name in self.refunds:
            return self.refunds[name]
        if code["refunds"]:
            raise Refusal(400, "UNACCEPTABLE_OP", "00200014")
        if amount > code["paid"]:
            raise Refusal(400, "INVALID_PARAMS", "00200015")
        refund = {"status": "CREATED", "acceptedAt": int(time.time()),
                  "merchantRefundId": name, "paymentId": code["payment"],
                  "amount": self._yen(amount)}
        self.refunds[name] = refund
        if self.in_vain > 0:
            self.in_vain -= 1
            refund["status"] = "FAILED"
            return refund
        code["refunds"].append(refund)
        return refund

    def _refund_details(self, name):
        if name not in self.refunds:
            raise Refusal(404, "NO_SUCH_REFUND_ORDER", "00200018")
        return self.refunds[name]

    def charged(self):
        out = {}
        for code in self.charges:
            out.setdefault(code["order"], []).append(
                {"transaction": code["payment"], "amount": str(code["paid"]),
                 "currency": "JPY", "state": "captured",
                 "refunded": str(sum(r["amount"]["amount"]
                                     for r in code["refunds"]))})
        return out
