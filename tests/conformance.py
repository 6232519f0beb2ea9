"""With ``--conformance FILE`` what the tests found is written as a page: `make conformance`; a plugin of pytest."""

from datetime import UTC, datetime
from pathlib import Path

ROWS: dict[tuple[str, str], dict[str, float]] = {}
TOPICS: dict[str, str] = {}
VALUES: dict[str, tuple[str, str, str]] = {}
"""Consensus value, tolerance and our value by IBSI's tag."""


def pytest_collection_modifyitems(items):
    for item in items:
        TOPICS[item.location[0]] = (item.module.__doc__ or "").strip()


def pytest_runtest_logreport(report):
    """Count each test function's cases once: a skip in set-up, or its call."""
    if report.when != "call" and not (report.when == "setup" and report.skipped):
        return
    name = report.location[2].partition("[")[0].removeprefix("test_").replace("_", " ")
    row = ROWS.setdefault((report.location[0], name), {"passed": 0, "failed": 0, "skipped": 0})
    row[report.outcome] += 1
    for key, value in report.user_properties:
        if key == "difference":
            row["worst"] = max(row.get("worst", 0.0), value)
        elif key == "value":
            VALUES[value[0]] = tuple(value[1:])
        elif key in ("planted", "found"):
            row[key] = row.get(key, 0) + value


def pytest_sessionfinish(session):
    target = session.config.getoption("--conformance")
    if target:
        Path(target).write_text("\n".join(page()) + "\n", encoding="utf-8")
        if VALUES:
            Path(target).with_name("ibsi1.md").write_text("\n".join(values()) + "\n", encoding="utf-8")


def values():
    """The lines of docs/ibsi1.md: every consensus value of the digital phantom with ours beside it."""
    yield "# IBSI-1 digital phantom, value by value"
    yield ""
    yield "Written by `make conformance`; not edited by hand. Consensus values and tolerances: Zwanenburg et al. 2020,"
    yield "doi:10.1148/radiol.2020191145 (CC BY 4.0). Where the tolerance is 0 the printed digits must be equal."
    yield f"{len(VALUES)} values; 5 further rows of the table bear no consensus."
    yield from ["", "| tag | consensus | tolerance | ours |", "|---|---|---|---|"]
    for tag, (consensus, tolerance, ours) in sorted(VALUES.items()):
        yield f"| {tag} | {consensus} | {tolerance} | {ours} |"


def page():
    """The lines of docs/conformance.md: against others' material, then on our own."""
    yield "# Conformance"
    yield ""
    yield f"Written by `make conformance` on {datetime.now(UTC).date()}; not edited by hand."
    yield "Differences are relative to the reference's range, or to its value."
    yield "Every value of IBSI's digital phantom, with ours beside it: [ibsi1.md](ibsi1.md)."
    others = {path for path in TOPICS if path.startswith("tests/reference/")}
    parts = {"Against others' material": others, "On our own material": TOPICS.keys() - others}
    for part, paths in parts.items():
        yield from ["", f"## {part}"]
        for path in sorted(paths, key=TOPICS.__getitem__):
            yield from section(path)


def section(path):
    """One file of tests as a table."""
    rows = {name: row for (where, name), row in ROWS.items() if where == path}
    counted = any("planted" in row for row in rows.values())
    head = ["what", "cases", "passed", "skipped", "worst difference", *(["found of planted"] if counted else [])]
    yield from ["", f"### {TOPICS[path]}", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, row in rows.items():
        cells = [name, row["passed"] + row["failed"] + row["skipped"], row["passed"], row["skipped"]]
        cells.append(f"{row['worst']:.2g}" if "worst" in row else "")
        if counted:
            cells.append(f"{row['found']} of {row['planted']}" if "planted" in row else "")
        yield f"| {' | '.join(map(str, cells))} |"
