#!/usr/bin/env python3
"""Does the window stand ten minutes of random zooming, scrolling, deciding and resizing?

Opens SHOOT (or 120 made photos, few and small enough that all of their pictures fit into the program's budgets, so
that memory must come to rest) in a window on a display of its own (Xvfb) and presses, wheels, drags and
resizes at random (--seed) for --minutes, some six things a second. Prints the process's own memory (RssAnon, MiB) each minute, with how many
times it did what, and fails where the program ended, said an error (what the GPU refused is one), or holds
much more memory in the last third than it ever did in the first (--slack, in MiB). Where the GPU is software
(lavapipe), that memory holds the GPU's too.

Needs Xvfb, openbox and xdotool: tools/setup.sh test installs them. Run a release build: cargo build --release.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time

KEYS = {
    "move": ["Left", "Right", "Up", "Down", "Prior", "Next", "Home", "End", "j", "ctrl+Right", "ctrl+Left"],
    "look": ["Return", "Escape", "z", "plus", "minus", "i", "m", "b", "h", "s", "e", "d", "l", "Tab", "r"],
    "decide": ["k", "t", "u", "3", "6", "y", "ctrl+z", "ctrl+shift+z", "n"],
    "find": ["o", "shift+o", "ctrl+1", "ctrl+3", "ctrl+0", "F5", "v"],
}


def anon_mib(pid):
    """RssAnon of a process in MiB."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"RssAnon:\s+(\d+)", status.read())[1]) / 1024


# Of the display: what software draws several times a second.
SIZE = [1100, 750]


class Hands:
    """Random hands at a window."""

    def __init__(self, env, size, dice):
        self.env, self.size, self.dice, self.done = env, size, dice, {}

    def tool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=False, capture_output=True)

    def act(self):
        """One thing, chosen at random; gives its name."""
        dice, [width, height] = self.dice, self.size
        at = (dice.randrange(width), dice.randrange(height - 40))
        name = dice.choice(["move"] * 4 + ["look"] * 3 + ["decide"] * 3 + ["find", "wheel", "wheel", "zoom", "zoom",
                           "drag", "resize"])
        if name in KEYS:
            self.tool("key", "--delay", 15, *dice.choices(KEYS[name], k=dice.randrange(1, 6)))
        elif name == "wheel":
            self.tool("mousemove", *at, "click", "--repeat", dice.randrange(1, 12), "--delay", 8, dice.choice([4, 5]))
        elif name == "zoom":
            self.tool("mousemove", *at, "keydown", "ctrl", "click", "--repeat", dice.randrange(1, 10), "--delay", 8,
                      dice.choice([4, 5]), "keyup", "ctrl")
        elif name == "drag":
            self.tool("mousemove", *at, "mousedown", 1, "mousemove", dice.randrange(width), dice.randrange(height - 40),
                      "mouseup", 1)
        else:
            window = subprocess.run(["xdotool", "search", "--name", "Rushlight"], env=self.env, capture_output=True,
                                    text=True, check=False).stdout.split()
            if window:
                self.tool("windowsize", window[-1], dice.randrange(300, width), dice.randrange(200, height))
        self.done[name] = self.done.get(name, 0) + 1


def run(program, shoot, options, home, display):
    """Opens the window, lets the hands at it and reports; gives what went wrong."""
    env = dict(os.environ, DISPLAY=display, HOME=home, XDG_RUNTIME_DIR=home)
    env.update({f"XDG_{name}_HOME": os.path.join(home, name.lower()) for name in ["DATA", "CACHE", "CONFIG"]})
    log = open(os.path.join(home, "log"), "w+")
    window = subprocess.Popen([program, "--no-sidecars", shoot], env=env, stderr=log)
    hands = Hands(env, SIZE, random.Random(options.seed))
    time.sleep(8)
    begin, memory, wrong = time.time(), [], []
    while time.time() - begin < options.minutes * 60 and window.poll() is None:
        minute = time.time() + 60
        while time.time() < minute and window.poll() is None:
            hands.act()
            # No person is faster, and keys that outrun a display drawn in software would only queue.
            time.sleep(hands.dice.uniform(0, 0.25))
        if window.poll() is None:
            memory.append(anon_mib(window.pid))
            print(f"minute {len(memory):2}      {memory[-1]:6.0f} MiB   {hands.done}", flush=True)
    if window.poll() is None:
        hands.tool("key", "Escape", "Escape", "ctrl+q")
        try:
            # Every key that was pressed is taken first, one decision a frame.
            window.wait(timeout=300)
        except subprocess.TimeoutExpired:
            wrong.append("it does not end")
            window.kill()
    if window.returncode:
        wrong.append(f"it ended with {window.returncode}")
    log.seek(0)
    wrong += [line.strip() for line in log if "ERROR" in line or "panicked" in line or "refused" in line]
    third = max(1, len(memory) // 3)
    if len(memory) > 2 and max(memory[-third:]) > max(memory[:third]) + options.slack:
        wrong.append(f"memory grew from {max(memory[:third]):.0f} to {max(memory[-third:]):.0f} MiB")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shoot", nargs="?", help="a folder of photos; without one, 120 are made")
    parser.add_argument("--program", default="target/release/rushlight")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slack", type=float, default=120, help="MiB that the last third may be above the first")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        read, write = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24"], pass_fds=[write],
                                  stderr=subprocess.DEVNULL)
        os.close(write)
        display = ":" + os.fdopen(read).readline().strip()
        manager = subprocess.Popen(["openbox"], env=dict(os.environ, DISPLAY=display), stderr=subprocess.DEVNULL)
        try:
            shoot = options.shoot
            if shoot is None:
                shoot = os.path.join(home, "shoot")
                subprocess.run([options.program, "demo", shoot, "--photos", "120", "--megapixels", "0.1"], check=True,
                               stdout=subprocess.DEVNULL)
            wrong = run(options.program, shoot, options, home, display)
        finally:
            manager.terminate()
            server.terminate()
    for words in wrong[:10]:
        print("wrong         ", words)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
