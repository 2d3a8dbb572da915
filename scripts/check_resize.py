"""What scripts/check-resize runs: a photograph at several sizes, by convo and by the libraries."""

import os
import subprocess
import sys
import tempfile

import cv2
import numpy as np
from PIL import Image

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    torch = None

CONVO, PICTURE = sys.argv[1:3]
MODES = ["nearest", "bilinear", "bicubic", "area", "lanczos"]
PILLOW = dict(zip(MODES, (0, 2, 3, 4, 1)))
OPENCV = dict(zip(MODES, (
    cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA, cv2.INTER_LANCZOS4)))


def libraries(picture, height, width):
    """Each library's result with the settings that ask convo for it."""
    for mode in MODES:
        yield f'"{mode}", like="pillow"', np.asarray(Image.fromarray(picture).resize((width, height), PILLOW[mode]))
        yield f'"{mode}", like="opencv"', cv2.resize(picture, (width, height), interpolation=OPENCV[mode])
        if torch and mode != "lanczos":
            batch = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
            corners = {"align_corners": False} if mode in ("bilinear", "bicubic") else {}
            for antialias in (False, True) if corners else (False,):
                result = F.interpolate(batch, (height, width), mode=mode, antialias=antialias, **corners)
                yield (
                    f'"{mode}", antialias={str(antialias).lower()}, like="torch"',
                    result[0].permute(1, 2, 0).numpy())


def main():
    picture = np.asarray(Image.open(PICTURE).convert("RGB"))
    rows, columns = picture.shape[:2]
    sizes = [
        (rows // 2, columns // 2), (rows * 2, columns * 2), (rows // 3 + 1, columns // 5 + 2), (rows + 1, columns - 1),
        (224, 224), (rows * 3 // 2 + 1, columns // 2)]
    failures, worst = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for height, width in sizes:
            expected = list(libraries(picture, height, width))
            lines = [f'x = load("{PICTURE}");']
            for index, (settings, _) in enumerate(expected):
                lines.append(f'save(resize(x, {height}, {width}, {settings}), "{index}.npy");')
            done = subprocess.run(
                [CONVO, *(word for line in lines for word in ("-e", line))], capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"error: convo failed:\n{done.stderr}")
            for index, (settings, result) in enumerate(expected):
                difference = np.abs(np.load(f"{index}.npy").astype("f8") - result)
                worst[settings] = max(worst.get(settings, 0), difference.max())
                if difference.max() > 1:
                    failures += 1
                    print(f"error: {rows}×{columns} to {height}×{width}, {settings}: off by {difference.max():.3f}")
    for settings, difference in worst.items():
        print(f"{difference:8.4f}  {settings}")
    raise SystemExit(failures > 0)


main()
