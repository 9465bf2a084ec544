"""Families of one leak's pictures by other means, side by side with ours: peers.py LEAK GROUP OUT.csv [AT_MOST]

LEAK holds truth.json and the files; GROUP is the example `group` of the crate `families`. Every peer is given the best
threshold for this leak, found by looking at the truth; ours is as it is. F1, recall and precision are over pairs, micro
AP over the ranking of all pairs by the peer's own score.
"""
import csv, hashlib, itertools, json, os, resource, subprocess, sys, time

import cv2
import imagehash
import numpy as np
import pdqhash
from PIL import Image

cv2.setNumThreads(1)


def pictures(leak):
    sheets = {copy["sha256"]: copy["sheet"] for copy in json.load(open(f"{leak}/truth.json"))["copies"]}
    found = {}
    for folder, _, names in sorted(os.walk(leak)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
            if digest in sheets and digest not in found:
                found[digest] = path
    return [(path, sheets[digest]) for digest, path in sorted(found.items(), key=lambda item: item[1])]


def distances(hashes):
    bits = np.array([np.asarray(h).reshape(-1) for h in hashes], dtype=np.int16)
    return {(a, b): -int(np.abs(bits[a] - bits[b]).sum()) for a, b in itertools.combinations(range(len(bits)), 2)}


def by_hash(paths, take):
    return distances([take(Image.open(path).convert("RGB")) for path in paths])


def by_places(paths, maker, norm, ratio):
    places = []
    for path in paths:
        grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        scale = min(1.0, 1024 / max(grey.shape))
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        points, codes = maker.detectAndCompute(grey, None)
        places.append((np.float32([p.pt for p in points]).reshape(-1, 2), codes))
    matcher = cv2.BFMatcher(norm)
    scores = {}
    for a, b in itertools.combinations(range(len(paths)), 2):
        (one, mine), (two, theirs) = places[a], places[b]
        scores[a, b] = 0
        if mine is None or theirs is None or len(two) < 2:
            continue
        near = [p for p in matcher.knnMatch(mine, theirs, k=2) if len(p) == 2]
        good = [p[0] for p in near if p[0].distance < ratio * p[1].distance]
        if len(good) >= 4:
            source = one[[m.queryIdx for m in good]]
            target = two[[m.trainIdx for m in good]]
            _, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, 4.0)
            scores[a, b] = 0 if mask is None else int(mask.sum())
    return scores


def ours(paths, group):
    said = subprocess.run([group, *paths], capture_output=True, text=True, check=True).stdout
    number = {path: n for n, path in enumerate(paths)}
    scores = dict.fromkeys(itertools.combinations(range(len(paths)), 2), 0.0)
    together = set()
    for line in said.splitlines():
        row = json.loads(line)
        if "family" in row:
            members = sorted(number[path] for path in row["family"])
            together |= set(itertools.combinations(members, 2))
        elif "says" in row:
            pair = tuple(sorted((number[row["a"]], number[row["b"]])))
            agree = row["measures"].get("cells with ink in both that agree", 0)
            scores[pair] = agree + (1 if row["says"] == "same" else 0)
    for pair in together:
        scores[pair] = max(scores[pair], 1.0) + 1
    return scores, together


def figures(truth, scores, together=None):
    order = sorted(scores, key=lambda pair: (-scores[pair], pair))
    hits, area, best = 0, 0.0, (0.0, 0.0, 0.0, None)
    for rank, pair in enumerate(order, 1):
        if pair in truth:
            hits += 1
            area += hits / rank
        last = rank == len(order) or scores[order[rank]] != scores[pair]
        precision, recall = hits / rank, hits / max(1, len(truth))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        if last and f1 > best[0]:
            best = (f1, precision, recall, scores[pair])
    if together is not None:
        hits = len(together & truth)
        precision, recall = hits / max(1, len(together)), hits / max(1, len(truth))
        best = (2 * precision * recall / max(1e-9, precision + recall), precision, recall, None)
    return [best[2], best[1], best[0], area / max(1, len(truth)), best[3]]


def main():
    leak, group, out = sys.argv[1:4]
    seen = pictures(leak)[: int(sys.argv[4]) if len(sys.argv) > 4 else None]
    paths, sheets = [path for path, _ in seen], [sheet for _, sheet in seen]
    truth = {p for p in itertools.combinations(range(len(paths)), 2) if sheets[p[0]] == sheets[p[1]]}
    ways = {
        "PDQ": lambda: by_hash(paths, lambda image: pdqhash.compute(np.array(image))[0]),
        "pHash": lambda: by_hash(paths, lambda image: imagehash.phash(image).hash),
        "dHash 8 x 8": lambda: by_hash(paths, lambda image: imagehash.dhash(image, 8).hash),
        "ORB and homography": lambda: by_places(paths, cv2.ORB_create(1000), cv2.NORM_HAMMING, 0.8),
        "SIFT and homography": lambda: by_places(paths, cv2.SIFT_create(1000), cv2.NORM_L2, 0.75),
        "Truecopy": lambda: ours(paths, group),
    }
    with open(out, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow("by,pictures,pairs,recall,precision,F1,micro AP,threshold,processor seconds".split(","))
        for name, way in ways.items():
            spent = lambda: sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
            start = spent()
            scores = way()
            scores, together = scores if isinstance(scores, tuple) else (scores, None)
            seconds = spent() - start
            recall, precision, f1, area, threshold = figures(truth, scores, together)
            values = [f"{v:.4f}" for v in (recall, precision, f1, area)]
            rows.writerow([name, len(paths), len(truth), *values, "" if threshold is None else abs(threshold), f"{seconds:.1f}"])
            file.flush()


main()
