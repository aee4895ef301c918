#!/usr/bin/env python3
"""How soon does a shoot of 100,000 photos stand on the screen, and what memory does looking through it take?

Makes the shoot in FOLDER: 100,000 hard links to a few hundred JPEGs of 174 x 116 pixels, so that listing,
ordering and drawing are measured and not the decoder. Opens it in a window on a display of its own (Xvfb) and
scrolls the grid from end to end twice (--passes); then opens it once more, with all tiles in the cache. Prints

  first frame    seconds from start to the first frame in which every cell has a picture, by the program's log
  RssAnon        the process's own memory, in MiB: when the grid first stood, after each pass, and the most.
                 Where the GPU is software (lavapipe), this holds the GPU's memory too.
  textures       the renderer's own account of its textures when the program ends, in MiB

Needs Xvfb, openbox and xdotool: tools/setup.sh test installs them. Links are made once; a folder that has them
is used again. Run a release build: cargo build --release.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

ORIGINALS = 300
LINKS_A_FOLDER = 1000
SIZE = "1600x1000"
PATIENCE_SECONDS = 300
# Keys that one call of xdotool sends: few enough that the end of a pass is noticed.
KEYS_A_CALL = 50


def make_shoot(program, folder, photos):
    """Hard links in folders of a thousand, under FOLDER/shoot."""
    originals = os.path.join(folder, "originals")
    shoot = os.path.join(folder, "shoot")
    # 174 x 116 pixels, the smallest that there are.
    demo = [program, "demo", originals, "--photos", str(ORIGINALS), "--megapixels", "0.02"]
    subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
    files = sorted(f for f in os.listdir(originals) if f.lower().endswith(".jpg"))
    made = 0
    for number in range(photos):
        place = os.path.join(shoot, f"{number // LINKS_A_FOLDER:03}")
        if number % LINKS_A_FOLDER == 0:
            os.makedirs(place, exist_ok=True)
        link = os.path.join(place, f"IMG_{number:06}.JPG")
        if not os.path.exists(link):
            os.link(os.path.join(originals, files[number % len(files)]), link)
            made += 1
    print(f"shoot          {photos} photos in {shoot}, {made} links made")
    return shoot


def anon_mib(pid):
    """RssAnon of a process in MiB."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"RssAnon:\s+(\d+)", status.read())[1]) / 1024


class Memory(threading.Thread):
    """Remembers the most memory that a process has had."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most_mib = pid, 0.0

    def run(self):
        try:
            while True:
                self.most_mib = max(self.most_mib, anon_mib(self.pid))
                time.sleep(0.05)
        except (OSError, TypeError):
            # The process has ended.
            pass


class Rest(threading.Thread):
    """Reads the log on, so that it never fills the pipe, and finds the account of the textures in it."""

    def __init__(self, lines):
        super().__init__(daemon=True)
        self.lines, self.textures_mib = lines, None

    def run(self):
        for line in self.lines:
            found = re.search(r"textures_mib=(\d+)", line)
            if found:
                self.textures_mib = int(found[1])


def start_display(children):
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", SIZE + "x24"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    children.append(server)
    env = dict(os.environ, DISPLAY=":" + server.stdout.readline().strip())
    env.pop("WAYLAND_DISPLAY", None)
    children.append(subprocess.Popen(["openbox", "--config-file", "/dev/null"], env=env,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    return env


def wait_for_first_frame(process, begin):
    """Seconds since begin, and the number of cells."""
    for line in process.stderr:
        found = re.search(r"the first frame in which every cell has a picture.*cells=(\d+)", line)
        if found:
            return time.monotonic() - begin, int(found[1])
        if time.monotonic() - begin > PATIENCE_SECONDS:
            break
    sys.exit("the program never told of a full frame; exit code: " + str(process.poll()))


def scroll(env, key, count, delay_millis):
    while count > 0:
        now = min(count, KEYS_A_CALL)
        keys = ["xdotool", "key", "--delay", str(delay_millis)] + [key] * now
        subprocess.run(keys, env=env, check=True)
        count -= now


def press(env, key):
    subprocess.run(["xdotool", "key", key], env=env, check=True)
    time.sleep(1)


def measure(args, shoot, children, home):
    env = start_display(children)
    process = first_frame(args, shoot, children, home, env, "nothing cached")
    scroll_through(args, process, env)
    leave(process, env)
    process = first_frame(args, shoot, children, home, env, "all cached")
    leave(process, env)


def first_frame(args, shoot, children, home, env, what):
    """Opens the shoot and tells how soon its first frame was full; gives the process."""
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"]:
        env[name] = home
    env["RUSHLIGHT_LOG"] = "rushlight=info"
    begin = time.monotonic()
    process = subprocess.Popen([args.program, shoot], env=env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    children.append(process)
    seconds, process.cells = wait_for_first_frame(process, begin)
    process.rest = Rest(process.stderr)
    process.rest.start()
    print(f"first frame    {seconds:.2f} s, {process.cells} cells, {what}")
    print(f"RssAnon        {anon_mib(process.pid):.0f} MiB when the grid first stood", flush=True)
    return process


def scroll_through(args, process, env):
    memory = Memory(process.pid)
    memory.start()
    # The last row of a screen is cut by its edge, and a key moves by whole rows.
    pages = int(args.photos / (process.cells * 0.7)) + 1
    for number in range(1, args.passes + 1):
        press(env, "Home")
        begin = time.monotonic()
        scroll(env, "Page_Down", pages, args.delay)
        press(env, "End")
        took = time.monotonic() - begin
        print(f"RssAnon        {anon_mib(process.pid):.0f} MiB after pass {number} "
              f"({pages} screens in {took:.0f} s)", flush=True)
    print(f"RssAnon        {memory.most_mib:.0f} MiB at most")


def leave(process, env):
    press(env, "ctrl+q")
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        sys.exit("the program did not end within a minute")
    if process.returncode != 0:
        sys.exit(f"the program ended with {process.returncode}")
    process.rest.join()
    print(f"textures       {process.rest.textures_mib} MiB at the end", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("folder", help="where the shoot is made; on one file system, with 100,000 free inodes")
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--program", default=os.path.join(here, "../target/release/rushlight"))
    parser.add_argument("--passes", type=int, default=2, help="from end to end")
    parser.add_argument("--delay", type=int, default=25, help="milliseconds between two keys")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    shoot = make_shoot(args.program, args.folder, args.photos)
    children = []
    with tempfile.TemporaryDirectory() as home:
        try:
            measure(args, shoot, children, home)
        finally:
            for child in reversed(children):
                if child.poll() is None:
                    child.terminate()
                    child.wait()


if __name__ == "__main__":
    main()
