"""Writes webp.txt: small WebP pictures with what Pillow reads of them.

    pip install numpy pillow
    python make_webp.py > webp.txt

Each line is: name, mode, shape, the file in hexadecimal, values, between tabs.
"""

import io

import numpy as np
from PIL import Image


def levels(height, width, channels):
    return np.abs(np.arange(height * width * channels) * 37 % 509 - 254).reshape(height, width, channels).astype("u1")


def line(name, mode, picture, expected=None, **settings):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", **settings)
    value = np.asarray(Image.open(io.BytesIO(file.getvalue()))) if expected is None else expected
    print("\t".join([
        name, mode, ",".join(str(e) for e in value.shape), file.getvalue().hex(), " ".join(str(v) for v in value.ravel())]))


rgb, rgba = levels(9, 7, 3), levels(5, 6, 4)
line("lossless", "color", rgb, lossless=True)
line("lossy", "color", rgb, quality=80)
line("alpha", "unchanged", rgba, lossless=True, exact=True)
line("alpha dropped", "color", rgba, rgba[:, :, :3], lossless=True, exact=True)
exif = Image.Exif()
exif[0x0112] = 6
line("turned", "color", rgb, np.rot90(rgb, -1), lossless=True, exif=exif)
