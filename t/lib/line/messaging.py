"""The Messaging API: stateless tokens, push with retry keys, quota.

SPDX-License-Identifier: Apache-2.0
"""
import secrets
import time

TOKEN_SECONDS = 900


class Messaging:
    def __init__(self, state):
        self.state = state
        self.tokens = {}
        self.retry = {}
        self.sent = []
        self.replies = set()
        self.quota = None
        self.serial = 460000000000000000

    def token(self, form):
        channel = self.state.channels.get(form.get("client_id"))
        if (form.get("grant_type") != "client_credentials" or not channel
                or form.get("client_secret") != channel["secret"]):
            return 400, {"error": "invalid_request", "error_description":
                         "Invalid 'client_credentials'."}
        token = secrets.token_urlsafe(40)
        self.tokens[token] = time.time() + TOKEN_SECONDS
        return 200, {"token_type": "Bearer", "access_token": token,
                     "expires_in": TOKEN_SECONDS}

    def allowed(self, token):
        return self.tokens.get(token, 0) > time.time()

    def push(self, body, key):
        """(status, body, headers)"""
        if key in self.retry:
            return 409, {"message": "The retry key is already accepted",
                         "sentMessages": self.retry[key][1]}, \
                {"x-line-accepted-request-id": self.retry[key][0]}
        messages = body.get("messages")
        if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
            return 400, {"message": "The request body has 1 error(s)",
                         "details": [{"message": "Size must be between 1 and 5",
                                      "property": "messages"}]}, {}
        if self.quota is not None and len(self.sent) >= self.quota:
            return 429, {"message": "You have reached your monthly limit."}, {}
        self.serial += len(messages)
        accepted = [{"id": str(self.serial)}]
        delivered = body.get("to") in self.state.friends
        self.sent.append({"to": body.get("to"), "messages": messages,
                          "key": key, "delivered": delivered})
        if key:
            self.retry[key] = (secrets.token_hex(8), accepted)
        return 200, {"sentMessages": accepted}, {}

    def reply(self, body):
        """A token that the test has given out is good once."""
        token = body.get("replyToken")
        if token not in self.replies:
            return 400, {"message": "Invalid reply token"}, {}
        self.replies.discard(token)
        self.serial += 1
        self.sent.append({"reply": token, "messages": body.get("messages"),
                          "delivered": True})
        return 200, {"sentMessages": [{"id": str(self.serial)}]}, {}

    def quotas(self):
        if self.quota is None:
            return 200, {"type": "none"}
        return 200, {"type": "limited", "value": self.quota}

    def consumption(self):
        return 200, {"totalUsage": len(self.sent)}

    def profile(self, user):
        if user in self.state.friends:
            return 200, {"userId": user, "displayName": "Alice"}
        return 404, {"message": "Not found"}
