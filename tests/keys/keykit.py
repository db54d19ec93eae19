# SPDX-License-Identifier: Apache-2.0
"""For the tests of keys: a folder with data, verbs with pass phrases, a node that serves."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "secrecy"))

from kit import binary  # noqa: E402

checks = []


def check(name, good, detail=""):
    """Notes one outcome."""
    checks.append(bool(good))
    if not good:
        print(f"not as expected: {name}\n  {str(detail)[:800]}")


def done():
    """The exit code."""
    print(f"{sum(checks)} passed, {len(checks) - sum(checks)} failed")
    return 0 if checks and all(checks) else 1


class Keys:
    """A folder with data and files of pass phrases."""

    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="vonggac-keys-"))
        self.data = self.top / "data"

    def phrase(self, text):
        """A file that holds it."""
        path = self.top / f"phrase-{abs(hash(text))}"
        path.write_text(text + "\n", encoding="utf-8")
        return str(path)

    def run(self, *words, data=None, **phrases):
        """(exit code, what was said); phrases by what they are for."""
        names = {f"VONGGAC_{k.upper()}_PHRASE_FILE": self.phrase(v) for k, v in phrases.items()}
        done = subprocess.run([binary(), words[0], "--data", data or self.data, *words[1:]], env={**os.environ, **names},
                              stdin=subprocess.DEVNULL, start_new_session=True, capture_output=True, text=True, check=False, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def verb(self, *words):
        """The same for what needs no data."""
        did = subprocess.run([binary(), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120)
        return did.returncode, did.stdout + did.stderr

    def serve(self, https="off", data=None, **phrases):
        """A running node, once it is there; None and its words if it ends."""
        data = data or self.data
        names = {f"VONGGAC_{k.upper()}_PHRASE_FILE": self.phrase(v) for k, v in phrases.items()}
        run = data / "run.json"
        run.unlink(missing_ok=True)
        with open(self.top / "serve.log", "wb") as log:
            child = subprocess.Popen([binary(), "serve", "--data", data, "--http", "127.0.0.1:0", "--https", https, "--dc09", "off"],
                                     env={**os.environ, **names}, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + 30
        while time.monotonic() < end and child.poll() is None and not run.exists():
            time.sleep(0.05)
        return (child, "") if child.poll() is None else (None, (self.top / "serve.log").read_text(encoding="utf-8"))


def end(child):
    """SIGTERM and its exit code."""
    child.terminate()
    return child.wait(30)
