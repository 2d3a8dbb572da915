"""What `scripts/bench-peers` found, as the table of docs/performance.md and as a bar chart that convo draws."""

import json
import math
import os
import re
import subprocess

FRAME = "<!-- {0}: scripts/bench-peers --threads 1,2 --record -->"


def best(times):
    """The fastest program beside convo, and its time."""
    return min(((name, time) for name, time in times.items() if name != "convo"), key=lambda pair: pair[1])


def compared(found, threads):
    """The layers that convo and a peer computed, with their times."""
    times = found["times"][threads]
    return [(row, times[row["name"]]) for row in found["layers"]
            if len(times.get(row["name"], {})) > 1 and "convo" in times[row["name"]]]


def ratio(times):
    """Best peer's time over convo's."""
    return best(times)[1] / times["convo"]


def summary(found, threads):
    """The geometric mean over the convolutions, the tiny one left out, and where a peer was faster."""
    ratios = [(row["name"], ratio(times)) for row, times in compared(found, threads)
              if row["kind"] == "conv" and row["C"] * row["H"] * row["W"] > 100]
    if not ratios:
        return f"{threads} thread(s): nothing to compare"
    mean = math.exp(sum(math.log(value) for _, value in ratios) / len(ratios))
    behind = [f"{name} ({value:.2f})" for name, value in ratios if value < 1]
    return (f"{threads} thread{'s' if threads != '1' else ''}: geometric mean {mean:.2f} over {len(ratios)} convolution "
            f"layers, convo ahead on {len(ratios) - len(behind)}"
            + (f"; behind on {', '.join(behind)}." if behind else "."))


def table(found):
    """The table of the page, for one and two threads."""
    def milliseconds(seconds):
        return f"{seconds * 1e3:.4f}" if seconds < 1e-3 else f"{seconds * 1e3:.2f}"

    lines = ["| layer | 1 thread ms | GFLOP/s | best peer | ms | ratio | 2 threads ms | best peer | ms | ratio | 1→2 | error |",
             "|---|--:|--:|---|--:|--:|--:|---|--:|--:|--:|--:|"]
    two = {row["name"]: times for row, times in compared(found, "2")}
    for row, one in compared(found, "1"):
        name, cells = row["name"], [row["name"]]
        steps = row["N"] * row["K"] * row["P"] * row["Q"] * row["C"] // row["groups"] * row["R"] * row["S"]
        rate = f"{2e-9 * steps / one['convo']:.0f}" if row["kind"] == "conv" else "–"
        for times in (one, two[name]):
            peer, time = best(times)
            cells += [milliseconds(times["convo"])] + ([rate] if times is one else [])
            cells += [peer, milliseconds(time), f"{time / times['convo']:.2f}"]
        cells += [f"{one['convo'] / two[name]['convo']:.2f}", f"{found['errors'][name]:.1e}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def record(found, page):
    """Writes what stands between the two marks of the page anew."""
    text = open(page).read()
    begin, end = FRAME.format("begin"), FRAME.format("end")
    inside = f"{begin}\n\n{table(found)}\n\n{summary(found, '1')}\n{summary(found, '2')}\n\n{end}"
    text, count = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: inside, text, flags=re.S)
    if count != 1:
        raise SystemExit(f"{page} has no place for the table")
    with open(page, "w") as file:
        file.write(text)


def draw(found, path):
    """Has convo draw a bar for each layer and number of threads. Lists and texts of JSON are literals of convo's language."""
    runs = sorted(found["times"])
    names = [row["name"] for row, _ in compared(found, runs[0])]
    values = []
    for threads in runs:
        ratios = {row["name"]: round(ratio(times), 3) for row, times in compared(found, threads)}
        values.append([ratios.get(name) for name in names])
    labels = [f"{threads} thread{'s' if threads != '1' else ''}" for threads in runs]
    def literal(value):
        return json.dumps(value, ensure_ascii=False).replace("null", "nan")

    program = (
        f"chart = bars({literal(values)}, names={literal(names)}, labels={literal(labels)}, mark=1,"
        f' title="convo beside the best of its peers", xlabel="time of the fastest peer / time of convo")\n'
        f"save(chart, {literal(os.path.abspath(path))})\n")
    convo = os.environ.get("CONVO", ".build/release/convo")
    subprocess.run([convo, "-"], input=program, text=True, check=True)
