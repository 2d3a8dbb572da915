#!/usr/bin/env python3
"""Makes the pictures and weight files beside it, and manifest.txt, which says what each holds.

    python3 -m venv /tmp/fixtures && /tmp/fixtures/bin/pip install numpy pillow safetensors
    /tmp/fixtures/bin/python make_fixtures.py

A line of the manifest: file, mode, shape, and the FNV-1a hash of the float32 values in little-endian order. PNG values
come from the samples that this script encodes itself, JPEG values from Pillow, array values from NumPy.
"""

import io
import json
import os
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
MANIFEST = []
random = np.random.default_rng(7)


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def expect(name, mode, values):
    values = np.asarray(values, dtype="<f4")
    result = 0xCBF29CE484222325
    for byte in np.ascontiguousarray(values).tobytes():
        result = ((result ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    shape = "x".join(str(extent) for extent in values.shape) or "scalar"
    MANIFEST.append(f"{name} {mode} {shape} {result:016x}")


def gray(rgb):
    """BT.601 in whole levels, as Pillow's convert("L")."""
    rgb = rgb.astype(np.int64)
    return (19595 * rgb[..., 0] + 38470 * rgb[..., 1] + 7471 * rgb[..., 2] + 32768) >> 16


# PNG


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(rows, pixel_bytes):
    """Filters rows with each of the five filters in turn."""
    result = b""
    above = np.zeros(len(rows[0]), dtype=np.int64) if rows else None
    for index, row in enumerate(rows):
        current = np.frombuffer(row, dtype=np.uint8).astype(np.int64)
        left = np.concatenate([np.zeros(pixel_bytes, np.int64), current])[: len(current)]
        corner = np.concatenate([np.zeros(pixel_bytes, np.int64), above])[: len(current)]
        kind = index % 5
        if kind == 0:
            guess = 0 * current
        elif kind == 1:
            guess = left
        elif kind == 2:
            guess = above
        elif kind == 3:
            guess = (left + above) // 2
        else:
            base = left + above - corner
            a, b, c = abs(base - left), abs(base - above), abs(base - corner)
            guess = np.where((a <= b) & (a <= c), left, np.where(b <= c, above, corner))
        result += bytes([kind]) + ((current - guess) % 256).astype(np.uint8).tobytes()
        above = current
    return result


def packed(samples, bits):
    """The rows of H×W×C samples."""
    rows = []
    for row in samples.reshape(samples.shape[0], -1):
        if bits == 16:
            rows.append(row.astype(">u2").tobytes())
        elif bits == 8:
            rows.append(row.astype(np.uint8).tobytes())
        else:
            field = "".join(format(value, f"0{bits}b") for value in row)
            field += "0" * (-len(field) % 8)
            rows.append(bytes(int(field[i : i + 8], 2) for i in range(0, len(field), 8)))
    return rows


def png(samples, bits, color_type, extra=b"", interlaced=False, after=b""):
    height, width, channels = samples.shape
    pixel_bytes = max(1, channels * bits // 8)
    if interlaced:
        data = b""
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
        for top, left, down, right in passes:
            part = samples[top::down, left::right]
            if part.size:
                data += filtered(packed(part, bits), pixel_bytes)
    else:
        data = filtered(packed(samples, bits), pixel_bytes)
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(interlaced))
    body = zlib.compress(data, 9)
    half = len(body) // 2
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body[:half])
        + chunk(b"IDAT", body[half:]) + after + chunk(b"IEND", b"")
    )


def expect_picture(name, stored):
    """`stored` has 8 or 16 bits and 1 to 4 channels, as mode="unchanged" gives it."""
    expect(name, "unchanged", stored[..., 0] if stored.shape[-1] == 1 else stored)
    levels = stored.astype(np.int64)
    if stored.dtype == np.uint16:
        levels = (levels * 255 + 32895) >> 16
    if stored.shape[-1] in (2, 4):
        levels = levels[..., :-1]
    color = np.repeat(levels, 3, axis=2) if levels.shape[-1] == 1 else levels
    expect(name, "color", color)
    expect(name, "gray", levels[..., 0] if levels.shape[-1] == 1 else gray(color))


def samples(bits, channels, height=9, width=13):
    return random.integers(0, 1 << bits, (height, width, channels))


def make_png():
    for bits in (1, 2, 4, 8, 16):
        stored = samples(bits, 1)
        name = f"gray{bits}.png"
        write(name, png(stored, bits, 0))
        wide = stored.astype(np.uint16) if bits == 16 else (stored * 255 // ((1 << bits) - 1)).astype(np.uint8)
        expect_picture(name, wide)
        clear = int(stored[4, 4, 0])
        name = f"gray{bits}-clear.png"
        write(name, png(stored, bits, 0, chunk(b"tRNS", struct.pack(">H", clear))))
        alpha = np.where(stored == clear, 0, 65535 if bits == 16 else 255).astype(wide.dtype)
        expect_picture(name, np.concatenate([wide, alpha], axis=2))
    for bits in (1, 2, 4, 8):
        stored = samples(bits, 1)
        colors = 1 << min(bits, 5)
        stored %= colors
        palette = random.integers(0, 256, (colors, 3)).astype(np.uint8)
        alphas = random.integers(0, 256, colors // 2).astype(np.uint8)
        pixels = palette[stored[..., 0]]
        write(f"palette{bits}.png", png(stored, bits, 3, chunk(b"PLTE", palette.tobytes())))
        expect_picture(f"palette{bits}.png", pixels)
        extra = chunk(b"PLTE", palette.tobytes()) + chunk(b"tRNS", alphas.tobytes())
        write(f"palette{bits}-clear.png", png(stored, bits, 3, extra))
        full = np.concatenate([alphas, np.full(colors - len(alphas), 255, np.uint8)])
        expect_picture(f"palette{bits}-clear.png", np.concatenate([pixels, full[stored]], axis=2))
    for color_type, channels, word in ((2, 3, "rgb"), (4, 2, "ga"), (6, 4, "rgba")):
        for bits in (8, 16):
            stored = samples(bits, channels).astype(np.uint16 if bits == 16 else np.uint8)
            write(f"{word}{bits}.png", png(stored, bits, color_type))
            expect_picture(f"{word}{bits}.png", stored)
            write(f"{word}{bits}-interlaced.png", png(stored, bits, color_type, interlaced=True))
            expect_picture(f"{word}{bits}-interlaced.png", stored)
    stored = samples(8, 3).astype(np.uint8)
    clear = stored[3, 3]
    write("rgb8-clear.png", png(stored, 8, 2, chunk(b"tRNS", struct.pack(">HHH", *map(int, clear)))))
    alpha = np.where((stored == clear).all(axis=2, keepdims=True), 0, 255).astype(np.uint8)
    expect_picture("rgb8-clear.png", np.concatenate([stored, alpha], axis=2))
    stored = samples(4, 1)
    write("gray4-interlaced.png", png(stored, 4, 0, interlaced=True))
    expect_picture("gray4-interlaced.png", (stored * 17).astype(np.uint8))
    # Chunks that other programs apply to the samples, or that unpack to something huge.
    stored = samples(8, 3).astype(np.uint8)
    notes = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 20)))
    extra = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sBIT", b"\x05\x06\x05") + notes
    write("rgb8-chunks.png", png(stored, 8, 2, extra, after=notes + chunk(b"tIME", bytes(7))))
    expect_picture("rgb8-chunks.png", stored)
    # Rotated by an eXIf chunk.
    stored = samples(8, 3).astype(np.uint8)
    write("rgb8-exif6.png", png(stored, 8, 2, chunk(b"eXIf", exif(6, ">"))))
    expect_picture("rgb8-exif6.png", np.rot90(stored, -1))
    one = np.array([[[7]]], dtype=np.uint8)
    for interlaced in (False, True):
        name = "one-interlaced.png" if interlaced else "one.png"
        write(name, png(one, 8, 0, interlaced=interlaced))
        expect_picture(name, one)


# JPEG


def exif(orientation, order):
    """A TIFF block whose first directory has a tag before the orientation."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    make = struct.pack(order + "HHI4s", 0x010F, 2, 4, b"abc\0")
    tag = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return head + struct.pack(order + "H", 2) + make + tag + struct.pack(order + "I", 0)


def upright(pixels, orientation):
    """What an Exif orientation means, in NumPy's words."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}
    return np.flip(pixels, flips.get(orientation, ()))


def picture(height=21, width=35):
    y, x = np.mgrid[0:height, 0:width]
    red = 128 + 100 * np.sin(x / 5) * np.cos(y / 4)
    green = np.where((x // 6 + y // 5) % 2, 220, 30)
    blue = 255 * x / width
    return np.stack([red, green, blue], axis=2).clip(0, 255).astype(np.uint8)


def jpeg(image, **options):
    data = io.BytesIO()
    image.save(data, "JPEG", **options)
    return data.getvalue()


def decoded(data):
    image = Image.open(io.BytesIO(data))
    pixels = np.asarray(image.convert("RGB") if image.mode == "CMYK" else image)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def make_jpeg():
    image = Image.fromarray(picture())
    for name, options in {
        "baseline444": dict(subsampling=0), "baseline422": dict(subsampling=1), "baseline420": dict(subsampling=2),
        "progressive420": dict(subsampling=2, progressive=True), "quality100": dict(quality=100, subsampling=0),
        "quality1": dict(quality=1), "optimized": dict(optimize=True), "restart": dict(restart_marker_rows=1),
        "rgb": dict(keep_rgb=True),
    }.items():
        data = jpeg(image, **{"quality": 90, **options})
        write(name + ".jpg", data)
        expect_picture(name + ".jpg", decoded(data))
    for progressive in (False, True):
        data = jpeg(image.convert("L"), quality=90, progressive=progressive)
        name = "gray-progressive.jpg" if progressive else "gray.jpg"
        write(name, data)
        expect_picture(name, decoded(data))
    for orientation in range(1, 9):
        order = "<" if orientation % 2 else ">"
        data = jpeg(image, quality=90, subsampling=0, exif=b"Exif\0\0" + exif(orientation, order))
        write(f"exif{orientation}.jpg", data)
        expect_picture(f"exif{orientation}.jpg", upright(decoded(data), orientation))
    # Pillow writes an Adobe marker and inverted CMYK, and always reads it so.
    inks = np.concatenate([picture(), (picture()[..., :1] // 3)], axis=2)
    data = jpeg(Image.fromarray(inks, mode="CMYK"), quality=100)
    write("cmyk-adobe.jpg", data)
    expect_picture("cmyk-adobe.jpg", decoded(data))
    # Without the marker the samples mean the same to Pillow, and to other readers.
    start = data.index(b"\xff\xee")
    length = struct.unpack(">H", data[start + 2 : start + 4])[0]
    plain = data[:start] + data[start + 2 + length :]
    write("cmyk-plain.jpg", plain)
    expect_picture("cmyk-plain.jpg", decoded(plain))
    # The transform byte of the marker says YCCK.
    ycck = bytearray(data)
    ycck[start + 2 + length - 1] = 2
    write("ycck-adobe.jpg", bytes(ycck))
    expect_picture("ycck-adobe.jpg", decoded(bytes(ycck)))


# Arrays


def npy(array, version=(1, 0)):
    data = io.BytesIO()
    np.lib.format.write_array(data, array, version=version)
    return data.getvalue()


def raw_npy(header, data=b"", version=1):
    header = header.encode()
    size = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + size + header + data


def make_npy():
    special = np.array([0, 1, -1, 0.5, 65504, 6e-8, 1e-5, np.inf, -np.inf, np.nan, 1 / 3, 3.4e38])
    for kind in ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"):
        for order in ("<", ">") if kind[1] != "1" else ("|",):
            with np.errstate(over="ignore"):
                if kind[0] == "f":
                    values = special.astype(order + kind).reshape(3, 4)
                elif kind == "b1":
                    values = (random.integers(0, 2, (3, 4)) > 0).astype(bool)
                else:
                    limits = np.iinfo(kind)
                    values = random.integers(limits.min, limits.max, (3, 4), dtype=kind, endpoint=True)
                    values[0] = [limits.min, limits.max, 0, 1]
                    values = values.astype(order + kind)
            word = {"<": "little", ">": "big", "|": "byte"}[order]
            write(f"{kind}-{word}.npy", npy(values))
            with np.errstate(over="ignore"):
                expect(f"{kind}-{word}.npy", "color", values.astype("f4"))
    cube = random.standard_normal((3, 4, 5)).astype("f4")
    for version in ((1, 0), (2, 0), (3, 0)):
        write(f"version{version[0]}.npy", npy(cube, version))
        expect(f"version{version[0]}.npy", "color", cube)
    for rank in range(1, 6):
        values = random.standard_normal((2, 3, 4, 1, 5)[:rank]).astype("f4")
        write(f"fortran{rank}.npy", npy(np.asfortranarray(values)))
        expect(f"fortran{rank}.npy", "color", values)
    values = random.integers(-9, 9, (70, 41)).astype(">i2")
    write("fortran-big.npy", npy(np.asfortranarray(values)))
    expect("fortran-big.npy", "color", values)
    for name, values in (("scalar", np.array(2.5)), ("empty", np.zeros((2, 0, 3), "f4"))):
        write(name + ".npy", npy(values))
        expect(name + ".npy", "color", values)
    # As Python 2 wrote it: other order, no padding, long numbers.
    write("old.npy", raw_npy('{"shape": (2L, 2L), "fortran_order": False, "descr": "<f4"}\n', bytes(16)))
    expect("old.npy", "color", np.zeros((2, 2)))

    write("bad-object.npy", npy(np.array([{1: 2}, None], dtype=object)))
    write("bad-complex.npy", npy(np.ones(3, "c8")))
    write("bad-text.npy", npy(np.array(["ab", "c"])))
    write("bad-date.npy", npy(np.array(["2020-01-01"], dtype="M8[D]")))
    write("bad-structure.npy", npy(np.zeros(2, dtype=[("a", "f4"), ("b", "i4")])))
    good = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }\n"
    write("bad-huge.npy", raw_npy(good % "1000000000000, 1000000000000", bytes(64)))
    write("bad-short.npy", raw_npy(good % "4, 4", bytes(63)))
    write("bad-negative.npy", raw_npy(good % "-4, 4", bytes(64)))
    write("bad-tuple.npy", raw_npy(good % "4", bytes(16)))
    write("bad-key.npy", raw_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': True}\n", bytes(4)))
    write("bad-missing.npy", raw_npy("{'descr': '<f4', 'shape': (1,)}\n", bytes(4)))
    write("bad-header.npy", raw_npy("{'descr': '<f4', ", bytes(4)))
    write("bad-version.npy", raw_npy(good % "1,", bytes(4)).replace(b"NUMPY\x01", b"NUMPY\x04"))
    write("trailing.npy", npy(cube) + b"more")
    expect("trailing.npy", "color", cube)


def make_npz():
    weights = {"conv1/W": random.standard_normal((4, 3, 3, 3)).astype("f4"), "b": np.arange(4.0), "n": np.array(3)}
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        save(os.path.join(HERE, name + ".npz"), **weights)
        for key, value in weights.items():
            expect(f"{name}.npz:{key}", "color", value)

    def archive(name, members, **options):
        with zipfile.ZipFile(os.path.join(HERE, name), "w", **options) as file:
            for key, data in members:
                info = zipfile.ZipInfo(key, (1980, 1, 1, 0, 0, 0))
                info.compress_type = options.get("compression", zipfile.ZIP_STORED)
                file.writestr(info, data)

    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive("bad-twice.npz", [("a.npy", npy(np.ones(2))), ("a.npy", npy(np.ones(3)))])
    archive("other.npz", [("readme.txt", b"hello"), ("a.npy", npy(np.ones(2)))])
    expect("other.npz:a", "color", np.ones(2))
    strange = {"names": np.array(["cat", "dog"], object), "words": np.array(["cat"]), "c": np.array([1 + 2j])}
    np.savez(os.path.join(HERE, "strange.npz"), a=np.ones(2), **strange)
    expect("strange.npz:a", "color", np.ones(2))
    np.savez(os.path.join(HERE, "bad-strange.npz"), **strange)
    mac = [("a.npy", npy(np.ones(2))), ("__MACOSX/._a.npy", b"\0\5\x16\7" + bytes(90)), (".DS_Store", b"Bud1")]
    archive("mac.npz", mac)
    expect("mac.npz:a", "color", np.ones(2))
    archive("bad-text.npz", [("readme.txt", b"hello")])
    archive("bad-long.npz", [("a.npy", npy(np.ones(2)) + b"more")])
    archive("bad-member.npz", [("a.npy", b"no array")])
    # 64 MiB of zeros behind a header that declares them, and a header that declares more than there is.
    bomb = raw_npy("{'descr': '|u1', 'fortran_order': False, 'shape': (67108864,), }\n", bytes(1 << 26))
    archive("bomb.npz", [("a.npy", bomb)], compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    lie = raw_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }\n", bytes(64))
    archive("bad-lie.npz", [("a.npy", lie)])
    data = bytearray(open(os.path.join(HERE, "stored.npz"), "rb").read())
    data[200] ^= 1
    write("bad-checksum.npz", bytes(data))
    data = bytearray(open(os.path.join(HERE, "other.npz"), "rb").read())
    for start in (data.rindex(b"PK\x03\x04") + 6, data.rindex(b"PK\x01\x02") + 8):
        data[start] |= 1
    write("bad-encrypted.npz", bytes(data))


def safetensors(header, data=b"", padding=0):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * padding
    return struct.pack("<Q", len(text)) + text + data


def make_safetensors():
    import safetensors.numpy

    types = {
        "F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2", "I8": "i1", "U8": "u1",
        "U16": "u2", "U32": "u4", "U64": "u8", "BOOL": "?",
    }
    record = {name: (random.standard_normal((2, 3)) * 5).clip(0).astype(kind) for name, kind in types.items()}
    record["scalar"] = np.array(1.5, "f4")
    record["empty"] = np.zeros((0, 3), "f4")
    write("types.safetensors", safetensors.numpy.save(record, metadata={"made by": "make_fixtures.py"}))
    for key, value in record.items():
        expect(f"types.safetensors:{key}", "color", value)
    floats = random.standard_normal(6).astype("f4")
    halves = (floats.view("u4") >> 16).astype("<u2")
    entry = {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]}
    write("bf16.safetensors", globals()["safetensors"]({"a": entry}, halves.tobytes(), padding=5))
    expect("bf16.safetensors:a", "color", (halves.astype("u4") << 16).view("f4").reshape(2, 3))
    # Fields that the format does not know, and types that convo does not.
    entry = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    more = {"origin": "x", "more": [1, -2.5e3, {"a": [None, True, False, {}, []]}], "zero": 0}
    write("fields.safetensors", globals()["safetensors"]({"a": {**more, **entry, "last": "\"}"}}, bytes(8)))
    expect("fields.safetensors:a", "color", [0, 0])
    unread = {
        "a": entry, "c": {"dtype": "C64", "shape": [1], "data_offsets": [8, 16]},
        "d": {"dtype": "F4", "shape": [4], "data_offsets": [16, 18]},
    }
    write("unread.safetensors", globals()["safetensors"](unread, np.array([1, 2, 3, 4], "<f4").tobytes() + bytes(2)))
    expect("unread.safetensors:a", "color", [1, 2])


def make_bad_safetensors():
    def tensor(begin, end, shape=None, dtype="F32", **more):
        shape = [(end - begin) // 4] if shape is None else shape
        return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end], **more}

    data = bytes(16)
    bad = {
        "overlap": safetensors({"a": tensor(0, 12), "b": tensor(8, 16)}, data),
        "hole": safetensors({"a": tensor(0, 4), "b": tensor(8, 16)}, data),
        "start": safetensors({"a": tensor(4, 16)}, data),
        "beyond": safetensors({"a": tensor(0, 20)}, data),
        "rest": safetensors({"a": tensor(0, 12)}, data),
        "size": safetensors({"a": tensor(0, 16, [3])}, data),
        "reversed": safetensors({"a": tensor(16, 0, [4])}, data),
        "type": safetensors({"a": tensor(0, 16, [16], "F8_E4M3")}, data),
        "huge": safetensors({"a": tensor(0, 16, [1 << 62, 1 << 62])}, data),
        "negative": safetensors({"a": tensor(0, 16, [-4])}, data),
        "fraction": safetensors({"a": tensor(0, 16, [4.0])}, data),
        "field": safetensors(b'{"a":{"dtype":"F32",%s}' % json.dumps(tensor(0, 16)).encode()[1:] + b"}", data),
        "lacking": safetensors({"a": {"dtype": "F32", "shape": [4]}}, data),
        "twice": safetensors(b'{"a":%s,"a":%s}' % ((json.dumps(tensor(0, 16)).encode(),) * 2), data),
        "metadata": safetensors({"__metadata__": {"a": 1}, "a": tensor(0, 16)}, data),
        "json": safetensors(b'{"a":', data),
        "trailing": safetensors(b"{}x", b""),
        "utf8": safetensors(b'{"\xff":%s}' % json.dumps(tensor(0, 16)).encode(), data),
        "surrogate": safetensors(b'{"\\ud800":%s}' % json.dumps(tensor(0, 16)).encode(), data),
        "long": struct.pack("<Q", 100_000_001) + b"{}" + bytes(64),
        "length": struct.pack("<Q", 1000) + b"{}" + bytes(64),
    }
    for name, content in bad.items():
        write(f"bad-{name}.safetensors", content)


def make_csv():
    write("table.csv", b"1,2.5,-3e-2\r\n4,+5,.5\r\n")
    expect("table.csv", "color", [[1, 2.5, -0.03], [4, 5, 0.5]])
    write("header.csv", b"\xef\xbb\xbfwidth;height\n\n# a comment\n1 ; 2\n 3;4")
    expect("header.csv", "color", [[1, 2], [3, 4]])
    table = random.standard_normal((5, 3)).astype("f4")
    data = io.BytesIO()
    np.savetxt(data, table)
    write("savetxt.csv", data.getvalue())
    expect("savetxt.csv", "color", table)
    write("tabs.csv", b"nan\tinf\n-Infinity\t1e400\n")
    expect("tabs.csv", "color", [[np.nan, np.inf], [-np.inf, np.inf]])
    # In the middle between two float32, just above it, and a subnormal number.
    text = b"16777217,16777217.0000000000000001,1.40129846432e-45,0.1234567890123456789012345\n"
    write("digits.csv", text)
    expect("digits.csv", "color", [[16777216.0, 16777218.0, 1.40129846432e-45, 0.12345678901234568]])
    write("bad-ragged.csv", b"1,2\n3,4\n5\n")
    write("bad-word.csv", b"1,2\n3,four\n")
    write("missing.csv", b"1,2\n3,\nNA,6\n")
    expect("missing.csv", "color", [[1, 2], [3, np.nan], [np.nan, 6]])
    write("quoted.csv", b'"a, b","c ""d"""\n"1.5", "2"\n"3","4"\n')
    expect("quoted.csv", "color", [[1.5, 2], [3, 4]])
    write("pandas.csv", b",0,1,2\n0,0.5,1.5,2.5\n1,3.5,4.5,5.5\n")
    expect("pandas.csv", "color", [[0, 0.5, 1.5, 2.5], [1, 3.5, 4.5, 5.5]])
    write("bad-nothing.csv", b"\n# only a comment\n")


if __name__ == "__main__":
    make_png()
    make_jpeg()
    make_npy()
    make_npz()
    make_safetensors()
    make_bad_safetensors()
    make_csv()
    with open(os.path.join(HERE, "manifest.txt"), "w") as file:
        file.write("\n".join(MANIFEST) + "\n")
