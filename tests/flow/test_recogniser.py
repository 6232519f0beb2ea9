"""The small net of `recognise`: classes by name, refusals, and a model that is learned, kept and tells what it knows."""

import numpy as np
import pytest
from PIL import Image as Picture

from radiolucent.core import InputError
from radiolucent.flow.recognise import recognise
from radiolucent.flow.recogniser import card_text, learned, meaning


def codes(one):
    return [finding.code for finding in one.findings]


@pytest.mark.parametrize(
    ("name", "modality", "part"),
    [
        ("HeadCT", "CT", "head"), ("CXR", "DX", "chest"), ("BreastMRI", "MR", "breast"), ("hand", None, "hand"),
        ("chest_xray", "DX", "chest"), ("AbdomenCT", "CT", "abdomen"), ("others", None, None),
    ],
)  # fmt: skip
def test_names_of_classes_tell_machine_and_part(name, modality, part):
    assert (meaning(name).modality, meaning(name).body_part) == (modality, part)


def test_a_folder_without_classes_or_with_few_pictures_is_refused(tmp_path):
    with pytest.raises(InputError, match="one folder of pictures for each"):
        learned(tmp_path, tmp_path / "model")
    for name in ("HeadCT", "Hand"):
        (tmp_path / name).mkdir()
        Picture.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / name / "a.png")
    with pytest.raises(InputError, match="the least to learn from"):
        learned(tmp_path, tmp_path / "model")


@pytest.mark.deep
def test_a_model_is_learned_kept_and_tells_classes_and_what_is_unlike_them(tmp_path):
    pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    stripes = np.tile(np.repeat([40, 200], 4), 8)[None].repeat(64, 0)
    for name, drawn in (("HeadCT", stripes), ("Hand", stripes.T)):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for k in range(24):
            noisy = (np.roll(drawn, k, axis=(0, 1)) + rng.normal(0, 8, drawn.shape)).clip(0, 255).astype(np.uint8)
            Picture.fromarray(noisy).save(folder / f"{k}.png")
    card = learned(tmp_path / "pictures", tmp_path / "model", steps=40)
    assert card["held_out"]["n"] == 10
    assert "Hand, HeadCT" in card_text(card, card["classes"])
    (seen,) = recognise(tmp_path / "pictures" / "Hand" / "3.png", model=tmp_path / "model")
    assert [f.says for f in seen.findings if f.code == "recognise.model"] == ["The model sees Hand."]
    Picture.fromarray(np.full((64, 64), 128, np.uint8) + (np.arange(64) // 32 * 90).astype(np.uint8)).save(
        tmp_path / "x.png"
    )
    (other,) = recognise(tmp_path / "x.png", model=tmp_path / "model")
    assert "recognise.unlike" in codes(other)
