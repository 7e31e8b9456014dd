"""What the person in front of the demo sees: what is being done, what is done, and tables."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, RenderableType
from rich.status import Status

LEAST_WIDTH = 100


def console_for(as_json: bool) -> Console:
    """The terminal; beside JSON, which has standard output for itself, standard error."""
    stream = sys.stderr if as_json else sys.stdout
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)
    return console


@dataclass
class Screen:
    """Prints lines as things get done; shows below them, on a terminal, what goes on now."""

    console: Console
    _status: Status | None = field(default=None, repr=False)

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Show what goes on until the block ends; off a terminal nothing is shown but what is done."""
        with self.console.status("Starting …") as status:
            self._status = status
            try:
                yield
            finally:
                self._status = None

    def doing(self, text: str) -> None:
        """Say what goes on now."""
        if self._status is not None:
            self._status.update(f"{text} …")

    def done(self, text: str) -> None:
        """Say that something is done."""
        self.console.print(f"[green]✓[/green] {text}", soft_wrap=True)

    def note(self, text: str) -> None:
        """Say something worth knowing."""
        self.console.print(f"[yellow]•[/yellow] {text}", soft_wrap=True)

    def show(self, renderable: RenderableType) -> None:
        """Show a table or a text."""
        self.console.print(renderable)
