#!/usr/bin/env python3
"""Trains the network of digits.cnn on digits that this script draws itself, and writes digits.safetensors.

    python3 -m venv V && V/bin/pip install torch numpy pillow safetensors
    apt-get install fonts-dejavu-core fonts-liberation fonts-freefont-ttf
    V/bin/python train.py [--epochs 12]

Every picture is one digit in a random font, size, slant, rotation, place, thickness and blur, light on dark,
28×28, values 0…1. A tenth of the fonts is kept for the test and never trained on. Writes beside itself:
digits.safetensors (the weights under PyTorch's names), seven.png and three.png (pictures to try).
"""
import argparse, glob, os, random
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE = 28


def fonts():
    found = sorted(glob.glob("/usr/share/fonts/truetype/**/*.ttf", recursive=True))
    return [f for f in found if not any(word in f.lower() for word in ("symbol", "math", "emoji"))]


def draw(digit, font_path, rng, side=SIDE, plain=False):
    """One digit as a float array of side×side, 0…1, light on dark. Drawn four times as large and shrunk."""
    big = side * 4
    canvas = Image.new("L", (big, big), 0)
    size = int(big * (0.8 if plain else rng.uniform(0.55, 0.95)))
    font = ImageFont.truetype(font_path, size)
    left, top, right, bottom = ImageDraw.Draw(canvas).textbbox((0, 0), str(digit), font=font)
    spread = 0 if plain else big * 0.08
    x = (big - (right - left)) / 2 - left + rng.uniform(-spread, spread)
    y = (big - (bottom - top)) / 2 - top + rng.uniform(-spread, spread)
    stroke = 0 if plain else rng.choice([0, 0, 0, 1, 2])
    ImageDraw.Draw(canvas).text((x, y), str(digit), fill=255, font=font, stroke_width=stroke, stroke_fill=255)
    if not plain:
        shear = rng.uniform(-0.25, 0.25)
        stretch = rng.uniform(0.8, 1.25)
        canvas = canvas.transform(
            (big, big), Image.AFFINE,
            (stretch, shear, big / 2 * (1 - stretch) - shear * big / 2, 0, 1, 0), Image.BILINEAR)
        canvas = canvas.rotate(rng.uniform(-15, 15), Image.BILINEAR)
        if rng.random() < 0.3:
            canvas = canvas.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 3)))
    small = np.asarray(canvas.resize((side, side), Image.BOX), dtype=np.float32) / 255
    if not plain:
        small = small * rng.uniform(0.6, 1.0) + rng.uniform(0, 0.1)
        small = np.clip(small + np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(0, 0.06), small.shape), 0, 1)
    return small.astype(np.float32)


def dataset(paths, count, seed):
    rng = random.Random(seed)
    x = np.empty((count, 1, SIDE, SIDE), np.float32)
    y = np.empty(count, np.int64)
    for i in range(count):
        y[i] = rng.randrange(10)
        x[i, 0] = draw(int(y[i]), rng.choice(paths), rng)
    return torch.from_numpy(x), torch.from_numpy(y)


def network():
    """The network of digits.cnn; max pooling rounds up there and here."""
    return nn.Sequential(
        nn.Conv2d(1, 12, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True),
        nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True),
        nn.Conv2d(24, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True),
        nn.Flatten(), nn.Linear(32 * 4 * 4, 10))


NAMES = {"0": "conv1", "3": "conv2", "6": "conv3", "10": "fc"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--count", type=int, default=24000)
    a = parser.parse_args()
    torch.manual_seed(0)
    paths = fonts()
    held = paths[::10]
    train_x, train_y = dataset([p for p in paths if p not in held], a.count, 1)
    test_x, test_y = dataset(held, 2000, 2)
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, a.epochs)
    for epoch in range(a.epochs):
        model.train()
        for batch in torch.randperm(len(train_y)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(train_x[batch]), train_y[batch]).backward()
            optimizer.step()
        schedule.step()
        model.eval()
        with torch.inference_mode():
            right = (model(test_x).argmax(1) == test_y).float().mean().item()
        print(f"epoch {epoch + 1}: {100 * right:.1f} % of unseen fonts", flush=True)
    state = {f"{NAMES[k.split('.')[0]]}.{k.split('.')[1]}": v.contiguous() for k, v in model.state_dict().items()}
    save_file(state, os.path.join(HERE, "digits.safetensors"))
    for name, digit in (("seven", 7), ("three", 3)):
        picture = 1 - draw(digit, held[0], random.Random(5), side=96, plain=True)
        Image.fromarray((picture * 255).astype(np.uint8)).save(os.path.join(HERE, name + ".png"))


if __name__ == "__main__":
    main()
