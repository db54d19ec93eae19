#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./run as a newcomer meets it, in a copy of the front door on another port and data folder.

It starts, says where it is and how to log in, answers, refuses a second copy of itself, stops on Ctrl-C
without leaving a process, and goes on from the same data the next time. The build is not repeated.
"""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
WAIT_S = 60
checks = []


def check(name, good, detail=""):
    """Notes one outcome."""
    checks.append(bool(good))
    if not good:
        print(f"not as expected: {name}\n{detail}")


def tree(folder):
    """A checkout with the same scripts whose build is the one already made."""
    (folder / "debian").symlink_to(ROOT / "debian")
    (folder / "tools").mkdir()
    shutil.copy2(ROOT / "run", folder / "run")
    shutil.copy2(ROOT / "tools" / "packages", folder / "tools" / "packages")
    (folder / "tools" / "build").write_text("#!/bin/sh\nexit 0\n", encoding="ascii")
    (folder / "tools" / "build").chmod(0o755)
    (folder / "build").mkdir()
    (folder / "build" / "vonggac").symlink_to(ROOT / "build" / "vonggac")


def free_port():
    """A port nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(url):
    """Status of an address, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as e:
        return e.code
    except OSError:
        return 0


class Run:
    """One ./run with its output in a file. A job started in the background ignores SIGINT: set it back."""

    def __init__(self, folder, *words):
        self.log = folder / "output"
        with open(self.log, "w", encoding="utf-8") as out:
            self.child = subprocess.Popen([folder / "run", *words], cwd=folder, stdout=out, stderr=subprocess.STDOUT,
                                          stdin=subprocess.DEVNULL, start_new_session=True,
                                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def text(self):
        """What it said so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words):
        """True once the words were said."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end and words not in self.text() and self.child.poll() is None:
            time.sleep(0.1)
        return words in self.text()

    def interrupt(self):
        """Ctrl-C: the signal goes to the whole group, as a terminal sends it. None: it did not end by that."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.child.pid, number)
                code = self.child.wait(30)
                return code if number == signal.SIGINT else None
            except ProcessLookupError:
                return None
            except subprocess.TimeoutExpired:
                pass
        return None


def children_of(folder):
    """Processes that still work on this folder's data."""
    found = []
    for proc in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if os.path.realpath(proc / "cwd") == str(folder.resolve()) and b"vonggac" in (proc / "cmdline").read_bytes():
                found.append(proc.name)
        except OSError:
            pass
    return found


def heard(log, device):
    """True once the simulator says that the node acknowledged something of this device."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if any(device in line and "[ACK," in line for line in log.read_text(encoding="utf-8").splitlines()):
            return True
        time.sleep(0.2)
    return False


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vonggac-run-"))
    tree(folder)
    port = free_port()
    run = None
    try:
        run = Run(folder, "--port", str(port), "--speed", "60")
        check("starts", run.wait_for("Ctrl-C stops"), run.text())
        check("says its address", f"http://127.0.0.1:{port}/" in run.text(), run.text())
        check("says a log-in", "trucban" in run.text(), run.text())
        check("is ready", get(f"http://127.0.0.1:{port}/readyz") == 200)
        check("serves the page", get(f"http://127.0.0.1:{port}/") == 200)
        check("keeps strangers out", get(f"http://127.0.0.1:{port}/api/v1/alerts") in (401, 403))
        second = subprocess.run([folder / "run", "--port", str(port)], cwd=folder, text=True, capture_output=True, timeout=30)
        check("a second copy is refused", second.returncode == 1 and "another ./run" in second.stderr, second.stderr)
        said = folder / ".demo/simulate.log"
        for device in ("Tủ báo động kho tiền", "Phân tích hình ảnh trước cổng", "Camera cổng chính", "Máy quét thẻ sảnh đón"):
            check(f"'{device}' is heard", heard(said, device), said.read_text(encoding="utf-8")[-2000:])
        check("Ctrl-C ends it well", run.interrupt() == 0, run.text())
        check("leaves no process", not children_of(folder), str(children_of(folder)))
        logins = (folder / ".demo/data/demo-logins.txt").read_bytes()
        run = Run(folder, "--port", str(port))
        check("starts again", run.wait_for("Ctrl-C stops"), run.text())
        check("on the same data", (folder / ".demo/data/demo-logins.txt").read_bytes() == logins)
        check("Ctrl-C ends it again", run.interrupt() == 0, run.text())
        verify = subprocess.run([ROOT / "build/vonggac", "verify", "--data", ".demo/data"], cwd=folder, text=True, capture_output=True)
        check("the journal holds", verify.returncode == 0, verify.stdout + verify.stderr)
        for words in (["--port", "0"], ["--port", "x"], ["--speed"], ["--nonsense"]):
            bad = subprocess.run([folder / "run", *words], cwd=folder, text=True, capture_output=True, timeout=30)
            check(f"refuses {' '.join(words)}", bad.returncode in (1, 2) and bad.stderr + bad.stdout, bad.stderr)
    finally:
        if run and run.child.poll() is None:
            run.interrupt()
        for pid in children_of(folder):
            os.kill(int(pid), signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(checks)} passed, {len(checks) - sum(checks)} failed")
    sys.exit(0 if all(checks) else 1)


main()
