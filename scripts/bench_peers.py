"""Times one layer after the other in convo and its peers, turn by turn, and prints who was faster.

A layer takes plain float32 N×C×H×W in and gives the same out; weights are prepared before the clock starts. Every
program runs in a process of its own with its own threads. Turns alternate between the programs, so that a busy moment of
the machine meets all of them, and the shortest call of all turns counts.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time

PEERS = ["convo", "torch", "ort", "openvino", "ncnn"]


def layer(name, channels, height, width, outputs, window, stride=1, pad=0, dilation=1, groups=1, batch=1, kind="conv"):
    """A layer in the form that convo-bench reads: square windows, P and Q worked out."""
    extent = lambda size: (size + 2 * pad - dilation * (window - 1) - 1) // stride + 1
    return {
        "name": name, "kind": kind, "N": batch, "C": channels, "H": height, "W": width, "K": outputs,
        "R": window, "S": window, "stride": [stride] * 2, "pad": [pad] * 2, "dilation": [dilation] * 2,
        "groups": groups, "P": extent(height), "Q": extent(width),
    }


LAYERS = [
    layer("tutorial 5x5 3-3", 3, 380, 512, 3, 5),
    layer("tutorial 3x3 1-1", 1, 380, 512, 1, 3),
    layer("tutorial 3x3 s2 3-5", 3, 376, 508, 5, 3, stride=2),
    layer("3x3 64@224", 64, 224, 224, 64, 3, pad=1),
    layer("3x3 128@112", 128, 112, 112, 128, 3, pad=1),
    layer("3x3 256@56", 256, 56, 56, 256, 3, pad=1),
    layer("3x3 512@28", 512, 28, 28, 512, 3, pad=1),
    layer("3x3 512@14", 512, 14, 14, 512, 3, pad=1),
    layer("3x3 128@28", 128, 28, 28, 128, 3, pad=1),
    layer("3x3 512@7", 512, 7, 7, 512, 3, pad=1),
    layer("7x7 s2 3-64@224", 3, 224, 224, 64, 7, stride=2, pad=3),
    layer("3x3 s2 128@56", 128, 56, 56, 128, 3, stride=2, pad=1),
    layer("1x1 64-256@56", 64, 56, 56, 256, 1),
    layer("1x1 512-128@28", 512, 28, 28, 128, 1),
    layer("1x1 2048-512@7", 2048, 7, 7, 512, 1),
    layer("depthwise 144@56", 144, 56, 56, 144, 3, pad=1, groups=144),
    layer("depthwise 96@112 s2", 96, 112, 112, 96, 3, stride=2, pad=1, groups=96),
    layer("dilated 256@28", 256, 28, 28, 256, 3, pad=2, dilation=2),
    layer("grouped 32x128@56", 128, 56, 56, 128, 3, pad=1, groups=32),
    layer("batch 8 128@28", 128, 28, 28, 128, 3, pad=1, batch=8),
    layer("max-pool 2x2 64@224", 64, 224, 224, 64, 2, stride=2, kind="maxpool"),
]


def operands(row):
    """The same random numbers in every process."""
    import numpy as np
    import zlib

    random = np.random.default_rng(zlib.crc32(row["name"].encode()))
    x = random.standard_normal((row["N"], row["C"], row["H"], row["W"]), dtype=np.float32)
    if row["kind"] != "conv":
        return x, None
    shape = (row["K"], row["C"] // row["groups"], row["R"], row["S"])
    return x, (random.standard_normal(shape, dtype=np.float32) / np.float32(math.sqrt(math.prod(shape[1:])))).astype("f4")


def onnx_model(row, w):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    pads = row["pad"] * 2
    if row["kind"] == "conv":
        node = helper.make_node(
            "Conv", ["x", "w"], ["y"], kernel_shape=[row["R"], row["S"]], strides=row["stride"], pads=pads,
            dilations=row["dilation"], group=row["groups"])
        constants = [numpy_helper.from_array(w, "w")]
    else:
        node = helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[row["R"], row["S"]], strides=row["stride"], pads=pads)
        constants = []
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [node], "layer", [value("x", TensorProto.FLOAT, [row["N"], row["C"], row["H"], row["W"]])],
        [value("y", TensorProto.FLOAT, [row["N"], row["K"], row["P"], row["Q"]])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model


def torch_call(row, x, w, threads):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    x = torch.from_numpy(x)
    if w is None:
        return lambda: F.max_pool2d(x, (row["R"], row["S"]), row["stride"], row["pad"]).numpy()
    w = torch.from_numpy(w)
    return lambda: F.conv2d(x, w, None, row["stride"], row["pad"], row["dilation"], row["groups"]).numpy()


def ort_call(row, x, w, threads):
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        onnx_model(row, w).SerializeToString(), options, providers=["CPUExecutionProvider"])
    y = np.empty((row["N"], row["K"], row["P"], row["Q"]), np.float32)
    binding = session.io_binding()
    given, wanted = onnxruntime.OrtValue.ortvalue_from_numpy(x), onnxruntime.OrtValue.ortvalue_from_numpy(y)
    binding.bind_ortvalue_input("x", given)
    binding.bind_ortvalue_output("y", wanted)

    def call():
        session.run_with_iobinding(binding)
        return wanted.numpy
    return call


def openvino_call(row, x, w, threads):
    import openvino

    core = openvino.Core()
    model = core.read_model(onnx_model(row, w).SerializeToString())
    compiled = core.compile_model(model, "CPU", {
        "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1,
        "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(x, shared_memory=True))

    def call():
        request.infer(share_outputs=True)
        return request.get_output_tensor().data
    return call


def ncnn_call(row, x, w, threads):
    import ncnn
    import numpy as np

    net = ncnn.Net()
    net.opt.num_threads = threads
    net.opt.use_vulkan_compute = False
    for name in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
        setattr(net.opt, name, False)
    if w is None:
        line = (f"Pooling op 1 1 data out 0=0 1={row['S']} 11={row['R']} 2={row['stride'][1]} 12={row['stride'][0]} "
                f"3={row['pad'][1]} 13={row['pad'][0]} 5=1")
    else:
        kind = "Convolution" if row["groups"] == 1 else "ConvolutionDepthWise"
        line = (f"{kind} op 1 1 data out 0={row['K']} 1={row['S']} 11={row['R']} 2={row['dilation'][1]} "
                f"12={row['dilation'][0]} 3={row['stride'][1]} 13={row['stride'][0]} 4={row['pad'][1]} "
                f"14={row['pad'][0]} 5=0 6={w.size}" + (f" 7={row['groups']}" if row["groups"] > 1 else ""))
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/layer.param", "w") as file:
            file.write(f"7767517\n2 2\nInput in 0 1 data 0={row['W']} 1={row['H']} 2={row['C']}\n{line}\n")
        with open(folder + "/layer.bin", "wb") as file:
            file.write(b"" if w is None else b"\0\0\0\0" + w.tobytes())
        net.load_param(folder + "/layer.param")
        net.load_model(folder + "/layer.bin")
    pictures = [ncnn.Mat(np.ascontiguousarray(picture)).clone() for picture in x]

    def call():
        results = []
        for picture in pictures:
            extractor = net.create_extractor()
            extractor.input("data", picture)
            results.append(extractor.extract("out")[1])
        return lambda: np.stack([np.array(result) for result in results])
    call.keep = net
    return call


CALLS = {"torch": torch_call, "ort": ort_call, "openvino": openvino_call, "ncnn": ncnn_call}


def result(value):
    import numpy as np

    return np.asarray(value() if callable(value) else value)


def work(peer, threads):
    """A peer's process: the protocol of `convo-bench --serve`, for Python libraries."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    call = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["cmd"] == "quit":
                break
            if request["cmd"] == "setup":
                import numpy as np

                x, w = operands(request["L"])
                call = CALLS[peer](request["L"], x, w, threads)
                np.save(request["y"], result(call()))
                answer = {"ok": 1}
            else:
                call()
                times = []
                begin = time.perf_counter()
                while len(times) < request["min"] or time.perf_counter() - begin < request["secs"]:
                    start = time.perf_counter()
                    call()
                    times.append(time.perf_counter() - start)
                times.sort()
                answer = {"ok": 1, "n": len(times), "min": times[0], "med": times[len(times) // 2]}
        except Exception as error:
            answer = {"ok": 0, "err": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(answer), file=answers, flush=True)


class Program:
    """convo or a peer, in its process."""

    def __init__(self, name, threads, folder):
        self.name, self.folder = name, folder
        command = (
            [os.environ["CONVO_BENCH"], "--serve", "--threads", str(threads)] if name == "convo"
            else [sys.executable, os.path.abspath(__file__), "--work", name, "--threads", str(threads)])
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)

    def ask(self, **request):
        try:
            print(json.dumps(request), file=self.process.stdin, flush=True)
            return json.loads(self.process.stdout.readline() or '{"ok":0,"err":"the process ended"}')
        except BrokenPipeError:
            return {"ok": 0, "err": "the process ended"}

    def prepare(self, row, x, w, expected):
        """Sets the layer up and returns the largest difference from `expected`, or raises what went wrong."""
        import numpy as np

        y = os.path.join(self.folder, self.name + ".npy")
        answer = self.ask(cmd="setup", L=row, x=x, w=w, y=y)
        if not answer["ok"]:
            raise RuntimeError(answer["err"])
        found = np.load(y)
        return float(np.abs(found - expected).max() / np.abs(expected).max())


def reference(row, x, w):
    """The layer in float64, by PyTorch."""
    import torch
    import torch.nn.functional as F

    x = torch.from_numpy(x).double()
    if w is None:
        return F.max_pool2d(x, (row["R"], row["S"]), row["stride"], row["pad"]).numpy()
    return F.conv2d(
        x, torch.from_numpy(w).double(), None, row["stride"], row["pad"], row["dilation"], row["groups"]).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", help="layers whose name contains this")
    parser.add_argument("--layers", help="a JSON list of layers instead of the built-in ones")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.1, help="length of a turn")
    parser.add_argument("--json", help="write the times to this file")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(options.work, options.threads)
    import numpy as np

    rows = json.load(open(options.layers)) if options.layers else LAYERS
    rows = [row for row in rows if not options.only or options.only in row["name"]]
    names = options.peers.split(",")
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        programs = [Program(name, options.threads, folder) for name in names]
        print(f"{'layer':24s}" + "".join(f"{name:>11s}" for name in names) + f"{'best/convo':>12s}   ms, {options.threads} thread(s)")
        for row in rows:
            x, w = operands(row)
            expected = reference(row, x, w)
            paths = {"x": os.path.join(folder, "x.npy"), "w": None if w is None else os.path.join(folder, "w.npy")}
            np.save(paths["x"], x)
            if w is not None:
                np.save(paths["w"], w)
            best, ready = {}, []
            for program in programs:
                try:
                    error = program.prepare(row, paths["x"], paths["w"], expected)
                    if error > 1e-4:
                        raise RuntimeError(f"wrong by {error:.1e} of the largest output")
                    ready.append(program)
                except (RuntimeError, OSError, ValueError) as problem:
                    print(f"  {program.name}: {problem}", file=sys.stderr)
            for turn in range(options.rounds):
                for program in ready[turn % max(1, len(ready)):] + ready[:turn % max(1, len(ready))]:
                    answer = program.ask(cmd="run", secs=options.seconds, min=3)
                    if answer["ok"]:
                        best[program.name] = min(best.get(program.name, math.inf), answer["min"])
            others = [value for name, value in best.items() if name != "convo"]
            ratio = min(others) / best["convo"] if others and "convo" in best else None
            times[row["name"]] = best
            print(
                f"{row['name']:24s}" + "".join(f"{best[n] * 1e3:11.3f}" if n in best else f"{'-':>11s}" for n in names)
                + (f"{ratio:12.2f}" if ratio else f"{'-':>12s}"), flush=True)
        for program in programs:
            program.process.stdin.close()
            program.process.wait()
    ratios = [min(v for n, v in b.items() if n != "convo") / b["convo"] for b in times.values() if "convo" in b and len(b) > 1]
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"geometric mean of best peer / convo: {mean:.2f} over {len(ratios)} layers, convo ahead on {sum(r > 1 for r in ratios)}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"threads": options.threads, "seconds": times}, file, indent=1)


if __name__ == "__main__":
    main()
