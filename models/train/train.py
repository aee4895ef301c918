"""Trains `models/embed.onnx` from photographs and faults made on them.

    python train.py --photos ../shared/photos --maker ../shared/tools/make_shoot.py \\
        --tiles target/release/examples/tiles --work target/model --out models

Everything is drawn from one seed. Frames and tiles that are in the work folder already are not made
again. `--quick` proves the whole chain in some minutes.
"""
import argparse
import hashlib
import json
import os
import sys
import time

# One thread a worker: two libraries that each take all cores slow each other down.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import jax
import jax.numpy as jnp
import numpy as np

import batches
import export
import figures
import frames
import net
import planes
import sources

SEED = 20

#: Frames a source (see `frames.plan`), and steps of 72 frames.
FULL = dict(small=56, narrow=12, medium=18, large=12, steps=1000)
QUICK = dict(small=8, narrow=3, medium=2, large=1, steps=150)

RATE, DECAY = 2e-3, 1e-3


def adam(grads, state, weights, step, rate):
    """Adam with decoupled decay of the weights (Loshchilov and Hutter 2019), not of offsets."""
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state[0], grads)
    v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, state[1], grads)

    def move(w, m, v):
        change = (m / (1 - 0.9 ** step)) / (jnp.sqrt(v / (1 - 0.99 ** step)) + 1e-8)
        return w - rate * (change + (DECAY * w if w.ndim > 1 else 0))

    return jax.tree.map(move, weights, m, v), (m, v)


@jax.jit
def advance(weights, running, state, x, scene, truth, step, rate, key):
    grad = jax.grad(net.loss, has_aux=True)
    grads, (running, parts) = grad(weights, running, x, scene, truth, key)
    weights, state = adam(grads, state, weights, step, rate)
    return weights, running, state, jnp.stack(parts)


def train(inputs, scene, truth, steps, blind=(), seed=SEED):
    """Weights and running figures after `steps`; planes in `blind` are never seen."""
    weights, running = net.start(seed)
    state = (jax.tree.map(jnp.zeros_like, weights),) * 2
    source = batches.Batches(inputs, scene, truth, seed)
    key, told, began = jax.random.key(seed), [], time.time()
    for step in range(1, steps + 1):
        x, s, t = source.next()
        x[:, list(blind)] = 0
        warm = min(step / 100, 1)
        rate = RATE * warm * 0.5 * (1 + np.cos(np.pi * step / steps))
        weights, running, state, parts = advance(weights, running, state, x, s, t, jnp.float32(step),
                                                 jnp.float32(rate), jax.random.fold_in(key, step))
        told.append(parts)
        if step % 100 == 0 or step == steps:
            scene_loss, score_loss = np.mean([np.asarray(p) for p in told[-100:]], 0)
            print(f"step {step}: scene {scene_loss:.3f} score {score_loss:.4f}, {time.time() - began:.0f} s", flush=True)
    return weights, running


def reference(weights, running):
    """What the input and the net make of a made-up photo: the program's tests compare."""
    w, h, columns, rows = 90, 60, 23, 15
    y, x = np.mgrid[:h, :w]
    tile = np.stack([(x * 7 + y * 3) % 256, (x * y) % 256, (x * 2 + y * 5) % 256], 2).astype(np.uint8)
    detail = ((np.mgrid[:rows, :columns][0] * 11 + np.mgrid[:rows, :columns][1] * 5) % 200).astype(np.uint8)
    cases = []
    for turn, has_map in ((1, True), (6, True), (4, True), (5, True), (1, False)):
        # The map is stored as the camera held it; the tile stands upright.
        upright = tile if turn < 5 else tile.transpose(1, 0, 2)
        extent = (columns - 0.5, float(rows))
        one = planes.planes(upright, detail if has_map else None, extent, turn)
        at = [[int(p), int(r), int(c)] for p in range(planes.PLANES) for r, c in ((64, 64), (40, 30), (75, 90), (64, 5), (90, 64))]
        embedding, logits, _ = net.forward(weights, running, one[None], False)
        cases.append(dict(turn=turn, has_map=has_map, at=at, values=[round(float(one[tuple(i)]), 6) for i in at],
                          sum=float(one.astype(np.float64).sum()), sum_of_squares=float((one.astype(np.float64) ** 2).sum()),
                          embedding=[round(float(e), 6) for e in embedding[0]],
                          scores=[round(float(v), 6) for v in jax.nn.sigmoid(logits[0])]))
    return dict(tile_px=[w, h], map_cells=[columns, rows], map_extent=[columns - 0.5, float(rows)], cases=cases)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--photos", default="../shared/photos")
    p.add_argument("--maker", default="../shared/tools/make_shoot.py")
    p.add_argument("--tiles", default="target/release/examples/tiles")
    p.add_argument("--work", default="target/model")
    p.add_argument("--out", default="models")
    p.add_argument("--workers", type=int, default=os.cpu_count())
    p.add_argument("--quick", action="store_true", help="a fraction of the frames and steps")
    p.add_argument("--steps", type=int, help="other than the usual number")
    p.add_argument("--blind", help="planes that the net never sees, as 3,4,5, or none: prints figures, writes nothing")
    args = p.parse_args()
    began = time.time()
    counts = dict(QUICK if args.quick else FULL)
    steps = args.steps or counts["steps"]
    del counts["steps"]
    found = sources.for_training(args.photos)
    aside = sources.held_out(args.photos)
    if not found or len(aside) < sources.HELD_OUT:
        sys.exit(f"no photographs in {args.photos}")
    folder = os.path.join(args.work, "quick" if args.quick else "frames")
    copies = frames.copies(found, os.path.join(args.work, "copies"))
    frames.write(frames.plan(found, copies, counts, SEED), folder, args.maker, args.workers)
    inputs, scene, truth = batches.training_set(folder, args.tiles, args.workers)
    print(f"{len(inputs)} frames of {len(found)} sources, {time.time() - began:.0f} s", flush=True)
    blind = [int(b) for b in (args.blind or "").split(",") if b.isdigit()]
    weights, running = train(inputs, scene, truth, steps, blind)

    shoots = figures.shoots(args, aside, args.quick)
    if args.blind:
        print(json.dumps(figures.measure(figures.trained(weights, running, blind), shoots), indent=1))
        return
    words = dict(mean=planes.MEAN, std=planes.STD)
    about = {name: " ".join(f"{v:.6g}" for v in values) for name, values in words.items()}
    about |= dict(seed=str(SEED), frames=str(len(inputs)), steps=str(steps), licence="MIT OR Apache-2.0")
    model = os.path.join(args.out, "embed.onnx")
    export.write(weights, running, model, about)
    figures.check(model, weights, running, next(iter(shoots.values()))[0][:32])
    # What ships is what is measured.
    told = figures.measure(figures.written(model), shoots)
    told["training"] = dict(frames=len(inputs), sources=len(found), steps=steps, seed=SEED)
    with open(model, "rb") as f:
        told["sha256"] = hashlib.sha256(f.read()).hexdigest()
    for name, what in (("figures.json", told), ("reference.json", reference(weights, running))):
        with open(os.path.join(args.out, name), "w") as f:
            json.dump(what, f, indent=1)
            f.write("\n")
    with open(os.path.join(args.out, "held_out.txt"), "w") as f:
        f.writelines(name + "\n" for name in aside)
    print(json.dumps(told, indent=1))
    print(f"{time.time() - began:.0f} s in all")


if __name__ == "__main__":
    main()
