# SPDX-License-Identifier: Apache-2.0
"""The other sides of the senders on loopback: a mail host (aiosmtpd, STARTTLS and login), a webhook receiver, a
SIEM (TLS or not), a host that takes connections and says nothing; an authority with a certificate for them."""
import email
import email.policy
import http.server
import json
import logging
import socket
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


logging.getLogger("mail.log").setLevel(logging.ERROR)


def authority(folder):
    """Makes an authority and a certificate of 127.0.0.1 by it: (PEM of the authority, a server's TLS context)."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "host.key", "-out",
            "host.csr", "-subj", "/CN=127.0.0.1")
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n", encoding="ascii")
    openssl("x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "san", "-out", "host.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "host.pem", folder / "host.key")
    return (folder / "ca.pem").read_text(encoding="ascii"), context


def free_port():
    """One that nobody has now (aiosmtpd cannot be asked to choose)."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Mail:
    """A mail host that wants STARTTLS and a login. `refuse`: recipients it answers 550 for."""

    def __init__(self, context, login, password, refuse=()):
        self.letters, self.refuse, self.sessions = [], refuse, set()

        def judge(_server, _session, _envelope, _mechanism, data):
            good = isinstance(data, LoginPassword) and (data.login, data.password) == (login.encode(), password.encode())
            return AuthResult(success=good)
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True,
                                     auth_required=True, authenticator=judge, server_hostname="mail.example")
        self.controller.start()
        self.port = self.controller.port

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 (aiosmtpd's name)
        """Who is known here."""
        if address in self.refuse:
            return "550 no such person here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802
        """A letter arrived."""
        self.sessions.add(session.peer)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((tuple(envelope.rcpt_tos), letter, session.ssl is not None))
        return "250 taken"

    def stop(self):
        """Ends the host."""
        self.controller.stop()


class Hook:
    """Keeps what was posted: path, headers, raw body. Answers what `answer` says."""

    def __init__(self):
        self.posts, self.answer = [], 204
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """One request."""
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802 (http.server's name)
                """Takes it."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.posts.append((self.path, dict(self.headers), body))
                self.send_response(hook.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words):
                """Nothing."""
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bodies(self):
        """What was said."""
        return [json.loads(body) for _, _, body in self.posts]

    def stop(self):
        """Ends it."""
        self.server.shutdown()
        self.server.server_close()


class Siem:
    """Reads octet-counted lines. Stopped and started again it listens on the same port and keeps its lines."""

    def __init__(self, context=None):
        self.context, self.lines, self.bad, self.port = context, [], [], 0
        self.listener, self.open = None, []
        self.start()

    def start(self):
        """Listens."""
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen()
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        """A thread a connection."""
        while True:
            try:
                line = listener.accept()[0]
                line = self.context.wrap_socket(line, server_side=True) if self.context else line
            except OSError:
                if listener.fileno() < 0:
                    return
                continue
            self.open.append(line)
            threading.Thread(target=self.read, args=(line,), daemon=True).start()

    def read(self, line):
        """LENGTH SPACE MESSAGE, without end."""
        buffer = b""
        while True:
            try:
                part = line.recv(65536)
            except OSError:
                return
            if not part:
                return
            buffer += part
            while b" " in buffer[:8]:
                count, _, rest = buffer.partition(b" ")
                if not count.isdigit():
                    self.bad.append(buffer[:80])
                    return
                if len(rest) < int(count):
                    break
                self.lines.append(rest[:int(count)].decode("utf-8"))
                buffer = rest[int(count):]

    def stop(self):
        """Nobody listens, and who was connected is cut off."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in self.open:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            line.close()
        self.open = []


class Deaf:
    """Takes connections and never says a word."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]

    def stop(self):
        """Ends it."""
        self.listener.close()
