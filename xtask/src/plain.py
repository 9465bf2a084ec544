"""A plain pipeline beside ours: SIFT homography and SSIM; and OCR of both pictures with a text diff.

    python3 plain.py FOLDER

FOLDER holds pairs 0a.png, 0b.png, 1a.png and so on; prints JSON: for each pair the boxes [left, top, right, bottom] on the
first picture that either way reports.
"""
import difflib, glob, json, os, subprocess, sys

import cv2
import numpy as np


def registered(a, b):
    """The second laid on the first by SIFT, the ratio test and RANSAC (as the OpenCV tutorial does it)."""
    sift = cv2.SIFT_create(4000)
    ka, da = sift.detectAndCompute(a, None)
    kb, db = sift.detectAndCompute(b, None)
    if da is None or db is None:
        return None, None
    good = [m for m, n in cv2.BFMatcher().knnMatch(db, da, k=2) if m.distance < 0.75 * n.distance]
    if len(good) < 12:
        return None, None
    src = np.float32([kb[m.queryIdx].pt for m in good])
    dst = np.float32([ka[m.trainIdx].pt for m in good])
    h, _ = cv2.findHomography(src, dst, cv2.RANSAC, 3.0)
    if h is None:
        return None, None
    size = (a.shape[1], a.shape[0])
    shown = cv2.warpPerspective(np.full_like(b, 255), h, size) > 250
    return cv2.warpPerspective(b, h, size), shown


def ssim(a, b):
    """The map of Wang et al. 2004, Gaussian windows of 1.5 pixels."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    mean = lambda p: cv2.GaussianBlur(p, (11, 11), 1.5)
    ma, mb = mean(a), mean(b)
    va, vb, ab = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return (2 * ma * mb + c1) * (2 * ab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))


def differing(a, b, shown):
    """Boxes where the SSIM is low: below Otsu's threshold and below one half, specks left out."""
    low = 1.0 - np.clip(ssim(a, b), 0, 1)
    low[~shown] = 0
    level, _ = cv2.threshold((low * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    mask = (low > max(level / 255, 0.5)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3)))
    mask = cv2.dilate(mask, np.ones((5, 15)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    return [[int(x), int(y), int(x + w), int(y + h)] for x, y, w, h, n in stats[1:] if n > 120]


def words(path):
    told = subprocess.run(["tesseract", path, "-", "-l", "eng", "tsv"], capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in told.splitlines()[1:]]
    return [(r[11], [int(v) for v in r[6:10]]) for r in rows if len(r) > 11 and r[11].strip()]


def told_apart(a, b):
    """Boxes of the words that a text diff finds changed."""
    out = []
    diff = difflib.SequenceMatcher(None, [w for w, _ in a], [w for w, _ in b], autojunk=False)
    for what, i0, i1, j0, j1 in diff.get_opcodes():
        if what != "equal":
            near = a[i0:i1] or a[max(0, i0 - 1):i0 + 1]
            for _, (x, y, w, h) in near:
                out.append([x, y, x + w, y + h])
    return out


def main(folder):
    out = []
    for n in range(len(glob.glob(os.path.join(folder, "*a.png")))):
        pa, pb = (os.path.join(folder, f"{n}{side}.png") for side in "ab")
        a, b = cv2.imread(pa, cv2.IMREAD_GRAYSCALE), cv2.imread(pb, cv2.IMREAD_GRAYSCALE)
        laid, shown = registered(a, b)
        boxes = [] if laid is None else differing(a, laid, shown)
        out.append({"ssim": boxes, "text": told_apart(words(pa), words(pb))})
    print(json.dumps(out))


main(sys.argv[1])
