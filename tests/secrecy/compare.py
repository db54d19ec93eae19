# SPDX-License-Identifier: Apache-2.0
"""Answers of two worlds side by side. Ids need not be the same letters where they derive from numbers of the journal, but
one of the first world must stand for one of the second throughout: a pairing, never two for one. Times are compared.

Masked is only what is opaque by construction: entity tags, cursors, keys made by chance at a start or log-in.
"""
import io
import json
import re
import zipfile

ID = r"(?<![0-9a-z])[0-9a-hjkmnp-tv-z]{16}(?![0-9a-z])"
EVENT = r"\be[0-9a-hjkmnp-tv-z]{24}\b"
NAMES = re.compile(f"{ID}|{EVENT}")
IS_EVENT = re.compile(EVENT)
NUMBERED = re.compile(r"(?<![\w-])\d{1,5}-\d{1,15}(?![\w-])")  # the custodian's names of events, "2-86"
CURSOR = re.compile(r"[\w-]+", re.ASCII)
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)")
LONG_HEX = re.compile(r"\b[0-9a-f]{16,}\b")
PORTS = re.compile(r"127\.0\.0\.1:\d+")
# Opaque by construction: made by chance at each start or log-in.
OPAQUE = {"boot", "csrf"}
# Where something stands in the journal: never a partner's.
COUNTS = {"log", "seq", "seqs", "last_seq", "source_seq", "hash", "label", "cause_log", "cause_seq", "heads", "seals"}
ETAG_FORM = re.compile(r"[0-9a-z]+")
checks = []


def check(name, good, detail=""):
    """Notes one outcome."""
    checks.append(bool(good))
    if not good:
        print(f"not as expected: {name}\n{detail}", flush=True)


def mask(value, key=""):
    """The same value with opaque fields hidden; whether they are there still shows."""
    if isinstance(value, dict):
        return {k: mask(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [mask(v, key) for v in value]
    if key == "next" and value is not None:
        return f"<cursor of {len(value)}>" if CURSOR.fullmatch(value) else f"no cursor: {value}"
    if key in OPAQUE and value is not None and not isinstance(value, bool):
        return f"<{key}>"
    return PORTS.sub("<port>", value) if isinstance(value, str) else value


def counted(value, key=""):
    """The numbers of the journal in an answer."""
    if isinstance(value, dict):
        # A file has a hash, too; that of an event is the chain's.
        return [x for k, v in value.items() if k != "hash" or "actor" in value for x in counted(v, k)]
    if isinstance(value, list):
        return [f"{key}: {value}"] if key in COUNTS and value else [x for v in value for x in counted(v, key)]
    if key in COUNTS and value is not None:
        return [f"{key}: {value}"]
    return [f"{key}: {x}" for x in NUMBERED.findall(TIMES.sub("", value))] if isinstance(value, str) else []


def body_of(answer):
    """JSON, text, the parts of a workbook as text, of a sealed paper its length."""
    if answer.raw[:4] == b"PK\3\4":
        with zipfile.ZipFile(io.BytesIO(answer.raw)) as parts:
            return {n: parts.read(n).decode("utf-8", "replace") for n in parts.namelist()}
    if answer.raw[:4] in (b"VGP1", b"VGR1"):  # closed to its receiver, under a key made for it by chance
        return f"<sealed, {len(answer.raw)}>"
    return mask(answer.body)


def seen(answer):
    """What of an answer a person can learn from."""
    found = counted(dict(answer.headers))
    is_workbook = answer.raw[:4] == b"PK\3\4"
    if "html" not in answer.headers.get("content-type", "") and not is_workbook:  # the manual has examples
        found += counted(answer.body)
    if found:
        check("no number of the journal is told", False, f"  {found[:5]} in {str(answer.body)[:300]}")
    headers = {k: v for k, v in answer.headers.items() if k != "etag" and (k != "content-length" or not is_workbook)}
    etag = answer.headers.get("etag")
    return {"status": answer.status, "headers": headers, "etag": etag and ETAG_FORM.sub("<tag>", etag), "body": body_of(answer)}


class Pairing:
    """Which id of the first world stands for which of the second."""

    def __init__(self, known, secrets):
        self.forth, self.back = {x: x for x in known}, {x: x for x in known}
        self.secrets = set(secrets)

    def same_name(self, a, b):
        """True: these two may stand for one another."""
        return self.forth.setdefault(a, b) == b and self.back.setdefault(b, a) == a

    def forms(self, a, b):
        """Two texts, the second written with the first one's ids where they are paired."""
        one, two = NAMES.findall(a), NAMES.findall(b)
        if [bool(IS_EVENT.match(x)) for x in one] != [bool(IS_EVENT.match(x)) for x in two]:
            return a, b
        pairs = iter([(x, y, self.same_name(x, y)) for x, y in zip(one, two)])

        def written(match):
            x, y, good = next(pairs)
            return x if good else y
        return a, NAMES.sub(written, b)

    def same(self, name, one, two):
        """Compares two answers and shows the first difference."""
        a, b = (json.dumps(x, ensure_ascii=False).replace("\\r\\n", " \r\n ") for x in (one, two))
        told = self.secrets.intersection(NAMES.findall(a)) if self.secrets else ()
        check(f"{name}: no hidden id", not told, f"  {told} in {a[:600]}")
        if a != b:
            a, b = self.forms(a, b)
        at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        check(name, a == b, f"  with hidden: …{a[max(0, at - 200):at + 300]}\n  without:     …{b[max(0, at - 200):at + 300]}")
        return a == b

    @staticmethod
    def shape(value):
        """For an order that does not depend on ids."""
        return NAMES.sub("<id>", json.dumps(mask(value), sort_keys=True, ensure_ascii=False))
