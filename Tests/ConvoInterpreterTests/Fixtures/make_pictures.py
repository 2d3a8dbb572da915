"""Writes pictures.txt: small pictures as Pillow, OpenCV and PyTorch resize and turn them.

    pip install numpy pillow==11.3.0 opencv-python-headless torch

Later versions of Pillow sometimes sum along the columns first, which is up to 3 levels away at hard edges.

    python make_pictures.py > pictures.txt

Each line is: expression, shape, values, bound, between tabs. The input is the same rule here and in the language: levels
of 0…255 with edges and slopes.
"""

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

CASES = []
SIZES = ((5, 4), (9, 7), (17, 15), (3, 12), (10, 2), (18, 14))


def levels(height, width, channels):
    """`fn levels(h, w, c) = reshape(floor(abs(arange(h * w * c) * 37 % 509 - 254)), h, w, c)`"""
    return np.abs(np.arange(height * width * channels) * 37 % 509 - 254).reshape(height, width, channels).astype("u1")


def case(code, value, bound):
    value = np.asarray(value)
    whole = value.dtype == np.uint8
    values = " ".join(str(int(v)) if whole else f"{float(v):.7g}" for v in value.ravel())
    CASES.append("\t".join([code, ",".join(str(e) for e in value.shape), values, str(bound)]))


picture = levels(9, 7, 3)
gray = levels(9, 7, 1)[:, :, 0]
pillow = {
    "nearest": Image.Resampling.NEAREST, "bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX, "lanczos": Image.Resampling.LANCZOS}
opencv = {
    "nearest": cv2.INTER_NEAREST, "bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC, "area": cv2.INTER_AREA,
    "lanczos": cv2.INTER_LANCZOS4}
for height, width in SIZES:
    for name, filter in pillow.items():
        case(
            f'resize(levels(9, 7, 3), {height}, {width}, "{name}", like="pillow")',
            np.asarray(Image.fromarray(picture).resize((width, height), filter)), 0)
    for name, filter in opencv.items():
        bound = 0 if name == "nearest" else 1
        case(
            f'resize(levels(9, 7, 3), {height}, {width}, "{name}", like="opencv")',
            cv2.resize(picture, (width, height), interpolation=filter), bound)
    batch = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    for name, mode in {"nearest": "nearest", "bilinear": "bilinear", "bicubic": "bicubic", "area": "area"}.items():
        settings = {} if name in ("nearest", "area") else {"align_corners": False}
        for antialias in (False, True) if settings else (False,):
            value = F.interpolate(batch, (height, width), mode=mode, antialias=antialias, **settings)
            word = ", antialias=true" if antialias else ""
            case(
                f'resize(levels(9, 7, 3), {height}, {width}, "{name}"{word}, like="torch")',
                value[0].permute(1, 2, 0).numpy(), 0.01)
            if name != "bicubic" and name != "nearest" and not (name == "area"):
                case(
                    f'resize(levels(9, 7, 3), {height}, {width}, "{name}"{word})', value[0].permute(1, 2, 0).numpy(), 0.01)
# Numbers that are no levels stay as they are.
case(
    'resize(levels(9, 7, 1)[:, :, 0] / 7, 5, 4, "bicubic", like="pillow")',
    np.asarray(Image.fromarray(gray.astype("f4") / 7).resize((4, 5), Image.Resampling.BICUBIC)), 0.001)
case(
    'resize(levels(9, 7, 1)[:, :, 0] / 7, 5, 4, "lanczos", like="opencv")',
    cv2.resize(gray.astype("f4") / 7, (4, 5), interpolation=cv2.INTER_LANCZOS4), 0.001)
for angle in (30, -17.5, 180, 200, 360.5):
    case(
        f"rotate(levels(9, 7, 1)[:, :, 0], {angle})",
        np.asarray(Image.fromarray(gray.astype("f4")).rotate(angle, Image.Resampling.BILINEAR)), 0.01)
for angle in (90, 180, 270, -90, 450):
    case(f"rotate(levels(9, 7, 3), {angle})", np.rot90(picture, angle // 90), 0)

print("\n".join(CASES))
