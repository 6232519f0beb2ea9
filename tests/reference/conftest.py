"""With ``--conformance FILE`` what these tests found is written as a page: `make conformance`."""

from datetime import UTC, datetime
from pathlib import Path

ROWS: dict[tuple[str, str], dict[str, float]] = {}
TOPICS: dict[str, str] = {}


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


def pytest_sessionfinish(session):
    target = session.config.getoption("--conformance")
    if target:
        Path(target).write_text("\n".join(page()) + "\n", encoding="utf-8")


def page():
    """The lines of docs/conformance.md."""
    yield "# Conformance"
    yield ""
    yield f"Written by `make conformance` on {datetime.now(UTC).date()}; not edited by hand. The references are not ours."
    yield "Differences are relative to the reference's range, or to its value."
    for path, topic in sorted(TOPICS.items()):
        yield from [
            "",
            f"## {topic}",
            "",
            "| what | cases | passed | skipped | worst difference |",
            "|---|---|---|---|---|",
        ]
        for (where, name), row in ROWS.items():
            if where == path:
                worst = f"{row['worst']:.2g}" if "worst" in row else ""
                cases = row["passed"] + row["failed"] + row["skipped"]
                yield f"| {name} | {cases} | {row['passed']} | {row['skipped']} | {worst} |"
