"""The network: five plain convolutions, pooled at three depths; and what it is trained to do.

Batch normalisation trains it and is folded into the convolutions when it is written
(`export.py`), so that what runs is convolutions, sums, pools and two small heads.
"""
import jax
import jax.numpy as jnp
import numpy as np

from planes import PLANES

#: Name, channels in and out, side of the kernel, stride, whether its input is added to its output.
LAYERS = (("a", PLANES, 24, 5, 4, False), ("b", 24, 48, 3, 2, False), ("c", 48, 48, 3, 1, True),
          ("d", 48, 72, 3, 2, False), ("e", 72, 72, 3, 1, True))

#: Layers whose outputs are pooled, by their mean and by their greatest value.
POOLED = ("a", "c", "e")

EMBEDDING, HIDDEN, SCORES = 64, 64, 4
POOLED_SIZE = 2 * sum(out for name, _, out, *_ in LAYERS if name in POOLED)

#: How sharply the embedding tells scenes apart.
TEMPERATURE = 0.1

MOMENTUM, EPSILON = 0.95, 1e-3


def start(seed):
    """Weights before training, and the running means and variances."""
    r = np.random.default_rng(seed)
    weights, running = {}, {}

    def draw(*shape):
        fan = np.prod(shape[1:])
        return jnp.asarray(r.standard_normal(shape) * (2 / fan) ** 0.5, jnp.float32)

    for name, cin, cout, k, _, _ in LAYERS:
        weights[name] = dict(w=draw(cout, cin, k, k), scale=jnp.ones(cout), shift=jnp.zeros(cout))
        running[name] = dict(mean=jnp.zeros(cout), var=jnp.ones(cout))
    for name, cin, cout in (("embed", POOLED_SIZE, EMBEDDING), ("hidden", POOLED_SIZE, HIDDEN),
                            ("score", HIDDEN, SCORES)):
        weights[name] = dict(w=draw(cout, cin) * (0.7 if name != "hidden" else 1), b=jnp.zeros(cout))
    return weights, running


def forward(weights, running, x, is_training, key=None):
    """Embeddings (length 1), logits of the scores, and the running figures after this batch."""
    after, pools = {}, []
    # XLA's convolutions on a CPU take two thirds of the time with the planes last.
    x = x.transpose(0, 2, 3, 1)
    for name, _, _, k, stride, is_added in LAYERS:
        layer = weights[name]
        y = jax.lax.conv_general_dilated(x, layer["w"], (stride, stride), [(k // 2, k // 2)] * 2,
                                         dimension_numbers=("NHWC", "OIHW", "NHWC"))
        if is_training:
            mean, var = y.mean((0, 1, 2)), y.var((0, 1, 2))
            after[name] = dict(mean=MOMENTUM * running[name]["mean"] + (1 - MOMENTUM) * mean,
                               var=MOMENTUM * running[name]["var"] + (1 - MOMENTUM) * var)
        else:
            mean, var = running[name]["mean"], running[name]["var"]
            after[name] = running[name]
        gain = layer["scale"] / jnp.sqrt(var + EPSILON)
        y = jax.nn.relu(y * gain + (layer["shift"] - mean * gain))
        x = x + y if is_added else y
        if name in POOLED:
            pools += [x.mean((1, 2)), x.max((1, 2))]
    features = jnp.concatenate(pools, 1)
    if is_training:
        # Some of what is pooled is left out: few sources must not be known by one feature each.
        kept = jax.random.bernoulli(key, 0.8, features.shape)
        features = features * kept / 0.8
    embedding = features @ weights["embed"]["w"].T + weights["embed"]["b"]
    embedding = embedding / jnp.sqrt((embedding ** 2).sum(1, keepdims=True) + 1e-12)
    hidden = jax.nn.relu(features @ weights["hidden"]["w"].T + weights["hidden"]["b"])
    return embedding, hidden @ weights["score"]["w"].T + weights["score"]["b"], after


def scene_loss(embedding, scene):
    """Supervised contrast (Khosla et al. 2020, L_out): frames of one scene against those of other
    sources. A scene is 8 times its source and its part; parts of one source are neither."""
    alike = embedding @ embedding.T / TEMPERATURE
    itself = jnp.eye(len(scene), dtype=bool)
    same = (scene[:, None] == scene[None, :]) & ~itself
    near = (scene[:, None] // 8 == scene[None, :] // 8) & ~same
    log_all = jax.nn.logsumexp(jnp.where(near, -1e9, alike), axis=1, keepdims=True)
    count = same.sum(1)
    each = ((log_all - alike) * same).sum(1) / jnp.maximum(count, 1)
    return each.sum() / jnp.maximum((count > 0).sum(), 1)


def score_loss(logits, truth):
    """Cross-entropy of graded truths: least where the score is the truth's mean."""
    return (jax.nn.softplus(logits) - logits * truth).mean()


def loss(weights, running, x, scene, truth, key):
    embedding, logits, after = forward(weights, running, x, True, key)
    parts = scene_loss(embedding, scene), score_loss(logits, truth)
    return 0.25 * parts[0] + 4.0 * parts[1], (after, parts)
