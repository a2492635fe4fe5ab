"""A mail server for tests. Prints its port, its certificate authority, and a line of JSON for each mail that it took or refused.

The arguments are the protection (`none`, `starttls`, `tls`) and, if it takes mail from one user alone, `user password`. What it does
with a mail is said by the address: `later...` is refused for now, `never...` for good.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

import trustme
from aiosmtpd.smtp import SMTP, AuthResult


class Box:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later"):
            print(json.dumps({"refused": address}), flush=True)
            return "451 4.2.1 the mailbox is busy"
        if address.startswith("never"):
            print(json.dumps({"refused": address}), flush=True)
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        print(
            json.dumps(
                {
                    "to": envelope.rcpt_tos[0],
                    "from": mail["From"],
                    "subject": mail["Subject"],
                    "message_id": mail["Message-ID"],
                    "auto": mail["Auto-Submitted"],
                    "plain": mail.get_body(("plain",)).get_content(),
                    "html": mail.get_body(("html",)).get_content(),
                }
            ),
            flush=True,
        )
        return "250 OK"


def check(server, session, envelope, mechanism, data):
    given = [data.login.decode(), data.password.decode()]
    # Not handled: the server itself answers 535.
    return AuthResult(success=given == sys.argv[2:4], handled=False)


async def main():
    how, wanted = sys.argv[1], len(sys.argv) > 3
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def made():
        start = {"tls_context": context, "require_starttls": True} if how == "starttls" else {}
        return SMTP(Box(), auth_required=wanted, auth_require_tls=False, authenticator=check, **start)

    whole = context if how == "tls" else None
    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0, ssl=whole)
    print(server.sockets[0].getsockname()[1])
    print(json.dumps(authority.cert_pem.bytes().decode()), flush=True)
    # Whoever started it closes its input, or dies.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
