"""What scripts/check-formats runs: convo and Python exchange files of every format and element type."""

import os
import subprocess
import sys
import tempfile

import numpy as np
import safetensors.numpy
from PIL import Image

CONVO = sys.argv[1]
TYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]
failures = 0


def run(*lines):
    arguments = [word for line in lines for word in ("-e", line)]
    done = subprocess.run([CONVO, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"error: convo failed on {lines}:\n{done.stderr}")
    return done.stdout


def check(name, found, expected, exact=True):
    global failures
    found, expected = np.asarray(found), np.asarray(expected)
    same = found.shape == expected.shape and (
        np.array_equal(found, expected, equal_nan=found.dtype.kind == "f")
        if exact else np.abs(found.astype("f8") - expected).mean() < 4
    )
    if not same:
        failures += 1
        print(f"error: {name}: {found.dtype} {found.shape}\n{found}\nexpected {expected.shape}\n{expected}")


def arrays():
    values = np.array([[0, 1, 2], [3, 100, 127]], "f4")
    source = "x = tensor([[0, 1, 2], [3, 100, 127]]);"
    for kind in TYPES:
        expected = (values != 0) if kind == "bool" else values.astype(kind)
        run(source, f'save(x, "x.npy", dtype="{kind}");', f'save({{"a/W": x, b: x[0]}}, "x.npz", dtype="{kind}");',
            f'save({{"a/W": x, b: x[0]}}, "x.safetensors", dtype="{kind}");')
        check(f"npy {kind}", np.load("x.npy"), expected)
        archive, tensors = np.load("x.npz"), safetensors.numpy.load_file("x.safetensors")
        for name, record in (("npz", archive), ("safetensors", tensors)):
            if set(record.keys()) != {"a/W", "b"}:
                raise SystemExit(f"error: {name} {kind}: keys {sorted(record.keys())}")
            check(f"{name} {kind}", record["a/W"], expected)
            check(f"{name} {kind}", record["b"], expected[0])
            if record["a/W"].dtype != np.dtype(kind):
                raise SystemExit(f"error: {name}: {record['a/W'].dtype} instead of {kind}")
    for shape in ("[]", "[0]", "[3]", "[2, 0]", "[2, 3, 4, 5]"):
        run(f'save(zeros({shape}), "x.npy");')
        check(f"npy {shape}", np.load("x.npy"), np.zeros(eval(shape), "f4"))
    # What convo reads of Python's files it writes again, bit for bit.
    special = np.array([0, -0.0, 1, 1 / 3, 1e-45, 3.4e38, np.inf, -np.inf, np.nan], "f4")
    np.save("x.npy", special)
    np.savez_compressed("x.npz", special=special, fortran=np.asfortranarray(values))
    safetensors.numpy.save_file({"special": special, "values": values}, "x.safetensors", metadata={"a": "b"})
    run('save(load("x.npy"), "y.npy");', 'save(load("x.npz"), "y.npz");', 'save(load("x.safetensors"), "y.safetensors");')
    check("npy again", np.load("y.npy").view("u4"), special.view("u4"))
    check("npz again", np.load("y.npz")["special"].view("u4"), special.view("u4"))
    check("npz again", np.load("y.npz")["fortran"], values)
    check("safetensors again", safetensors.numpy.load_file("y.safetensors")["special"].view("u4"), special.view("u4"))


def tables():
    values = np.random.default_rng(1).standard_normal((7, 5)).astype("f4")
    np.save("x.npy", values)
    run('save(load("x.npy"), "x.csv");')
    check("csv", np.loadtxt("x.csv", delimiter=",", dtype="f4"), values)
    np.savetxt("y.csv", values, delimiter=",")
    run('save(load("y.csv"), "y.npy");')
    check("csv again", np.load("y.npy"), values)


def pictures():
    y, x = np.mgrid[0:30, 0:40]
    color = np.stack([x * 6, y * 8, (x + y) * 3], axis=2).astype("f4")
    for name, picture in (("gray", color[..., 0]), ("color", color), ("alpha", np.dstack([color, 255 - color[..., 0]]))):
        np.save("x.npy", picture)
        run('save(load("x.npy"), "x.png");', 'save(load("x.npy"), "x.jpg", quality=100);')
        check(f"png {name}", Image.open("x.png"), picture.astype("u1"))
        plain = picture[..., :3] if picture.ndim == 3 else picture
        check(f"jpg {name}", Image.open("x.jpg"), plain, exact=False)
        Image.fromarray(picture.astype("u1")).save("y.png")
        run('save(load("y.png", mode="unchanged"), "y.npy");')
        check(f"png {name} again", np.load("y.npy"), picture)
    Image.fromarray(color.astype("u1")).save("y.jpg", quality=90)
    run('save(load("y.jpg"), "y.npy");', 'save(load("y.jpg", mode="gray"), "z.npy");')
    check("jpg again", np.load("y.npy"), np.asarray(Image.open("y.jpg")))
    check("jpg gray again", np.load("z.npy"), np.asarray(Image.open("y.jpg").convert("L")))


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    arrays()
    tables()
    pictures()
if failures:
    raise SystemExit(f"error: {failures} files differ")
print("NumPy, safetensors, Pillow and convo read one another's files.")
