"""Pictures of the page lose bytes and no line."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from scripts.pictures import COLOURS, shrink


def test_picture__made_small__keeps_its_size_and_what_it_shows(tmp_path: Path) -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    ImageDraw.Draw(picture).line((0, 0, 255, 255), fill=(200, 30, 30), width=9)
    picture.save(tmp_path / "large.png")

    shrink(tmp_path / "large.png", tmp_path / "small.png")

    with Image.open(tmp_path / "small.png") as small:
        shown = np.asarray(small.convert("RGB"))
    assert shown.shape == (256, 256, 3)
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= COLOURS
    assert np.abs(shown[128, 128] - np.array([200, 30, 30])).max() < 16
