#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the stages of the tests: `stages.py [quick|full] [STAGE...]`, or `stages.py list`.

Each stage is a row of STAGES: name, depth, and a function that returns a Tally. One line a stage; the failed
cases of one, or the end of its log, are shown; the last line counts everything: `N passed, N failed[, N skipped]`. Where
something cannot be tried on this machine the stage raises Skip and says why: a skip is counted, not hidden.
"""
import concurrent.futures
import dataclasses
import itertools
import json
import os
import pathlib
import re
import signal
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "out" / "test"
QUICK_SECONDS = 3.0  # what took longer than this the last time is left out of `quick`
CORES = os.cpu_count() or 1
SANITIZER = {
    "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:abort_on_error=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


class Skip(Exception):
    """This stage cannot run here; the text says why."""


@dataclasses.dataclass
class Tally:
    """What a stage found."""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    log: str = ""

    def add(self, other):
        """Adds another tally's counts and its log."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.log += other.log


# ---------------------------------------------------------------- running things

def call(command, timeout, env=None, cwd=ROOT):
    """Runs a command in a group of its own; returns (exit code, output). At the time limit the group dies."""
    full = {**os.environ, **SANITIZER, **(env or {})}
    if shutil.which(str(command[0]), path=None) is None and not (pathlib.Path(cwd) / command[0]).exists():
        return 127, f"{command[0]}: no such program\n"
    with subprocess.Popen([str(c) for c in command], cwd=cwd, env=full, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as child:
        try:
            out, _ = child.communicate(timeout=timeout)
            code = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, _ = child.communicate()
            out, code = out + f"\nstopped after {timeout} s\n".encode(), 124
        except BaseException:
            os.killpg(child.pid, signal.SIGTERM)
            raise
    return code, out.decode("utf-8", "replace")


def count(code, out):
    """Reads a runner's own counts: our last line, node's summary, TAP; else one by the exit code."""
    ours = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", out, re.M)
    node = {k: int(v) for k, v in re.findall(r"^[^\w\n]* ?(pass|fail|skipped|cancelled) (\d+)$", out, re.M)}
    # cmocka writes a skipped case as "not ok 3 # SKIP name".
    tap = re.findall(r"^(ok|not ok) \d+(.*)$", out, re.M)
    tap_skip = sum("# SKIP" in rest for _, rest in tap)
    tap_ok = sum(word == "ok" and "# SKIP" not in rest for word, rest in tap)
    tap_bad = len(tap) - tap_skip - tap_ok
    if ours:
        tally = Tally(*(int(n or 0) for n in ours[-1]))
    elif "pass" in node and "fail" in node:
        tally = Tally(node["pass"], node["fail"] + node.get("cancelled", 0), node.get("skipped", 0))
    elif tap:
        tally = Tally(tap_ok, tap_bad, tap_skip)
    else:
        tally = Tally(int(code == 0), int(code != 0))
    if code != 0 and tally.failed == 0:
        tally.failed = 1  # it died after its last good case
    tally.log = out
    return tally


def command(*words, timeout=600, env=None):
    """One command, counted."""
    return count(*call(words, timeout, env))


def build(folder, *options, cc=None, timeout=1500):
    """Compiles into a folder; a failure is one failed case."""
    env = {"CC": cc} if cc else {}
    return count(*call(["tools/build", folder, *options], timeout, env))


# ---------------------------------------------------------------- unit tests

def no_randomize():
    """gcc 12's and clang 14's sanitizers cannot map their shadow where a new kernel randomizes 32 bits."""
    try:
        bits = int(pathlib.Path("/proc/sys/vm/mmap_rnd_bits").read_text(encoding="ascii"))
    except OSError:
        bits = 28
    works = bits > 28 and subprocess.run(["setarch", "-R", "true"], capture_output=True).returncode == 0
    return ["setarch", "-R"] if works else []


def run_unit(folder, test, prefix, env, limit):
    """One test program: (its name, Tally, seconds)."""
    start = time.monotonic()
    corpus = pathlib.Path(test["cmd"][-1])
    if test["name"].endswith("_fuzz") and not corpus.is_dir():
        return test["name"], Tally(failed=1, log=f"no corpus: {corpus}\n"), 0.0
    code, out = call([*prefix, *test["cmd"]], limit, {**test["env"], **env}, ROOT / folder)
    tally = count(code, out)
    if tally.failed:
        tally.log = f"--- {test['name']} (exit {code})\n{out}\n"
    else:
        tally.log = f"--- {test['name']}: {tally.passed} passed\n"
    return test["name"], tally, time.monotonic() - start


def unit(folder, quick=False, env=None):
    """All test programs of a build folder, two a core, for half of what they do is waiting; the slow ones are left out of
    quick."""
    tests = json.loads((ROOT / folder / "meson-info" / "intro-tests.json").read_text(encoding="utf-8"))
    times_file = ROOT / folder / "test-seconds.json"
    times = json.loads(times_file.read_text(encoding="utf-8")) if times_file.exists() else {}
    left_out = [t for t in tests if quick and times.get(t["name"], 0) > QUICK_SECONDS]
    chosen = sorted((t for t in tests if t not in left_out), key=lambda t: -times.get(t["name"], 0))
    tally, prefix = Tally(skipped=len(left_out)), no_randomize()
    extra = {"VG_BIN": str(ROOT / folder / "vonggac"), **(env or {})}
    with concurrent.futures.ThreadPoolExecutor(2 * CORES) as pool:
        for name, one, seconds in pool.map(lambda t: run_unit(folder, t, prefix, extra, 60 if quick else 600), chosen):
            tally.add(one)
            times[name] = round(seconds, 2)
    times_file.write_text(json.dumps(times, indent=0, sort_keys=True), encoding="utf-8")
    return tally


# One shared object: each of the test programs would else carry 25 MB of it, and be linked anew for every change.
SHARED = "-Ddefault_library=shared"
ASAN = ("-Db_sanitize=address,undefined", "-Db_lundef=false", "-Dtests=enabled", "-Dweb=false", SHARED)


def fuzz_one(target, seconds):
    """One target from its committed corpus, to which nothing is written."""
    work = LOGS / "fuzz" / target.name
    work.mkdir(parents=True, exist_ok=True)
    corpus = ROOT / "tests" / "corpus" / target.name
    code, out = call([*no_randomize(), target, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
                      "-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={work}/", work, corpus],
                     seconds + 120)
    if code != 0:
        return Tally(0, 1, 0, f"--- {target.name}: exit {code}\n{out[-6000:]}\n")
    runs = re.search(r"number_of_executed_units: (\d+)", out)
    return Tally(1, 0, 0, f"--- {target.name}: {runs.group(1) if runs else '?'} executions\n")


def fuzz():
    """Every libFuzzer target for VG_FUZZ_SECONDS (60), one a core at a time."""
    seconds = int(os.environ.get("VG_FUZZ_SECONDS", "60"))
    tally = Tally()
    targets = sorted((ROOT / "build-fuzz").glob("*_fuzz"))
    if not targets:
        raise Skip("no fuzz targets")
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for one in pool.map(lambda t: fuzz_one(t, seconds), targets):
            tally.add(one)
    return tally


# ---------------------------------------------------------------- static analysis

def c_files():
    """The product's own C files."""
    return sorted(str(p.relative_to(ROOT)) for p in (ROOT / "src").rglob("*.c"))


def tidy():
    """clang-tidy over every source, two at a time; the compile commands are clang's own."""
    def one(path):
        code, out = call(["clang-tidy", "-p", "build-fuzz", "--quiet", path], 600)
        kept = re.sub(r"^\d+ warnings? .*\n", "", out, flags=re.M)
        return Tally(int(code == 0), int(code != 0), 0, f"--- {path}\n{kept}\n" if code else "")
    known = (ROOT / "build-fuzz" / "compile_commands.json").read_text(encoding="utf-8")
    tally = Tally()
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for part in pool.map(one, [f for f in c_files() if f'{f}"' in known]):
            tally.add(part)
    return tally


def cppcheck():
    """cppcheck's warnings are faults. It does not parse a compound literal within ?:, nor see that open() copies."""
    return command("cppcheck", "-q", "-j", CORES, "--std=c11", "--language=c", "-I", "src", "--inline-suppr",
                   "--enable=warning,performance,portability", "--suppress=missingIncludeSystem",
                   "--suppress=autoVariables", "--suppress=internalAstError", "--suppress=returnDanglingLifetime:*_test.c",
                   "--suppress=legacyUninitvar:*_test.c", "--error-exitcode=1", "-DVG_VERSION=\"0\"", "src", timeout=1200)


def codespell():
    """English prose and comments; Vietnamese is not its business."""
    files = [f for f in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CODING.md") if (ROOT / f).exists()]
    return command("codespell", "--skip=*.vi.md,*.po,*/corpus/*,*/node_modules/*,*.json,*/vi/*",
                   "--ignore-words", "tests/codespell.words", *files, "docs", "src", "tools", "tests", "debian")


# ---------------------------------------------------------------- the product from outside

def web():
    """The console's type check and unit tests."""
    package = ROOT / "web" / "package.json"
    if not package.exists():
        raise Skip("no console in this tree")
    scripts = json.loads(package.read_text(encoding="utf-8")).get("scripts", {})
    tally = command("python3", "tools/npm.py", "web")
    for name in ("check", "test"):
        if not tally.failed and name in scripts:
            tally.add(command("npm", "--prefix", "web", "run", "--silent", name,
                              env={"VG_CATALOGUE": str(ROOT / "build" / "catalogue.json")}))
    return tally


def script(path, *words, timeout=900, need="build/vonggac", env=None, prefix=()):
    """A test program of its own that counts for itself."""
    if not (ROOT / path).exists():
        raise Skip(f"no {path} in this tree")
    if need and not (ROOT / need).exists():
        raise Skip(f"no {need}")
    return command(*prefix, path, *words, timeout=timeout, env={"VG_BIN": str(ROOT / "build/vonggac"), **(env or {})})


# name, depth (0 quick, 1 default, 2 full), what to do. The order is the order of running.
STAGES = [
    ("layers", 0, lambda: command("tools/check-layers")),
    ("headers", 0, lambda: command("tools/check-headers")),
    ("style", 0, lambda: command("tools/check-style")),
    ("manual", 0, lambda: command("python3", "tools/manual.py", "--check")),
    ("checks", 0, lambda: command("python3", "tests/checks/run.py")),
    ("build-asan", 0, lambda: build("build-asan", *ASAN)),
    ("unit-quick", -1, lambda: unit("build-asan", quick=True)),
    ("unit", 1, lambda: unit("build-asan")),
    ("format", 1, lambda: command("tools/format", "check")),
    ("build", 1, lambda: build("build", "--buildtype=release", "-Dtests=disabled", "-Dweb=true")),
    ("web", 1, web),
    ("frontdoor", 1, lambda: script("tests/frontdoor.py")),
    ("secrecy", 1, lambda: script("tests/secrecy/run", timeout=600)),
    ("roles", 1, lambda: script("tests/secrecy/roles", timeout=400)),
    ("attack", 1, lambda: script("tests/attack/run", timeout=400)),
    ("standalone", 1, lambda: script("tests/standalone/run", timeout=120)),
    ("keys", 1, lambda: script("tests/keys/run", timeout=180)),
    ("rotation", 1, lambda: script("tests/keys/rotation", timeout=400)),
    ("anchors", 1, lambda: script("tests/keys/anchors", timeout=180)),
    ("gate", 1, lambda: script("tests/gate/run", timeout=180)),
    ("merge", 1, lambda: script("tests/gate/merge", timeout=300)),
    ("ports", 1, lambda: script("tests/fault/ports.py", timeout=180, need="build-asan/vonggac",
                                env={"VG_BIN": str(ROOT / "build-asan/vonggac")}, prefix=no_randomize())),
    ("clock", 1, lambda: script("tests/fault/clock.py", timeout=120)),
    ("notify", 1, lambda: script("tests/notify/run", timeout=180)),
    ("devices", 1, lambda: script("tests/fault/devices.py", timeout=180, need="build-asan/vonggac",
                                  env={"VG_BIN": str(ROOT / "build-asan/vonggac")}, prefix=no_randomize())),
    ("mqtt", 1, lambda: script("tests/mqtt/run", timeout=120, need="build-asan/vonggac",
                               env={"VG_BIN": str(ROOT / "build-asan/vonggac")}, prefix=no_randomize())),
    ("rules", 1, lambda: script("tests/rules/run", timeout=120)),
    ("crash", 1, lambda: script("tests/crash/run", "10")),
    ("e2e", 1, lambda: script("tests/e2e/run", "test", timeout=1500, env={"VG_MORE": "1"} if "full" in sys.argv else {})),
    ("build-release-tests", 2, lambda: build("build-release", "--buildtype=release", "-Dtests=enabled", "-Dweb=false", SHARED)),
    ("unit-release", 2, lambda: unit("build-release")),
    ("build-clang", 2, lambda: build("build-clang", *ASAN, cc="clang")),
    ("unit-clang", 2, lambda: unit("build-clang")),
    ("build-fuzz", 2, lambda: build("build-fuzz", *ASAN[:2], "-Dtests=disabled", "-Dfuzz=true", "-Dweb=false", cc="clang")),
    ("fuzz", 2, fuzz),
    ("build-tsan", 2, lambda: build("build-tsan", "-Db_sanitize=thread", "-Db_lundef=false", "-Dtests=enabled", "-Dweb=false", SHARED)),
    ("unit-tsan", 2, lambda: unit("build-tsan")),
    ("analyzer", 2, lambda: build("build-analyzer", "-Dc_args=-fanalyzer", "-Dtests=disabled", "-Dweb=false", timeout=3000)),
    ("tidy", 2, tidy),
    ("cppcheck", 2, cppcheck),
    ("codespell", 2, codespell),
    ("rules-sec", 2, lambda: script("tests/rules/run", "full", timeout=1800)),
    ("crash-200", 2, lambda: script("tests/crash/run", "200", timeout=3600)),
    ("rsyslog", 2, lambda: script("tests/notify/rsyslog", timeout=180)),
    ("lint", 2, lambda: script("tests/lint/run", timeout=300)),
    ("stats", 2, lambda: script("tests/stats/run", timeout=300, need="build-asan/solve.surveil_test", prefix=no_randomize())),
    ("gallery", 2, lambda: script("tests/e2e/run", "gallery", timeout=1800)),
    ("bare", 2, lambda: script("tests/bare/run", timeout=5400, need=None)),
]
# These start nodes of their own and mostly wait: neighbours in the table run one a core, side by side.
BESIDE = {"frontdoor", "secrecy", "roles", "attack", "standalone", "keys", "rotation", "anchors", "gate", "merge", "ports", "clock", "notify",
          "devices", "mqtt", "rules", "crash"}
# What cannot be tried when another stage failed.
NEEDS = {"unit-quick": "build-asan", "unit": "build-asan", "ports": "build-asan", "mqtt": "build-asan", "secrecy": "build", "roles": "build", "attack": "build", "keys": "build", "rotation": "build", "anchors": "build", "gate": "build", "merge": "build", "standalone": "build", "notify": "build",
         "frontdoor": "build", "crash": "build", "e2e": "build",
         "unit-release": "build-release-tests", "unit-clang": "build-clang", "fuzz": "build-fuzz", "tidy": "build-fuzz",
         "unit-tsan": "build-tsan", "crash-200": "build", "rules": "build", "rules-sec": "build", "lint": "build",
         "rsyslog": "build", "stats": "build-asan", "gallery": "build",
         "devices": "build-asan"}


def choose(words):
    """The stages asked for: a depth, or names."""
    depth = {"quick": 0, "full": 2}.get(words[0] if words else "", 1)
    names = [w for w in words if w not in ("quick", "full")]
    unknown = set(names) - {name for name, _, _ in STAGES}
    if unknown:
        sys.exit(f"no such stage: {' '.join(sorted(unknown))} (./test list)")
    if names:
        return [s for s in STAGES if s[0] in names]
    return [s for s in STAGES if 0 <= s[1] <= depth or (s[1] == -1 and depth == 0)]


def what_failed(log):
    """What to show of a failed stage: each failed case of a TAP log with what is said of it (at most 12), else its end."""
    lines, shown = log.strip().splitlines(), []
    failed = [i for i, line in enumerate(lines) if re.match(r"not ok \d+(?!.*# SKIP)", line)]
    for i in failed[:12]:
        said = itertools.takewhile(lambda line: not re.match(r"(not )?ok |# Subtest|---", line), lines[i + 1:i + 40])
        shown += [lines[i], *said]
    return shown + lines[-20 if shown else -60:]


def run_stage(name, work, broken):
    """Runs one stage, prints its line, keeps its log, notes if it failed."""
    start = time.monotonic()
    try:
        if NEEDS.get(name) in broken:
            raise Skip(f"{NEEDS[name]} failed")
        tally = work()
        word = "FAILED" if tally.failed else "ok"
        note = f"{tally.passed} passed" + f", {tally.failed} failed" * bool(tally.failed) \
            + f", {tally.skipped} skipped" * bool(tally.skipped)
    except Skip as why:
        tally, word, note = Tally(skipped=1), "skipped", str(why)
    (LOGS / f"{name}.log").write_text(tally.log, encoding="utf-8")
    said = [f"{name:<20} {word:<8} {time.monotonic() - start:6.1f} s  {note}"]
    if tally.failed:
        broken.add(name)
        said += [f"    {line[:400]}" for line in what_failed(tally.log)] + [f"    (whole log: out/test/{name}.log)"]
    print("\n".join(said), flush=True)
    return tally


def main():
    words = sys.argv[1:]
    if words == ["list"]:
        print("\n".join(f"{name:<20} {['quick', 'default', 'full'][max(d, 0)]}" for name, d, _ in STAGES))
        return
    stages = choose(words)
    LOGS.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(LOGS / "fuzz", ignore_errors=True)
    total, broken, start = Tally(), set(), time.monotonic()
    for beside, group in itertools.groupby(stages, lambda s: s[0] in BESIDE):
        with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
            for tally in (pool.map if beside else map)(lambda s: run_stage(s[0], s[2], broken), list(group)):
                total.add(tally)
    print(f"\n{time.monotonic() - start:.0f} s" + f"; failed: {' '.join(sorted(broken))}" * bool(broken))
    print(f"{total.passed} passed, {total.failed} failed" + f", {total.skipped} skipped" * bool(total.skipped))
    sys.exit(1 if total.failed else 0)


main()
