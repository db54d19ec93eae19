# SPDX-License-Identifier: Apache-2.0
"""Webhooks that nobody signed, that say something else than was signed, or that were said before."""
import hashlib
import hmac
import json
import re
import secrets
import sqlite3
import time

from ground import bare, check, is_refusal

KEY, OTHER = secrets.token_bytes(16), secrets.token_bytes(16)
PATH = "/ingest/webhook/"
TOO_MUCH = (64 << 10) + 1


def signed(body, key=KEY, ts=None):
    """The two headers of a body."""
    ts = str(int(time.time()) if ts is None else ts)
    return {"Content-Type": "application/json", "X-Vonggac-Timestamp": ts,
            "X-Vonggac-Signature": hmac.new(key, ts.encode() + b"." + body, hashlib.sha256).hexdigest()}


def said(word, **more):
    """One event whose text can be found again."""
    return json.dumps({"kind": "door_forced", "verb": "other", "text": word, **more}).encode()


def journaled(w, word):
    """How many events carry a word."""
    with sqlite3.connect(f"file:{w.node.data}/vonggac.db?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM event WHERE instr(body, ?)", (word,)).fetchone()[0]


def counted(w):
    """{outcome: how many}, as the node counts them."""
    return {k: int(n) for k, n in re.findall(r'^vonggac_webhook_total\{what="(\w+)"\} (\d+)$', w.admin.get("/metrics").body, re.M)}


def forged_ones(w, good, headers):
    """{name: (path, headers, body)}: each must be nobody's."""
    now, one = int(time.time()), PATH + "cau-1"
    mixed = dict(headers)
    mixed["X-Vonggac-Timestamp"] = str(now + 1)
    return {
        "no signature": (one, {"Content-Type": "application/json"}, good),
        "no time": (one, {k: v for k, v in headers.items() if not k.endswith("Timestamp")}, good),
        "another body": (one, headers, good.replace(b"other", b"raise")),
        "a longer body": (one, headers, good + b" "),
        "no body": (one, headers, b""),
        "another time": (one, mixed, good),
        "another source's key": (one, signed(good, OTHER), good),
        "another source": (PATH + "cau-2", headers, good),
        "no source": (PATH + "khong-co", signed(good), good),
        "an empty key": (one, signed(good, b""), good),
        "zeros for a key": (PATH + "khong-co", signed(good, bytes(32)), good),
        "a cut signature": (one, {**headers, "X-Vonggac-Signature": headers["X-Vonggac-Signature"][:-2]}, good),
        "a longer signature": (one, {**headers, "X-Vonggac-Signature": headers["X-Vonggac-Signature"] + "00"}, good),
        "an empty signature": (one, {**headers, "X-Vonggac-Signature": "sha256="}, good),
        "zeros": (one, {**headers, "X-Vonggac-Signature": "0" * 64}, good),
        "no number for a time": (one, signed(good, ts="hom-nay"), good),
        "an old one": (one, signed(good, ts=now - 302), good),
        "one of tomorrow": (one, signed(good, ts=now + 86400), good),
        "before all time": (one, signed(good, ts=-1), good),
        "past all numbers": (one, signed(good, ts=10 ** 30), good),
    }


def webhooks_are_signed_fresh_and_heard_once(w):
    """Wrong, changed, old: 401 with nothing journaled. A good one again: the same answer, journaled once. Each is counted."""
    n = w.node
    ids = {}
    for name, key in (("cau-1", KEY), ("cau-2", OTHER), ("cau-3", KEY)):
        ids[name] = n.make("sites.source_add", site=w.theirs, name=name, proto="webhook", address=name, key=key.hex())
    before, refused, events = counted(w), 0, w.events()
    good = said("moc-gia")
    headers = signed(good)
    answers = {}
    for name, (path, head, body) in forged_ones(w, good, headers).items():
        a = bare(w, "POST", path, head, body)
        check(f"a webhook: {name}", is_refusal(a, 401), (a.status, a.raw[:300]))
        answers[name], refused = a.raw, refused + 1
    check("who has no source is told what a wrong signature is told", answers["no source"] == answers["another source's key"])
    check("nothing was journaled", w.events() == events and journaled(w, "moc-gia") == 0)
    first = bare(w, "POST", PATH + "cau-1", headers, good)
    check("a good one", first.status == 200 and first.body == {"accepted": 1, "repeated": False}, first.raw)
    for name, head in (("again", headers), ("again with other letters", {**headers, "X-Vonggac-Signature": headers["X-Vonggac-Signature"].upper()}),
                       ("again as sha256=", {**headers, "X-Vonggac-Signature": "sha256=" + headers["X-Vonggac-Signature"]})):
        a = bare(w, "POST", PATH + "cau-1", head, good)
        check(f"a webhook {name}: heard once", a.status == 200 and a.body == {"accepted": 1, "repeated": True}, a.raw)
    check("journaled once", journaled(w, "moc-gia") == 1, journaled(w, "moc-gia"))
    named = [said(f"moc-ten-{i}", id="ten-1") for i in range(2)]
    check("an id", bare(w, "POST", PATH + "cau-1", signed(named[0]), named[0]).body["repeated"] is False)
    check("the id again, saying something else", bare(w, "POST", PATH + "cau-1", signed(named[1]), named[1]).body["repeated"] is True)
    check("its first words stand", (journaled(w, "moc-ten-0"), journaled(w, "moc-ten-1")) == (1, 0))
    other = bare(w, "POST", PATH + "cau-2", signed(named[1], OTHER), named[1])
    check("another source has ids of its own", other.body == {"accepted": 1, "repeated": False} and journaled(w, "moc-ten-1") == 1, other.raw)
    n.run("sites.source_disable", id=ids["cau-3"], reason="x", until=w.things.soon)
    check("of a source that is switched off", is_refusal(bare(w, "POST", PATH + "cau-3", headers, good), 403))
    refused += 1 + senseless_ones(w)
    after = counted(w)
    check("refused ones are counted", after["refused"] - before["refused"] == refused, (before, after, refused))
    # of those 401 four had a right signature: the time was wrong; and what is no sense was signed right
    check("wrong signatures are counted", after["bad_signature"] - before["bad_signature"] == len(answers) - 5, (before, after))
    check("repeated ones are counted", after["repeated"] - before["repeated"] == 4, (before, after))
    check("good ones are counted", after["accepted"] - before["accepted"] == 3, (before, after))
    who_signs_wrong_is_not_heard(w, after)


def senseless_ones(w):
    """Signed right and still nothing; how many."""
    path, n = PATH + "cau-1", 0
    for name, body, status in (("no JSON", b"{", 400), ("a list", b"[]", 400), ("no kind", b'{"verb":"raise"}', 400),
                               ("a member nobody knows", said("moc-la", zonne="1"), 400), ("no such kind", b'{"kind":"x","verb":"raise"}', 400),
                               ("too many", json.dumps({"events": [json.loads(said("moc-dong"))] * 101}).encode(), 400),
                               ("deep", b'{"kind":' + b"[" * 30000, 400), ("twice", b'{"kind":"fire","kind":"panic","verb":"raise"}', 400)):
        a = bare(w, "POST", path, signed(body), body)
        check(f"a webhook of {name}", is_refusal(a, status), (a.status, a.raw[:300]))
        n += 1
    large = b" " * TOO_MUCH
    check("a webhook too large", is_refusal(bare(w, "POST", path, signed(large), large), 413))
    check("none of it is journaled", journaled(w, "moc-la") + journaled(w, "moc-dong") == 0)
    return n


def who_signs_wrong_is_not_heard(w, before):
    """Twenty wrong signatures of one address: a minute without an ear, for that address alone."""
    body = said("moc-cam")
    wrong = {**signed(body), "X-Vonggac-Signature": "0" * 64}
    got = [bare(w, "POST", PATH + "cau-2", wrong, body, "127.0.0.30").status for _ in range(23)]
    check("he is shut out", got[:20] == [401] * 20 and got[20:] == [429] * 3, got)
    check("even with the right one", bare(w, "POST", PATH + "cau-2", signed(body, OTHER), body, "127.0.0.30").status == 429)
    check("others are heard", bare(w, "POST", PATH + "cau-2", signed(body, OTHER), body, "127.0.0.31").status == 200)
    after = counted(w)
    check("that is counted", (after["shut_out"] - before["shut_out"], after["quarantines"] - before["quarantines"]) == (4, 1), (before, after))
