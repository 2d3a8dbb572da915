#!/usr/bin/env python3
"""Writes models.txt: what PyTorch gives for networks whose weights the tests load.

    V/bin/pip install torch numpy safetensors
    V/bin/python make_models.py DIGITS.safetensors [CIFAR.npz]

The inputs are sin(i / 100) and alike, so that the tests make them themselves.
"""
import os, sys

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional as F


def digits(path):
    w = {k: v.double() for k, v in load_file(path).items()}
    x = (torch.sin(torch.arange(784, dtype=torch.float32) * 0.05) * 0.5 + 0.5).double().reshape(1, 1, 28, 28)
    for name, pad in (("conv1", 2), ("conv2", 1), ("conv3", 1)):
        x = F.max_pool2d(F.relu(F.conv2d(x, w[name + ".weight"], w[name + ".bias"], padding=pad)), 2, ceil_mode=True)
    return F.linear(x.flatten(1), w["fc.weight"], w["fc.bias"])[0].tolist()


def cifar(path):
    w = {k: torch.from_numpy(v).double() for k, v in np.load(path).items()}
    x = (torch.sin(torch.arange(2 * 3072, dtype=torch.float32) * 0.01) * 0.5 + 0.5).double().reshape(2, 3, 32, 32)
    for name in ("conv1", "conv2", "conv3"):
        x = F.relu(F.conv2d(x, w[name + "/W"], w[name + "/b"], stride=2))
    x = F.relu(F.linear(x.flatten(1), w["fc4/W"], w["fc4/b"]))
    return F.linear(x, w["fc5/W"], w["fc5/b"]).flatten().tolist()


if __name__ == "__main__":
    result = {"digits": digits(sys.argv[1])}
    if len(sys.argv) > 2:
        result["cifar"] = cifar(sys.argv[2])
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "models.txt"), "w") as out:
        for name, values in result.items():
            out.write(name + " " + " ".join(f"{v:.9g}" for v in values) + "\n")
