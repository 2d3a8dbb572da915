#!/usr/bin/env python3
"""Compares resnet18.cnn with PyTorch, and times it beside PyTorch and ONNX Runtime, in one run.

    V/bin/pip install torch numpy safetensors onnx onnxruntime onnxscript
    V/bin/python compare.py CONVO [--threads 1]

CONVO is the convo executable. Prints the largest difference of the scores relative to the largest score, which must be
below 1e-4, and for each program the fastest of its interleaved runs.
"""
import argparse, os, re, subprocess, sys, tempfile, time

import numpy as np
import torch
from safetensors.torch import save_file

from make_weights import model

HERE = os.path.dirname(os.path.abspath(__file__))


def fastest(call, seconds=0.5):
    call()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("convo")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=4)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    net = model()
    x = torch.sin(torch.arange(3 * 224 * 224, dtype=torch.float32) * 0.01).reshape(1, 3, 224, 224)
    with tempfile.TemporaryDirectory() as folder:
        weights = os.path.join(folder, "resnet18.safetensors")
        save_file(net.state_dict(), weights)
        onnx_path = os.path.join(folder, "resnet18.onnx")
        session = None
        try:
            import onnxruntime as ort
            torch.onnx.export(net, (x,), onnx_path, input_names=["x"], output_names=["y"], dynamo=False)
            options = ort.SessionOptions()
            options.intra_op_num_threads = a.threads
            session = ort.InferenceSession(onnx_path, options, providers=["CPUExecutionProvider"])
        except Exception as problem:
            print(f"ONNX Runtime is left out: {problem}", file=sys.stderr)
        script = os.path.join(HERE, "..", "resnet18.cnn")
        convo = os.path.abspath(a.convo)
        times = {"convo": [], "torch": [], "onnxruntime": []}
        for _ in range(a.rounds):
            out = subprocess.run([convo, "--threads", str(a.threads), script, weights], cwd=folder, check=True,
                                 capture_output=True, text=True).stdout
            times["convo"].append(float(re.search(r"one picture: ([0-9.]+) ms", out)[1]))
            with torch.inference_mode():
                times["torch"].append(fastest(lambda: net(x)))
            if session:
                times["onnxruntime"].append(fastest(lambda: session.run(None, {"x": x.numpy()})))
        with torch.inference_mode():
            expected = net.double()(x.double()).numpy()
        found = np.load(os.path.join(folder, "resnet18-scores.npy"))
        error = np.abs(found - expected).max() / np.abs(expected).max()
        print(f"largest difference / largest score: {error:.2e}")
        for name, found in times.items():
            if found:
                print(f"{name:12s} {min(found):7.1f} ms   threads {a.threads}")
        sys.exit(0 if error < 1e-4 else 1)


if __name__ == "__main__":
    main()
