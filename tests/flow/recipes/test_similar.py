import cv2
import pytest
from known_motion import scene

from radiolucent.cli import main


@pytest.fixture
def table(tmp_path):
    lines = ["file,kind,person"]
    for seed in range(6):
        cv2.imwrite(str(tmp_path / f"{seed}.png"), scene((120, 130), seed % 3))
        lines.append(f"{seed}.png,{'odd' if seed % 2 else 'even'},Jane-Doe-{seed}")
    (tmp_path / "cohort.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "cohort.csv"


def test_the_nearest_pictures_are_shown_by_key(table, tmp_path, capsys):
    out = tmp_path / "page.html"
    words = [
        "measure",
        "similar",
        str(tmp_path / "4.png"),
        str(table),
        "-o",
        str(out),
        "--size",
        "128",
        "--threads",
        "1",
    ]
    columns = ["--image", "file", "--target", "kind", "--patient", "person", "--most", "3"]
    assert main([*words, *columns]) == 0
    assert "3 of 6 pictures, likeness 1.00" in capsys.readouterr().out
    page = out.read_text(encoding="utf-8")
    assert "Jane" not in page
    assert str(tmp_path) not in page
    assert "2 of them is the very picture" in page or "bit by bit" in page
    assert main([*words, *columns]) == 2  # the page exists


def test_a_page_is_html(table, tmp_path, capsys):
    assert main(["measure", "similar", str(tmp_path / "4.png"), str(table), "-o", str(tmp_path / "page.pdf")]) == 2
    assert "ends in .html" in capsys.readouterr().err
