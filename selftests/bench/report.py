#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Turns what guest.sh printed into tables, JSON, checks and history records."""

import argparse
import fnmatch
import json
import sys
import textwrap

# A second figure of a row, beside the one that ratios are made of.
BUSY = ", busy"

MARKER_BEGIN = "<!-- bench:begin -->"
MARKER_END = "<!-- bench:end -->"


class Case:
    """One benchmark: what it says of itself, and its rows in the order they were measured."""

    def __init__(self, name):
        self.name = name
        self.about = {"title": "", "unit": "", "ours": "", "goals": "", "reference": "", "repeat": ""}
        self.rows = {}
        self.absent = {}
        self.failed = False

    def value(self, variant, unit=None):
        return self.rows.get(variant, {}).get(unit or self.about["unit"])

    def unit(self, variant):
        """That of a row: the case's, if it has it."""
        units = [unit for unit in self.rows.get(variant, {}) if not unit.endswith(BUSY)]
        return self.about["unit"] if self.about["unit"] in units or not units else units[0]

    def text(self, variant):
        """What it took; with its unit, if that is not the case's."""
        unit = self.unit(variant)
        value = self.value(variant, unit)
        if value is None:
            return ""
        return number(value) if unit == self.about["unit"] else f"{number(value)} {unit}"

    def ours(self):
        """Our rows that were measured, each with its peers (none named: all rows that are not ours)."""
        pairs = [entry.partition("/") for entry in self.about["ours"].split()]
        mine = [variant for variant, _, _ in pairs]
        others = [variant for variant in self.rows if variant not in mine]
        return {variant: peers.split(",") if peers else others
                for variant, _, peers in pairs if variant in self.rows}


    def goals(self):
        """What was aimed at, as far as it was measured."""
        goals = [Goal(self, text) for text in self.about["goals"].split()]
        return [goal for goal in goals if None not in (goal.value, goal.limit)]


class Goal:
    """ROW<=LIMIT[/PEER]: LIMIT is a number, FACTOR*ROW, or ROW+NUMBER, and PEER by default its row."""

    def __init__(self, case, text):
        self.row, _, rest = text.partition("<=")
        limit, _, peer = rest.partition("/")
        self.case = case
        self.unit = case.unit(self.row)
        self.value = case.value(self.row, self.unit)
        self.text = limit
        if "*" in limit:
            factor, _, other = limit.partition("*")
            self.text = f"{factor} × {other}"
        elif "+" in limit:
            other, _, more = limit.partition("+")
            self.text = f"{other} + {more}"
        else:
            other = ""
            self.text = number(float(limit))
        self.peer = peer or other
        self.against = case.value(self.peer) if self.peer else None
        self.limit = self.bound(limit)

    def bound(self, limit):
        if "*" in limit:
            return None if self.against is None else float(limit.partition("*")[0]) * self.against
        if "+" in limit:
            return None if self.against is None else self.against + float(limit.partition("+")[2])
        return float(limit)

    def cells(self):
        ratio = "" if not self.against else f"{self.value / self.against:.2f}"
        peer = "" if self.against is None else f"{number(self.against)} ({self.peer})"
        reached = "yes" if self.value <= self.limit else f"no, by {number(self.value - self.limit)}"
        return [f"{self.case.name} {self.row}", self.case.text(self.row), self.text, reached, peer, ratio]


GOALS_HEADER = ["", "ours", "at most", "reached", "peer", "ours / peer"]


class Run:
    """One log of guest.sh."""

    def __init__(self, path):
        self.meta = {}
        self.cases = {}
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                self.take(line.rstrip("\n"))

    def case(self, name):
        return self.cases.setdefault(name, Case(name))

    def take(self, line):
        kind, _, rest = line.partition(" ")
        if kind == "META":
            key, _, value = rest.partition(" ")
            if key == "crypto":
                known = self.meta.setdefault(key, [])
                if value not in known:
                    known.append(value)
            else:
                self.meta[key] = value
        elif kind == "CASE":
            self.case(rest)
        elif kind == "ABOUT":
            name, key, value = (rest.split(" ", 2) + ["", ""])[:3]
            self.case(name).about[key] = value
        elif kind == "RESULT":
            name, variant, value, unit = rest.split(" ", 3)
            self.case(name).rows.setdefault(variant, {})[unit] = float(value)
        elif kind == "ABSENT":
            name, variant, reason = rest.split(" ", 2)
            self.case(name).absent[variant] = reason
        elif kind == "FAILED":
            self.case(rest).failed = True

    def measure(self):
        return "instructions" if self.meta.get("accel") == "icount" else "nanoseconds"

    def heading(self):
        if self.measure() == "instructions":
            return "instructions, not time"
        return "nanoseconds on this machine, not instructions"

    def counts_bytes(self):
        """Whether this CPU's string instructions make the count meaningless."""
        flags = self.meta.get("flags", "").split()
        return self.measure() == "instructions" and ("erms" in flags or "fsrm" in flags)


class Published:
    """published.tsv: what others measured, and how far off still counts as the same."""

    def __init__(self, path):
        self.rows = {}
        if not path:
            return
        with open(path, encoding="utf-8") as table:
            for number, line in enumerate(table, 1):
                line = line.rstrip("\n")
                if not line or line.startswith("#"):
                    continue
                fields = line.split("\t")
                if len(fields) != 7 or fields[5] not in ("range", "at-most"):
                    sys.exit(f"{path}:{number}: not a row of seven fields: {line}")
                self.rows[tuple(fields[:3])] = (
                    float(fields[3]), float(fields[4]), fields[5], float(fields[6]))

    def find(self, case, variant, unit):
        return self.rows.get((case.name, variant, unit))

    @staticmethod
    def text(row):
        low, high, kind, _ = row
        shown = number(high) if low == high else f"{number(low)}-{number(high)}"
        return ("up to " if kind == "at-most" else "") + shown

    @staticmethod
    def distance(value, row):
        """Per cent outside the published range; 0 inside."""
        low, high, kind, _ = row
        if value > high:
            return (value / high - 1) * 100
        if kind == "range" and value < low:
            return (value / low - 1) * 100
        return 0.0

    @classmethod
    def verdict(cls, value, row):
        off = cls.distance(value, row)
        if off == 0:
            return "ok"
        if abs(off) <= row[3]:
            return f"ok ({off:+.1f} %)"
        return f"OUT OF RANGE ({off:+.1f} %)"


def number(value):
    """1 or 2 digits behind the point for small figures, none for large ones."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3f}" if value < 10 else f"{value:.2f}"


def grid(rows, right):
    """Text columns; those in right are aligned to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) if i in right else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        yield "  ".join(cells).rstrip()


def columns(case, published):
    """Header and rows of one case, as lists of cells."""
    unit = case.about["unit"]
    busy = any(unit + BUSY in row for row in case.rows.values())
    reference = case.about["reference"]
    base = case.value(reference)
    ours = case.ours()
    compare = any((case.name, v, u) in published.rows for v in case.rows for u in case.rows[v])
    header = ["", unit] + (["not idle"] if busy else [])
    header += [f"/ {reference}"] if base else []
    header += ["ours / peer"] if ours else []
    header += ["published", ""] if compare else []
    rows = []
    order = list(ours) + [v for v in case.rows if v not in ours]
    for variant in order:
        value = case.value(variant)
        row = [variant + (" *" if variant in ours else ""), case.text(variant)]
        if busy:
            row.append(number(case.value(variant, unit + BUSY)))
        if base:
            row.append(f"{value / base:.2f}" if value is not None else "")
        if ours:
            row.append(", ".join(
                f"{case.value(v) / value:.4f}" + (f" ({v})" if len(ours) > 1 else "")
                for v, peers in ours.items()
                if variant in peers and value and case.value(v) is not None))
        if compare:
            texts, verdicts = [], []
            for one in (unit, unit + BUSY):
                known = published.find(case, variant, one)
                if known and case.value(variant, one) is not None:
                    note = " not idle" if one.endswith(BUSY) else ""
                    texts.append(published.text(known) + note)
                    verdicts.append(published.verdict(case.value(variant, one), known))
            row += [", ".join(texts), ", ".join(verdicts)]
        rows.append(row)
    return header, rows


def foot(run):
    meta = run.meta
    yield (f"Linux {meta.get('kernel', '?')} ({meta.get('version', '?')}), revision "
           f"{meta.get('rev', '?')}, {meta.get('date', '?')}")
    yield f"{meta.get('qemu', 'no emulator')}, {meta.get('accel', '?')}; {meta.get('cpus', '?')} CPU: {meta.get('cpu', '?')}"
    yield f"{meta.get('tools', '?')}; clock {meta.get('clocksource', '?')}"
    for driver in meta.get("crypto", []):
        yield driver
    yield "CPU flags: " + meta.get("flags", "?")


def table(run, published, out):
    print(run.heading().upper() if run.measure() == "nanoseconds" else run.heading(), file=out)
    if run.counts_bytes():
        print("WARNING: this CPU has ERMS or FSRM: copies count per byte; do not compare.", file=out)
    for case in run.cases.values():
        print(f"\n{case.name}: {case.about['title']}", file=out)
        if case.rows:
            header, rows = columns(case, published)
            texts = {0} | ({len(header) - 2, len(header) - 1} if header[-1] == "" else set())
            right = set(range(len(header))) - texts
            for line in grid([header] + rows, right):
                print("  " + line, file=out)
            if case.ours():
                print("  * ours", file=out)
        for variant, reason in case.absent.items():
            print(f"  {variant}: not measured: {reason}", file=out)
        if case.failed:
            print("  THE CASE BROKE OFF; see the messages above", file=out)
    goals = [goal.cells() for case in run.cases.values() for goal in case.goals()]
    if goals:
        print("\ngoals", file=out)
        for line in grid([GOALS_HEADER] + goals, {1, 2, 4, 5}):
            print("  " + line, file=out)
    print(file=out)
    for line in foot(run):
        print("\n".join(textwrap.wrap(line, 100, subsequent_indent="  ")), file=out)


def as_dict(run):
    cases = {}
    for case in run.cases.values():
        entry = {"title": case.about["title"], "unit": case.about["unit"],
                 "ours": case.ours(),
                 "goals": [{"row": goal.row, "value": goal.value, "limit": goal.limit,
                            "peer": goal.peer, "against": goal.against} for goal in case.goals()],
                 "reference": case.about["reference"], "results": case.rows}
        if case.absent:
            entry["absent"] = case.absent
        if case.failed:
            entry["failed"] = True
        cases[case.name] = entry
    return {"measure": run.measure(), "meta": run.meta, "cases": cases}


def do_table(args):
    table(Run(args.log), Published(args.published), sys.stdout)


def do_json(args):
    json.dump(as_dict(Run(args.log)), sys.stdout, indent=1)
    print()


def do_record(args):
    run = Run(args.log)
    record = {key: run.meta.get(key) for key in
              ("date", "rev", "accel", "kernel", "version", "qemu", "cpu", "flags", "tools")}
    record["results"] = {case.name: case.rows for case in run.cases.values()}
    with open(args.history, "a", encoding="utf-8") as history:
        history.write(json.dumps(record, sort_keys=True) + "\n")
    print(f"recorded in {args.history}", file=sys.stderr)


def markdown(run):
    """All goals that are named in cases, one table."""
    yield f"*{run.heading().capitalize()}*: Linux {run.meta.get('kernel')}, {run.meta.get('cpus')} CPU,"
    yield f"{run.meta.get('qemu', 'no emulator')}, {run.meta.get('date', '')[:10]}, revision {run.meta.get('rev')}."
    yield "`make bench` measures it again, and tells what each row is."
    yield ""
    yield "| | " + " | ".join(GOALS_HEADER[1:]) + " |"
    yield "|---|" + "---:|" * (len(GOALS_HEADER) - 1)
    for case in run.cases.values():
        for goal in case.goals():
            cells = goal.cells()
            cells[0] += f", {goal.unit}"
            cells[1] = number(goal.value)
            yield "| " + " | ".join(cells) + " |"


def do_markdown(args):
    with open(args.file, encoding="utf-8") as page:
        text = page.read()
    begin, end = text.find(MARKER_BEGIN), text.find(MARKER_END)
    if begin < 0 or end < begin:
        sys.exit(f"{args.file}: no section between {MARKER_BEGIN} and {MARKER_END}")
    body = "\n".join(markdown(Run(args.log)))
    text = text[:begin + len(MARKER_BEGIN)] + "\n" + body + "\n" + text[end:]
    with open(args.file, "w", encoding="utf-8") as page:
        page.write(text)


def do_check(args):
    """Each published figure must have been measured, and be within its range."""
    run, published = Run(args.log), Published(args.published)
    bad, rows = 0, []
    if run.counts_bytes():
        sys.exit("check: this CPU has ERMS or FSRM: copies count per byte")
    for (name, variant, unit), row in published.rows.items():
        case = run.cases.get(name)
        if case is None:
            continue
        value = case.value(variant, unit)
        verdict = "NOT MEASURED" if value is None else published.verdict(value, row)
        if verdict.isupper() or verdict.startswith("OUT"):
            bad += 1
        rows.append([name, variant, unit, number(value), published.text(row), f"{row[3]:g} %", verdict])
    if not rows:
        sys.exit("check: nothing that was measured has been published")
    print("\npublished figures of the peers")
    header = ["case", "row", "unit", "measured", "published", "tolerance", ""]
    for line in grid([header] + rows, {3, 4, 5}):
        print("  " + line)
    print(f"{len(rows) - bad} of {len(rows)} published figures reproduced")
    return 1 if bad else 0


def limit_of(case, variant):
    """Per cent that two runs of a row may differ by; None: no limit."""
    for rule in case.about["repeat"].split():
        pattern, _, limit = rule.rpartition("=")
        if fnmatch.fnmatch(variant, pattern):
            return None if limit == "none" else float(limit)
    return None


def do_repeat(args):
    runs = [Run(log) for log in args.logs]
    bad, rows = 0, []
    for case in runs[0].cases.values():
        for variant, figures in case.rows.items():
            for unit, first in figures.items():
                values = [first]
                for other in runs[1:]:
                    values.append(other.case(case.name).value(variant, unit))
                limit = limit_of(case, variant)
                shown = "" if limit is None else f"{limit:g} %"
                if None in values:
                    spread, verdict = "", "MISSING"
                    bad += 1
                else:
                    percent = (max(values) / min(values) - 1) * 100
                    spread = f"{percent:.3f} %"
                    verdict = ""
                    if limit is not None:
                        verdict = "ok" if percent < limit else "TOO FAR APART"
                        bad += percent >= limit
                rows.append([case.name, variant, unit] + ["" if v is None else f"{v:g}" for v in values]
                            + [spread, shown, verdict])
    if not rows:
        sys.exit("repeat: nothing was measured")
    print(f"\n{len(runs)} runs, each in guests of its own")
    header = ["case", "row", "unit"] + [f"run {i + 1}" for i in range(len(runs))] + ["spread", "limit", ""]
    for line in grid([header] + rows, set(range(3, len(header) - 1))):
        print("  " + line)
    print("all within their limits" if not bad else f"{bad} figures differ too much")
    return 1 if bad else 0


def do_diff(args):
    old, new = Run(args.old), Run(args.new)
    rows = []
    for case in new.cases.values():
        before = old.cases.get(case.name, Case(case.name))
        for variant in list(case.rows) + [v for v in before.rows if v not in case.rows]:
            units = case.rows.get(variant) or before.rows[variant]
            for unit in units:
                was, now = before.value(variant, unit), case.value(variant, unit)
                change, verdict = "", ""
                if was is None or now is None:
                    verdict = "only in one"
                else:
                    percent = (now / was - 1) * 100
                    change = f"{percent:+.2f} %"
                    noise = limit_of(case, variant)
                    if noise is not None and abs(percent) < noise:
                        verdict = "within noise"
                rows.append([case.name, variant, unit, number(was), number(now), change, verdict])
    if not rows:
        sys.exit("diff: nothing was measured")
    print(new.heading())
    header = ["case", "row", "unit", old.meta.get("rev", "old"), new.meta.get("rev", "new"), "change", ""]
    for line in grid([header] + rows, {3, 4, 5}):
        print("  " + line)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name, function, *names, published=False):
        sub = commands.add_parser(name)
        sub.set_defaults(function=function)
        if published:
            sub.add_argument("--published")
        for one in names:
            sub.add_argument(one, nargs="+" if one == "logs" else None)

    command("table", do_table, "log", published=True)
    command("json", do_json, "log", published=True)
    command("record", do_record, "log", "history")
    command("markdown", do_markdown, "log", "file")
    command("check", do_check, "log", published=True)
    command("repeat", do_repeat, "logs")
    command("diff", do_diff, "old", "new")
    args = parser.parse_args()
    return args.function(args) or 0


if __name__ == "__main__":
    sys.exit(main())
