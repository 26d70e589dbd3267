#!/usr/bin/python3
"""A mail server for tests: keeps what it is given, and misbehaves as asked.

  smtpd.py DIR [PORT [TLS [USER:PASSWORD]]]

TLS is none, starttls or smtps; both read DIR/cert.pem and DIR/key.pem. With a
password nothing is taken from who has not logged in; none: nobody can.

Writes its port to DIR/port. Every message that it answers with 250 becomes
DIR/NNNNNN.json, as Python's own parser reads it. The recipient's local part
says what happens to a message:

  bounce…  550 5.1.1 to RCPT              full…   552 5.2.2 after DATA
  later…   451 4.7.1 to RCPT, once        slow…   takes its time
  drop…    kept, and the connection is cut without an answer, once

Whatever comes in the clear is written to DIR/wire. A file DIR/away answers everything with 421; DIR/refuse has the answer to every
RCPT in it; DIR/pause, with a number of seconds in it, makes every message that
slow.

SPDX-License-Identifier: Apache-2.0
"""
import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

DIR = sys.argv[1]
TLS = sys.argv[3] if len(sys.argv) > 3 else "none"
LOGIN = sys.argv[4] if len(sys.argv) > 4 else ""
seen = {}


def first(address):
    """Whether that address was never seen before."""
    seen[address] = seen.get(address, 0) + 1
    return seen[address] == 1


def asked(name):
    """What the file of that name says; None: there is none."""
    try:
        with open("%s/%s" % (DIR, name)) as file:
            return file.read()
    except FileNotFoundError:
        return None


class Server(SMTP):
    def is_clear(self):
        return not (self.transport and
                    self.transport.get_extra_info("ssl_object"))

    def data_received(self, data):
        if self.is_clear():
            with open(DIR + "/wire", "ab") as file:
                file.write(data)
        super().data_received(data)


def authenticate(server, session, envelope, mechanism, data):
    given = b"%s:%s" % (data.login, data.password)
    return AuthResult(success=given == LOGIN.encode(), handled=False)


class Handler:
    count = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if asked("away"):
            return "421 4.3.2 closing"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if asked("refuse"):
            return asked("refuse")
        if address.startswith("bounce"):
            return "550 5.1.1 <%s>: nobody of that name" % address
        if address.startswith("later") and first(address):
            return "451 4.7.1 <%s>: come back later" % address
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        if address.startswith("full"):
            return "552 5.2.2 <%s>: mailbox full" % address
        if address.startswith("slow"):
            await asyncio.sleep(3)
        if asked("pause"):
            await asyncio.sleep(float(asked("pause")))
        self.keep(envelope, session, not server.is_clear())
        if address.startswith("drop") and first(address):
            server.transport.abort()
        return "250 2.0.0 OK"

    def keep(self, envelope, session, is_tls):
        message = email.message_from_bytes(envelope.content,
                                           policy=email.policy.default)
        Handler.count += 1
        name = "%s/%06d.json" % (DIR, Handler.count)
        with open(name + ".new", "w") as file:
            json.dump({
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "headers": {k.lower(): str(v) for k, v in message.items()},
                "defects": [str(d) for d in message.defects],
                "body": message.get_content().replace("\r\n", "\n"),
                "raw": envelope.content.decode("ascii"),
                "tls": is_tls,
                "login": bool(session.authenticated),
            }, file)
        os.rename(name + ".new", name)


async def main():
    loop = asyncio.get_running_loop()
    context = None
    if TLS != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(DIR + "/cert.pem", DIR + "/key.pem")
    starttls = TLS == "starttls"
    server = await loop.create_server(
        lambda: Server(Handler(), hostname="mail.test", enable_SMTPUTF8=False,
                       tls_context=context if starttls else None,
                       require_starttls=starttls, auth_required=bool(LOGIN),
                       auth_require_tls=starttls,
                       authenticator=authenticate if LOGIN else None),
        host="127.0.0.1", port=int(sys.argv[2]) if len(sys.argv) > 2 else 0,
        ssl=context if TLS == "smtps" else None)
    with open(DIR + "/port.new", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(DIR + "/port.new", DIR + "/port")
    await server.serve_forever()


asyncio.run(main())
