"""Which photographs there are, and which of them training never sees."""
import hashlib
import os

from PIL import Image

Image.MAX_IMAGE_PIXELS = None

#: Photographs of `sources` that are kept aside: those whose names have the smallest SHA-256.
HELD_OUT = 6

#: Pixels of the long side from which on a camera's picture can be a source.
LEAST_PX = 1280

#: Pictures of `cameras` that are no good as the faultless frame of a scene.
UNFIT = {
    "Issue 131.jpg": "a dark disc, out of focus",
    "Kodak CLAS Digital Film Scanner HR200 (2).jpg": "moved and out of focus as it is",
    "Photoshop (1).jpg": "a printed pattern",
}


def name_hash(name):
    return hashlib.sha256(name.encode()).hexdigest()


def held_out(photos):
    """The names of the photographs that are kept aside, in the order of their hashes."""
    names = [n for n in os.listdir(os.path.join(photos, "sources")) if n.lower().endswith((".jpg", ".jpeg"))]
    return sorted(names, key=name_hash)[:HELD_OUT]


def for_training(photos):
    """The paths of all others, with the width of the largest 3:2 picture in each."""
    aside = set(held_out(photos))
    found = []
    for folder in ("sources", "cameras"):
        for name in sorted(os.listdir(os.path.join(photos, folder))):
            path = os.path.join(photos, folder, name)
            if name in aside or name in UNFIT or not name.lower().endswith((".jpg", ".jpeg")):
                continue
            try:
                width, height = Image.open(path).size
            except OSError:
                continue
            if max(width, height) >= LEAST_PX:
                found.append((path, min(width, int(height * 1.5))))
    return found
