# SPDX-License-Identifier: Apache-2.0
"""A device that signs its requests (ECDSA on P-256 with SHA-256), written from the standard and not by the product.

Slow and not for secrets: for tests only.
"""
import base64
import hashlib
import json
import secrets

import kit

P = 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def add(a, b):
    """Two points of the curve; None is infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    """k times a point."""
    out = None
    while k:
        if k & 1:
            out = add(out, point)
        point, k = add(point, point), k >> 1
    return out


def b64(data):
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    """A key, and the account it is bound to."""

    def __init__(self, secret=None):
        self.secret = secret or secrets.randbelow(N - 1) + 1
        x, y = times(self.secret, G)
        self.key = b64(b"\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big"))
        self.account = None

    def enrol(self, person, code):
        """Binds it; the answer."""
        got = person.post("/api/v1/devices/enrol", code=code, key=self.key, name="Máy thử")
        if got.status == 200:
            self.account = got.body["id"]
        return got

    def sign(self, data):
        """r and s of the bytes."""
        e = int.from_bytes(hashlib.sha256(data).digest(), "big")
        k = secrets.randbelow(N - 1) + 1
        r = times(k, G)[0] % N
        s = pow(k, -1, N) * (e + r * self.secret) % N
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def words(self, method, target, body=b"", **other):
        """The header of one request; other: account, ts, nonce, sig of another."""
        account = other.get("account", self.account)
        ts = other.get("ts", int(kit.now_s() * 1000))
        nonce = other.get("nonce", b64(secrets.token_bytes(16)))
        digest = b64(hashlib.sha256(body).digest())
        text = f"vonggac request 1\n{account}\n{ts}\n{nonce}\n{digest}\n{method} {target}"
        sig = other.get("sig", b64(self.sign(text.encode())))
        return {"Authorization": f"Device {account};ts={ts};nonce={nonce};body={digest};sig={sig}"}


def bound(node, site, kind="gate", **more):
    """A device of the site, bound."""
    made = node.run("accounts.device_add", kind=kind, name="Cổng thử", site=site, days=30, **more)
    device = Device()
    got = device.enrol(node.person(), made["code"])
    if got.status != 200:
        raise RuntimeError(json.dumps(got.body))
    return device
