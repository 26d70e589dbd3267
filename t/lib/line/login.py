"""LINE Login v2.1 and LIFF's tokens, as reference docs describe them.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import html
import json
import secrets
import time
from urllib.parse import parse_qs, urlencode

import tokens

CODE_SECONDS = 600
ACCESS_SECONDS = 2592000


def sub_of(user):
    return "U" + hashlib.md5(user.encode()).hexdigest()


class Login:
    """channels: {id: {"secret", "redirect": [prefixes]}}."""

    def __init__(self, state):
        self.state = state
        self.keys = tokens.Keys()
        self.codes = {}
        self.access = {}
        self.mode = "approve"  # deny, auto_login_failure, page
        self.user = "alice"
        self.claims = {}  # what the next ID tokens say otherwise
        self.alg = "HS256"
        self.forged = False  # the next ID tokens are signed by somebody else

    # The browser's side.
    def authorize(self, query):
        q = {k: v[0] for k, v in parse_qs(query).items()}
        channel = self.state.channels.get(q.get("client_id"))
        target = q.get("redirect_uri", "")
        if (not channel or q.get("response_type") != "code"
                or not q.get("state")
                or target.split("?")[0] not in channel["redirect"]):
            return 400, "text/html", "<h1>400 Bad Request</h1>"
        if "email" in q.get("scope", "") or "openid" not in q.get("scope", ""):
            return 400, "text/html", "<h1>invalid scope</h1>"
        if self.mode == "page" and "go" not in q:
            return 200, "text/html", self._page(query)
        return 302, None, self._back(q, target)

    def _page(self, query):
        return (f"<!doctype html><html lang=en><title>LINE</title><h1>LINE</h1>"
                f"<p><a id=allow href='?{html.escape(query)}&amp;go=1'>Allow"
                f"</a>")

    def _back(self, q, target):
        answer = {"state": q["state"]}
        if self.mode == "deny":
            answer.update(error="ACCESS_DENIED",
                          error_description="The resource owner denied the "
                          "request.")
        elif (self.mode == "auto_login_failure"
              and q.get("disable_auto_login") != "true"):
            answer = {"state": secrets.token_urlsafe(8),
                      "code": secrets.token_urlsafe(12)}
        else:
            code = secrets.token_urlsafe(15)
            self.codes[code] = dict(q, sub=sub_of(self.user),
                                    until=time.time() + CODE_SECONDS)
            answer["code"] = code
            if q.get("bot_prompt"):
                answer["friendship_status_changed"] = "true"
                self.state.friends.add(sub_of(self.user))
        return target + ("&" if "?" in target else "?") + urlencode(answer)

    # The server's side.
    def token(self, form):
        channel = self.state.channels.get(form.get("client_id"))
        if not channel or form.get("client_secret") != channel["secret"]:
            return 400, error("invalid_client", "client_secret does not match")
        if form.get("grant_type") != "authorization_code":
            return 400, error("unsupported_grant_type", "")
        grant = self.codes.pop(form.get("code"), None)
        if (not grant or grant["until"] < time.time()
                or grant["client_id"] != form["client_id"]
                or grant["redirect_uri"] != form.get("redirect_uri")
                or not self._proves(grant, form.get("code_verifier", ""))):
            return 400, error("invalid_grant", "invalid authorization code")
        return 200, self._grant(form["client_id"], channel, grant)

    @staticmethod
    def _proves(grant, verifier):
        if "code_challenge" not in grant:
            return True
        digest = hashlib.sha256(verifier.encode()).digest()
        return grant["code_challenge"] == tokens.b64(digest)

    def _grant(self, client, channel, grant):
        access = secrets.token_urlsafe(40)
        self.access[access] = {"client_id": client, "sub": grant["sub"],
                               "until": time.time() + ACCESS_SECONDS}
        body = tokens.claims(client, grant["sub"], grant.get("nonce"),
                             **dict({"name": "Alice"}, **self.claims))
        return {"access_token": access, "expires_in": ACCESS_SECONDS,
                "id_token": tokens.es256(body, self.keys)
                if self.alg == "ES256"
                else tokens.hs256(body, "x" * 32 if self.forged
                                  else channel["secret"], self.alg),
                "refresh_token": secrets.token_urlsafe(20),
                "scope": "profile openid", "token_type": "Bearer",
                "new_field": 1}

    def mint(self, client, user, **more):
        """A LIFF app's ID token and access token."""
        access = secrets.token_urlsafe(40)
        self.access[access] = {"client_id": client, "sub": sub_of(user),
                               "until": time.time() + 43200}
        kid, alg = more.pop("kid", None), more.pop("alg", "ES256")
        key = more.pop("key", "")
        body = tokens.claims(client, sub_of(user), **more)
        if key == "public":  # what the set shows, as if it were a secret
            key = json.dumps(self.keys.public()["keys"][-1])
        return {"id_token": tokens.es256(body, self.keys, kid)
                if alg == "ES256" else tokens.hs256(body, key, alg),
                "access_token": access}

    def _live(self, access):
        grant = self.access.get(access)
        return grant if grant and grant["until"] > time.time() else None

    def verify_access(self, access):
        grant = self._live(access)
        if not grant:
            return 400, error("invalid_request", "access token expired")
        return 200, {"scope": "profile openid", "client_id":
                     grant["client_id"],
                     "expires_in": int(grant["until"] - time.time())}

    def verify_id(self, form):
        """POST verify: for ID tokens of this server's making."""
        try:
            body = json.loads(base64.urlsafe_b64decode(
                form["id_token"].split(".")[1] + "=="))
        except (KeyError, IndexError, ValueError):
            return 400, error("invalid_request", "Invalid IdToken.")
        if body.get("aud") != form.get("client_id"):
            return 400, error("invalid_request", "Invalid IdToken Audience.")
        if body["exp"] < time.time():
            return 400, error("invalid_request", "IdToken expired.")
        return 200, body

    def revoke(self, form):
        self.access.pop(form.get("access_token"), None)
        return 200, None

    def profile(self, access):
        grant = self._live(access)
        if not grant:
            return 401, {"message": "invalid token"}
        return 200, {"userId": grant["sub"], "displayName": "Alice",
                     "pictureUrl": "https://profile.line-scdn.net/alice"}

    def friendship(self, access):
        grant = self._live(access)
        if not grant:
            return 401, {"message": "invalid token"}
        return 200, {"friendFlag": grant["sub"] in self.state.friends}


def error(name, text):
    return {"error": name, "error_description": text}
