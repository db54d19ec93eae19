# SPDX-License-Identifier: Apache-2.0
"""Every GET route as every role and as every kind of device, against what product.md grants: a changed right is a changed line.

Letters as in tests/secrecy/roles; g a terminal at a gate, p a duty telephone. Whoever may not is told 403 by the route
alone, with the same words whatever it names; whoever may is told of what he cannot see what he is told of what never was.
"""
import re

from ground import API, FIXED, bare, check, is_refusal, noted, roles, unfilled

from device import bound

MAY = {
    "GLCDASUX": "capabilities",
    "GLCDASUXgp": "agencies contacts deadlines drawing-layers drawings due events/{id}/image fixtures gates law-articles law-basis law-editions"
                  " law-refs law-terms own-addresses place-editions place-find places posts posture-levels postures search second-requests"
                  " second/waiting session sessions site-cases site-list-entries site-lists site-positions sites situations source-points"
                  " sources statements tiles zone-conditions zone-links zones",
    "GLCDASUXp": "alarm-budgets alarm-performance alarm-thresholds alert-storms alerts desk/summary incident-log incidents rule-progress"
                 " rule-records rule-shadow rule-texts rule-trial-sites rule-words rules tasks",
    "CASU": "ban-reviews bans",
    "GLCDASU": "badges checklist-answers checklist-findings checklist-templates checklists gate-areas gate-holders gate-lists gate-points"
               " gate-misses gate-rules gate-terminals gate arrivals passage-imports passages presence refusals expected-vehicles gate-figures gate-test-results"
               " goods-movements muster-marks muster-people musters vehicle-checks vehicle-limits vehicle-stays"
               " posted-notices visit-approvals visit-certificates visit-guests visit-rules visit-settings visit-steps visits",
    "g": "gate/terminal/snapshot",
    "LCDASUX": "device-accounts notice-addresses permission-changes persons units users force-types",
    "LCDASU": "facts",
    "CDASUX": "links notice-rules notice-tests outbox",
    "CDASU": "clauses coord correspondents document-decisions document-receivings document-sendings documents openings own-card"
             " regulation-parties regulations",
    "CASUX": "events",
    "CAS": "gate-findings gate-tests",
    "CASX": "imports sources/{id}/device-setup",  # where a device reports, with its token
    "CDAU": "evidence-bundles",
    "CDUX": "journal",
    "CDSX": "waiting-sources",
    "CAUX": "gate-lookups person-lookups",
    "AUX": "breach-notices breaches notice-texts processing-activities retention-choices retention-classes subject-requests visitor-notices",
    "X": "health metrics start tokens",
}
SHARED = rf"{API}/(agencies|checklist-templates|law|site-lists|site-cases|rule|place|posture-levels|situations|force-types|retention)"


def letters(path):
    """Who may, by the longest name that fits."""
    short = path.removeprefix(API).lstrip("/")
    fits = [(len(name), who) for who, names in MAY.items() for name in names.split() if short == name or short.startswith(name + "/")]
    return max(fits, default=(0, None))[1]


def reading(w):
    """Routes that are read by who is known."""
    return [path for method, path, op in w.routes if method == "GET" and op.get("security") != [] and not path.endswith("/stream")]


def roles_read_what_is_theirs(w):
    """On one's own agency's things, at a site where one has no role, and as a device."""
    denied = set()
    for path in reading(w):
        who = letters(path)
        check(f"{path} is in the table", who is not None)
        for letter, role in roles.ROLES.items():
            a = noted(w.own[role].get(w.path(path)))
            if who and letter in who:
                check(f"{role} may read {path}", a.status in (200, 404) or (a.status == 400 and "{id}" not in path), (a.status, a.body))
                check(f"{role} reads the list {path}", "{" in path or a.status in (200, 400, 404), a.body)
            else:
                thing = path.endswith("/device-setup")  # refused by the source, where he sees that
                check(f"{role} may not read {path}", a.status in ((403, 404) if thing else (403,)) and set(a.body) <= FIXED | ({"field"} if thing else set()), (a.status, a.body))
                denied.add("" if thing else str(a.body))
            guest_is_told_nothing(w, role, path)
    check("one refusal to them all", len(denied - {""}) == 1, denied)
    for kind, letter in (("gate", "g"), ("phone", "p")):
        devices_read_what_is_theirs(w, kind, letter)


def guest_is_told_nothing(w, role, path):
    """A thing at a site where he has no role is like one that never was."""
    hidden, never = w.path(path), unfilled(path)
    if hidden == never:
        return
    a, b = noted(w.guests[role].get(hidden)), noted(w.guests[role].get(never))
    shared = a.status == 200 and re.match(SHARED, path)
    check(f"hidden from a guest {role}: {path}", shared or (a.status in (403, 404) and (a.status, a.body) == (b.status, b.body)),
          (a.status, a.body, b.body))


def devices_read_what_is_theirs(w, kind, letter):
    """A device of the guests' site: what it may not read is refused by the route; of elsewhere it learns nothing."""
    device = bound(w.node, w.theirs, kind=kind)
    for path in reading(w):
        who, hidden, never = letters(path) or "", w.path(path), unfilled(path)
        a = bare(w, "GET", hidden, device.words("GET", hidden))
        if letter not in who:
            check(f"a {kind} may not read {path}", is_refusal(a, 403, 404) and set(a.body) <= FIXED, (a.status, a.raw[:200]))
        elif hidden != never:
            b = bare(w, "GET", never, device.words("GET", never))
            shared = a.status == 200 and re.match(SHARED, path)
            check(f"hidden from a {kind}: {path}", shared or (a.status in (403, 404) and (a.status, a.raw) == (b.status, b.raw)), (a.raw, b.raw))
        else:
            check(f"a {kind} may read {path}", a.status in (200, 400, 404), (a.status, a.raw[:200]))
    for method, path in w.closed:
        if method == "POST" and not path.endswith(("incidents/{id}/log", "tasks/{id}/done", "sessions/end-others", "terminal/hello")):  # its own, or none
            target, body = w.path(path), b"{}"
            a = bare(w, "POST", target, {**device.words("POST", target, body), "Content-Type": "application/json"}, body)
            check(f"a {kind} may not {path}", a.status in (400, 403, 404) and b'"id"' not in a.raw, (a.status, a.raw[:200]))
