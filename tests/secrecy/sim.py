# SPDX-License-Identifier: Apache-2.0
"""A clock that stands still until the test steps it, for every node that is started with it, and one new-made node that
is copied for each: the same keys, so that what a command makes has the same id in every copy.
"""
import mmap
import os
import pathlib
import shlex
import shutil
import struct
import subprocess
import tempfile
import time

import kit

FIRST_S = 0.5
HERE = pathlib.Path(__file__).resolve().parent


class Clock:
    """Simulated time. `env` starts a program under it; python's helpers of this folder follow it, too."""

    def __init__(self, start_s):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vonggac-clock-"))
        path, lib = self.folder / "now", self.folder / "simclock.so"
        compiler = shlex.split(os.environ.get("CC", "cc"))
        subprocess.run([*compiler, "-O1", "-shared", "-fPIC", "-o", lib, HERE / "simclock.c", "-pthread"], check=True)
        path.write_bytes(struct.pack("=q", start_s * 1000000))
        with open(path, "r+b") as shared:
            self.map = mmap.mmap(shared.fileno(), 8)
        before = os.environ.get("LD_PRELOAD", "")
        self.env = {**os.environ, "SIMCLOCK": str(path), "LD_PRELOAD": f"{lib} {before}".strip()}
        kit.now_s = self.now_s

    def now_s(self):
        """Seconds since 1970."""
        return struct.unpack("=q", self.map[:8])[0] / 1000000

    def step(self, ms):
        """Goes on by less than a second: the node reads two clocks one after the other."""
        self.map[:8] = struct.pack("=q", struct.unpack("=q", self.map[:8])[0] + ms * 1000)

    def stop(self):
        """Real time again."""
        kit.now_s = time.time
        shutil.rmtree(self.folder, ignore_errors=True)


class Seedling:
    """A data directory just made, by a node that has run: what two threads write at a first start, in an order that is
    chance, is written.
    """

    def __init__(self, binary, clock, profile):
        self.folder, self.profile = pathlib.Path(tempfile.mkdtemp(prefix="vonggac-seedling-")), profile
        node = kit.Node(binary, env=clock.env, profile=profile)
        try:
            node.custodian()
            time.sleep(FIRST_S)
            self.first = node.first
            node.end()
            shutil.copytree(node.data, self.folder / "data", ignore=shutil.ignore_patterns("run.json", "control.sock"))
        finally:
            node.stop()

    def stop(self):
        """Away with it."""
        shutil.rmtree(self.folder, ignore_errors=True)
