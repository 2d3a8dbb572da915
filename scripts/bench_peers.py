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

import bench_page

PEERS = ["convo", "torch", "torch_packed", "torch_last", "ort", "openvino", "ncnn", "opencv"]


def layers(path):
    """The layers of a file, or those that convo-bench knows, with the extents of their results."""
    text = open(path).read() if path else subprocess.run(
        [os.environ["CONVO_BENCH"], "--list"], capture_output=True, text=True, check=True).stdout
    rows = json.loads(text)
    for row in rows:
        for extent, size, axis in (("P", "H", 0), ("Q", "W", 1)):
            window = row["dilation"][axis] * (row["RS"[axis]] - 1) + 1
            row[extent] = (row[size] + 2 * row["pad"][axis] - window) // row["stride"][axis] + 1
    return rows


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


def torch_call(row, x, w, threads, way="eager"):
    """`packed`: weights in oneDNN's own order; `last`: channels last inside, N×C×H×W outside."""
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    x, last = torch.from_numpy(x), torch.channels_last
    where = row["stride"], row["pad"]
    if w is None:
        if way == "packed":
            raise RuntimeError("a pool has no weights to pack")
        pool = lambda x: F.max_pool2d(x, (row["R"], row["S"]), *where)
        if way == "last":
            return lambda: pool(x.contiguous(memory_format=last)).contiguous().numpy()
        return lambda: pool(x).numpy()
    w, rest = torch.from_numpy(w), (row["dilation"], row["groups"])
    if way == "packed":
        packed = torch._C._nn.mkldnn_reorder_conv2d_weight(
            w.to_mkldnn(), row["pad"], row["stride"], *rest, list(x.shape))
        convolve = torch.ops.mkldnn._convolution_pointwise
        return lambda: convolve(x, packed, None, row["pad"], row["stride"], *rest, "none", [], "").contiguous().numpy()
    if way == "last":
        w = w.contiguous(memory_format=last)
        return lambda: F.conv2d(x.contiguous(memory_format=last), w, None, *where, *rest).contiguous().numpy()
    return lambda: F.conv2d(x, w, None, *where, *rest).numpy()


def opencv_call(row, x, w, threads):
    """`filter2D`, which takes one channel."""
    import cv2
    import numpy as np

    if w is None or w.shape[:2] != (1, 1) or x.shape[:2] != (1, 1) or row["stride"] + row["pad"] + row["dilation"] != [
            1, 1, 0, 0, 1, 1]:
        raise RuntimeError("takes one channel to one")
    cv2.setNumThreads(threads)
    image, weight, whole = x[0, 0], np.ascontiguousarray(w[0, 0]), np.empty_like(x[0, 0])
    top, left = row["R"] // 2, row["S"] // 2

    def call():
        cv2.filter2D(image, cv2.CV_32F, weight, whole)
        return np.ascontiguousarray(whole[top:top + row["P"], left:left + row["Q"]])[None, None]
    return call


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


CALLS = {
    "torch": torch_call, "torch_packed": lambda *given: torch_call(*given, "packed"),
    "torch_last": lambda *given: torch_call(*given, "last"), "opencv": opencv_call, "ort": ort_call, "openvino": openvino_call, "ncnn": ncnn_call,
}


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


def measure(rows, threads, options, folder):
    """The shortest call of each program for each layer, and how far convo's result is from float64's, as a part of the
    largest output."""
    import numpy as np

    names = options.peers.split(",")
    programs = [Program(name, threads, folder) for name in names]
    print(f"{'layer':28s}" + "".join(f"{name:>13s}" for name in names) + f"{'best/convo':>12s}   ms, {threads} thread(s)")
    times, errors = {}, {}
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
                if program.name == "convo":
                    errors[row["name"]] = error
                ready.append(program)
            except (RuntimeError, OSError, ValueError) as problem:
                if "takes one channel" not in str(problem) and "a pool has" not in str(problem):
                    print(f"  {program.name}: {problem}", file=sys.stderr)
        for turn in range(options.rounds):
            for program in ready[turn % max(1, len(ready)):] + ready[:turn % max(1, len(ready))]:
                answer = program.ask(cmd="run", secs=options.seconds, min=3)
                if answer["ok"]:
                    best[program.name] = min(best.get(program.name, math.inf), answer["min"])
        times[row["name"]] = best
        others = [value for name, value in best.items() if name != "convo"]
        ratio = min(others) / best["convo"] if others and "convo" in best else None
        print(
            f"{row['name']:28s}" + "".join(f"{best[n] * 1e3:13.4f}" if n in best else f"{'-':>13s}" for n in names)
            + (f"{ratio:12.2f}" if ratio else f"{'-':>12s}"), flush=True)
    for program in programs:
        program.process.stdin.close()
        program.process.wait()
    return times, errors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threads", default="1", help="1, 2, or 1,2 for a run of each")
    parser.add_argument("--only", help="layers whose name contains this")
    parser.add_argument("--layers", help="a JSON list of layers instead of those of convo-bench --list")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.1, help="length of a turn")
    parser.add_argument("--json", help="write the times to this file")
    parser.add_argument("--from", dest="source", help="take the times from such a file and measure nothing")
    parser.add_argument("--chart", help="draw the comparison to this PNG")
    parser.add_argument("--record", action="store_true", help="write table and chart of docs/performance.md anew")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(options.work, int(options.threads))
    if options.source:
        found = json.load(open(options.source))
    else:
        rows = [row for row in layers(options.layers) if not options.only or options.only in row["name"]]
        found = {"layers": rows, "times": {}, "errors": {}}
        with tempfile.TemporaryDirectory() as folder:
            for threads in options.threads.split(","):
                found["times"][threads], found["errors"] = measure(rows, int(threads), options, folder)
    for threads in found["times"]:
        print(bench_page.summary(found, threads))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(found, file, indent=1, ensure_ascii=False)
    if options.record:
        bench_page.record(found, "docs/performance.md")
    for path in [options.chart] if options.chart else ["docs/performance.png"] if options.record else []:
        bench_page.draw(found, path)


if __name__ == "__main__":
    main()
