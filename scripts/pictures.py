"""The last step of `make screens`: pictures that the page's tests took, made small enough to be committed.

Screens have few colours, so that a palette of 128 shows them as they are, in a third of the bytes.
"""

from pathlib import Path

from PIL import Image

from commons.settings import PROJECT_DIR

COLOURS = 128
TAKEN = PROJECT_DIR / "var" / "screens"
COMMITTED = PROJECT_DIR / "docs" / "screens"


def main() -> None:
    """Write every picture taken, in fewer colours, into docs/screens."""
    COMMITTED.mkdir(exist_ok=True)
    pictures = sorted(TAKEN.glob("*.png"))
    for picture in pictures:
        shrink(picture, COMMITTED / picture.name)
    print(f"{len(pictures)} pictures are in docs/screens.")


def shrink(source: Path, target: Path) -> None:
    """Write a picture anew with a palette of its most fitting colours."""
    with Image.open(source) as picture:
        small = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(target, optimize=True)


if __name__ == "__main__":
    main()
