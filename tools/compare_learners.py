#!/usr/bin/env python3
"""Tables of what the learner is worth, over shoots of make_shoot.py: beside the ceiling and beside CatBoost.

    cargo build --release --bin rushlight --example rival
    python3 -m pip install catboost numpy pillow piexif
    python3 tools/compare_learners.py rank  --maker ../shared/tools/make_shoot.py --photographs ../shared/photos/sources
    python3 tools/compare_learners.py guard --maker ... --photographs ...

`rank`: 900 photos, a share of 0.03 of the labels turned round, learning from a fifth of the bursts. `guard`: 1,500 photos,
no label turned round, learning from half of the bursts, a budget of 2 %. Both over ten seeds, mean and spread; seeds without
a proposal are told apart. All from the six photographs that no training and no tuning has seen (HELD_OUT), unless
--tuning asks for the six others. CatBoost learns from the same rows in the same folds (`rushlight evaluate --table`), and is
calibrated and guarded as the learner is (examples/rival.rs).

Shoots are made once, under --work; the cache of a rushlight that is used otherwise is left alone.
"""
import argparse, csv, io, json, os, statistics, subprocess, sys

HELD_OUT = ["Picture_1A_by_freespace.jpg", "life_by_Aitzol_Berasategi.jpg", "Path.jpg",
            "aitzgorri_by_Aitzol_Berasategi.jpg", "RainDrops.jpg", "Kleiber_by_Lukas_Baubkus.jpg"]
TABLES = {
    "rank": dict(photos=900, noise=0.03, fraction=0.2, first_seed=101, keys=["pr_auc", "roc_auc", "ece", "brier"]),
    "guard": dict(photos=1500, noise=0.0, fraction=0.5, first_seed=201,
                  keys=["proposed_keep_loss", "proposed_junk_caught", "design_effect", "pr_auc"]),
}


def shoot(args, table, seed):
    """The folder of a shoot, made where it is not there yet."""
    kind = "tuning" if args.tuning else "held-out"
    folder = os.path.join(args.work, f"{args.table}-{kind}-{args.megapixels}-{args.photos or table['photos']}-{seed}")
    sources = os.path.join(args.work, f"photographs-{kind}")
    if not os.path.isdir(sources):
        os.makedirs(sources)
        for name in sorted(os.listdir(args.photographs)):
            if name.lower().endswith((".jpg", ".jpeg")) and (name in HELD_OUT) != args.tuning:
                os.symlink(os.path.join(os.path.abspath(args.photographs), name), os.path.join(sources, name))
    if not os.path.exists(os.path.join(folder, "done")):
        command = [sys.executable, args.maker, folder, "--photos", str(args.photos or table["photos"]), "--taste",
                   "--megapixels", str(args.megapixels), "--seed", str(seed), "--label-noise", str(table["noise"]),
                   "--sources", sources]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        open(os.path.join(folder, "done"), "w").close()
    return folder


def rushlight(args, words):
    home = os.path.join(args.work, "home")
    env = dict(os.environ, HOME=home, XDG_CACHE_HOME=home, XDG_DATA_HOME=home, XDG_CONFIG_HOME=home)
    return subprocess.run([args.program, *words], check=True, env=env, stdout=subprocess.PIPE, text=True).stdout


def evaluate(args, table, folder, seed, words):
    return rushlight(args, ["evaluate", folder, "--labels", os.path.join(folder, "truth.json"), "--seed", str(seed),
                            "--fraction", str(table["fraction"]), *words])


def catboost(args, text):
    """What CatBoost makes of the rows that the learner saw, in the same folds, calibrated and guarded as the learner is."""
    import numpy
    from catboost import CatBoostClassifier
    heading, *rows = csv.reader(io.StringIO(text))
    values = numpy.array([[float(v) for v in row[5:]] for row in rows])
    is_kept = numpy.array([row[1] == "keep" for row in rows])
    folds = numpy.array([int(row[3]) if row[3] else -1 for row in rows])
    votes = numpy.full(len(rows), 0.5)
    for fold in sorted(set(folds)):
        # -1, the judged ones, are voted on by a model of all folds.
        taught = (folds >= 0) & (folds != fold)
        model = CatBoostClassifier(iterations=300, depth=4, learning_rate=0.05, random_seed=1, verbose=0,
                                   auto_class_weights="Balanced", allow_writing_files=False)
        model.fit(values[taught], is_kept[taught])
        votes[folds == fold] = model.predict_proba(values[folds == fold])[:, 1]
    voted = io.StringIO()
    writer = csv.writer(voted)
    writer.writerow([*heading[1:4], "vote"])
    writer.writerows([*row[1:4], vote] for row, vote in zip(rows, votes))
    rival = os.path.join(os.path.dirname(args.program), "examples", "rival")
    return json.loads(subprocess.run([rival, "0.02"], check=True, input=voted.getvalue(), stdout=subprocess.PIPE, text=True).stdout)


def show(name, found, keys):
    cells = []
    for key in keys:
        values = [one[key] for one in found if one.get(key) is not None]
        cells.append(f"{key} {statistics.mean(values):.3f} ± {statistics.pstdev(values):.3f}" if values else "")
    line = f"{name:<19} " + "  ".join(cells)
    proposing = [one for one in found if one["proposed"]]
    line += f"  proposing {len(proposing)} of {len(found)}"
    if proposing:
        line += f", those: junk {statistics.mean(one['proposed_junk_caught'] for one in proposing):.3f}"
    print(line, flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("table", choices=TABLES)
    p.add_argument("--maker", required=True, help="make_shoot.py")
    p.add_argument("--photographs", required=True, help="the folder of the photographs that shoots are made from")
    p.add_argument("--work", default="/tmp/rushlight-tables")
    p.add_argument("--program", default="target/release/rushlight")
    p.add_argument("--megapixels", type=float, default=0.6)
    p.add_argument("--photos", type=int, help="instead of the table's own number")
    p.add_argument("--seeds", type=int, default=10)
    p.add_argument("--first-seed", type=int, help="instead of the table's own")
    p.add_argument("--inputs", nargs="*", default=["all", "features", "embedding", "truth"], help="all, features, embedding, truth")
    p.add_argument("--tuning", action="store_true", help="from the photographs that may be tuned on")
    p.add_argument("--no-catboost", action="store_true")
    args = p.parse_args()
    table = TABLES[args.table]
    found = {}
    first = args.first_seed or table["first_seed"] + (800 if args.tuning else 0)
    for seed in range(first, first + args.seeds):
        folder = shoot(args, table, seed)
        rushlight(args, ["index", folder, "--json"])
        for inputs in args.inputs:
            one = json.loads(evaluate(args, table, folder, seed, ["--json", "--inputs", inputs]))
            found.setdefault(inputs, []).append(one)
            if not args.no_catboost and inputs != "truth":
                rows = evaluate(args, table, folder, seed, ["--table", "--inputs", inputs])
                found.setdefault(f"catboost, {inputs}", []).append(catboost(args, rows))
    for name, all_seeds in found.items():
        show(name, all_seeds, table["keys"])


if __name__ == "__main__":
    main()
