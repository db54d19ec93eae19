#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The layers of src/, lowest first, and what each may include besides itself: the one table of it.

meson.build takes the order from here (run alone it prints the names), tools/check-layers the rules, and
ARCHITECTURE.md explains them. `only` narrows an allowed layer to some of its headers.
"""

LAYERS = {
    "base": [],
    "expr": ["base"],
    "ident": ["base"],
    "sheet": ["base", "ident"],
    "store": ["base"],
    "journal": ["base", "store"],
    "core": ["base", "ident", "store", "journal"],
    "net": ["base"],
    "engine": ["base", "expr"],
    "solve": ["base"],
    "ingest": ["base", "ident", "sheet", "core", "net"],
    "domain": ["base", "expr", "ident", "sheet", "store", "journal", "core", "engine", "solve"],
    "report": ["base", "ident", "store", "core"],
    "notify": ["base", "core", "ingest"],
    "federation": ["base", "store", "journal", "core", "net"],
    "http": ["base", "sheet", "core", "net"],
    "app": ["*"],
}

# Layers whose subfolders may not include one another (a module is reached by events and facts only).
ISOLATED = {"domain"}

# Text that only some places may hold: (what it is, regular expression, paths that may).
PLACES = [
    ("outgoing connection", r"\b(connect|getaddrinfo)\s*\(",
     ["src/core/egress.c", "src/core/control.c", "src/net/", "src/app/simulate", "src/app/verb_simulate", "src/app/verb_bench", "src/app/bench"]),
    ("outgoing connection by a library", r"\b(mosquitto_(re)?connect(_bind|_async|_srv|_v5)*|curl_(easy|multi)_perform)\s*\(",
     ["src/ingest/mqtt/client.c", "src/notify/dial.c", "src/app/bench"]),
    ("SQL text", r"\"\s*(?i:SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM"
                 r"|CREATE\s+(TEMP\s+)?(TABLE|VIEW|INDEX|TRIGGER|UNIQUE))\b",
     ["src/store/", "src/journal/", "src/core/", "src/domain/", "src/app/verb_", "src/app/bench_"]),
    ("SQLite call", r"\bsqlite3_\w+\s*\(", ["src/store/", "src/app/bench_"]),
    ("wall clock", r"\b(gettimeofday\s*\(|clock_gettime\s*\(\s*CLOCK_REALTIME|time\s*\(\s*(NULL|0)\s*\))", ["src/base/clock.c", "src/app/bench"]),
]

if __name__ == "__main__":
    print("\n".join(LAYERS))
