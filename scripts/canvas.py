"""What both charts are drawn on: matplotlib, whose cache of fonts stays in the installation, and files alike each time.

Matplotlib would write that cache into the user's home folder as soon as it is imported, so it is imported here alone.
"""

import os
from pathlib import Path

from commons.settings import settings

os.environ.setdefault("MPLCONFIGDIR", str(settings().var_dir / "cache" / "matplotlib"))

import matplotlib as mpl
from matplotlib.axes import Axes as Axes
from matplotlib.figure import Figure as Figure

_DOTS_PER_INCH = 115


def write(figure: Figure, path: Path) -> None:
    """Write a figure as PNG or SVG by the path's ending; the same figure gives the same file."""
    with mpl.rc_context({"svg.hashsalt": "commonwatt", "svg.fonttype": "none"}):
        metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
        figure.savefig(path, dpi=_DOTS_PER_INCH, metadata=metadata)
