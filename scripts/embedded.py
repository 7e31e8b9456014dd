"""The embedded chain: Anvil on this machine, free of gas, its state kept under `var/chain`.

`EmbeddedChain` starts and stops the process and moves its clock. A pid file says which process is ours, together with
the moment that process began, so that a number which the system gave to somebody else is never stopped. The state is
written every few seconds and at a regular end: a killed chain loses no more than that. Anvil writes it in place, so a
chain killed at that very moment leaves half a file: a copy of the last whole one is kept beside it. A clock that was
moved forward stays there when the chain is started again; left to itself Anvil would fall back to the present.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from commons.chain import Chain
from commons.errors import ChainError, RpcUnreachable
from commons.settings import settings
from commons.units import EpochSeconds
from commons.wallets import EMBEDDED_CHAIN_ID, EMBEDDED_MNEMONIC, require_embedded
from scripts.toolchain import anvil_executable

DEFAULT_PORT = 8545
BLOCK_SECONDS = 2
STATE_SECONDS = 5
START_S = 120
STOP_S = 60
FREE_S = 2
GAS_LIMIT = 60_000_000
STATES_IN_MEMORY = 500


@dataclass(frozen=True)
class EmbeddedChain:
    """One embedded chain: `folder` keeps its state, log and pid; `kept` is off for chains that die with a test."""

    folder: Path
    port: int = DEFAULT_PORT
    block_seconds: int = BLOCK_SECONDS
    kept: bool = True
    begins_at: EpochSeconds | None = None
    """The time of its first block; the present if none."""

    @classmethod
    def default(cls, port: int = DEFAULT_PORT) -> "EmbeddedChain":
        """The one that `commonwatt chain` and `commonwatt up` work with."""
        return cls(settings().var_dir / "chain", port)

    @property
    def url(self) -> str:
        """Its RPC."""
        return f"http://127.0.0.1:{self.port}"

    # ---------------------------------------------------------------- the process

    def start(self) -> Chain:
        """Start the chain unless it runs, and give it once it answers.

        Raises:
            ChainError: the port belongs to somebody else, or the process ended at once.
        """
        if self.pid() is not None:
            return self._answering()
        if not self._port_gets_free():
            raise ChainError(
                f"something else answers at {self.url}", remedy="Stop it, or choose another port with --port."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        began_at = self._restore_state() or self.begins_at
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(
                [*self.command(), *(["--timestamp", str(began_at)] if began_at else [])],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "HOME": str(self.folder)},
                start_new_session=True,
            )
        self._pid_file.write_text(json.dumps({"pid": process.pid, "began": _began(process.pid), "port": self.port}))
        return self._answering()

    def stop(self) -> bool:
        """Stop the chain that was started here, its state written; False where none runs."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            self._wait_for_end(pid)
        self._pid_file.unlink(missing_ok=True)
        return pid is not None

    def pid(self) -> int | None:
        """The process that was started here, if it still runs."""
        try:
            noted = json.loads(self._pid_file.read_text())
            return int(noted["pid"]) if _began(int(noted["pid"])) == noted["began"] is not None else None
        except (OSError, ValueError, KeyError):
            return None

    @property
    def running_port(self) -> int:
        """The port of the process that runs, or else the one it would start on."""
        try:
            return int(json.loads(self._pid_file.read_text())["port"])
        except (OSError, ValueError, KeyError):
            return self.port

    @property
    def log_file(self) -> Path:
        """What the process says."""
        return self.folder / "anvil.log"

    @property
    def state_file(self) -> Path:
        """The kept state."""
        return self.folder / "state.json"

    @property
    def state_copy(self) -> Path:
        """The last state known to be whole."""
        return self.folder / "state.copy.json"

    def copy_state(self) -> EpochSeconds | None:
        """Copy the kept state if it is whole, and give the time of its latest block; None where it is not."""
        latest = _latest_block_time(self.state_file)
        if latest is not None:
            draft = self.state_copy.with_suffix(".draft")
            shutil.copyfile(self.state_file, draft)
            draft.replace(self.state_copy)
        return latest

    def command(self) -> list[str]:
        """How the process is started."""
        command = [str(anvil_executable()), "--host", "127.0.0.1", "--port", str(self.port), "--quiet"]
        command += ["--chain-id", str(EMBEDDED_CHAIN_ID), "--hardfork", "cancun", "--mnemonic", EMBEDDED_MNEMONIC]
        command += ["--disable-min-priority-fee", "--base-fee", "0", "--gas-price", "0"]
        command += ["--gas-limit", str(GAS_LIMIT), "--order", "fifo", "--no-request-size-limit"]
        command += ["--prune-history", str(STATES_IN_MEMORY)]
        if self.block_seconds:
            command += ["--block-time", str(self.block_seconds), "--mixed-mining"]
        if self.kept:
            command += ["--state", str(self.state_file), "--state-interval", str(STATE_SECONDS)]
        return command

    # ---------------------------------------------------------------- the clock

    def chain(self) -> Chain:
        """The chain, which must be running; errors as `Chain.connect`."""
        return Chain.connect(self.url, EMBEDDED_CHAIN_ID)

    def jump_to(self, moment: EpochSeconds) -> None:
        """Make a block at `moment`, unless the chain is past it; errors as the function of the same name."""
        jump_to(self.chain(), moment)

    def mine(self) -> None:
        """Make one block."""
        mine(self.chain())

    # ---------------------------------------------------------------- internals

    @property
    def _pid_file(self) -> Path:
        return self.folder / "anvil.pid"

    def _restore_state(self) -> EpochSeconds | None:
        """See that the kept state is whole; the time of its latest block where that is ahead of the present."""
        if not self.kept:
            return None
        latest = self.copy_state()
        if latest is None and self.state_copy.exists():
            shutil.copyfile(self.state_copy, self.state_file)
            latest = _latest_block_time(self.state_file)
        return latest if latest is not None and latest > time.time() else None

    def _port_gets_free(self) -> bool:
        """Whether nobody answers at the port; a chain that was just killed may do so for a moment still."""
        until = time.monotonic() + FREE_S
        while self._answers():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _answering(self) -> Chain:
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.pid() is not None:
            try:
                if self._answers():
                    return self.chain()
            except RpcUnreachable:
                pass
            time.sleep(0.02)
        tail = self.log_file.read_text(errors="replace").strip().splitlines()[-1:] if self.log_file.exists() else []
        raise ChainError(
            f"the embedded chain did not start: {tail[0] if tail else 'it said nothing'}",
            remedy=f"Read {self.log_file}; if its state cannot be read, move {self.state_file} away.",
        )

    def _wait_for_end(self, pid: int) -> None:
        until = time.monotonic() + STOP_S
        while time.monotonic() < until:
            if self.pid() is None:
                return
            time.sleep(0.05)
        raise ChainError(
            f"the embedded chain, process {pid}, has not ended after {STOP_S} s", which=pid, remedy="Try again."
        )


def jump_to(chain: Chain, moment: EpochSeconds) -> None:
    """Let the embedded chain's next block, made at once, carry the time `moment`; later blocks follow from there.

    Nothing happens where the chain is past it already.

    Raises:
        SettingsError: it is not the embedded chain.
    """
    require_embedded(chain)
    if chain.now() < moment:
        chain.request("evm_setNextBlockTimestamp", moment)
        chain.request("evm_mine")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mine(chain: Chain) -> None:
    """Let the embedded chain make one block; errors as `jump_to`."""
    require_embedded(chain)
    chain.request("evm_mine")


def _latest_block_time(state_file: Path) -> EpochSeconds | None:
    """The time of the latest block of a kept state; None where there is none, or it was cut short."""
    try:
        return EpochSeconds(int(json.loads(state_file.read_bytes())["block"]["timestamp"], 16))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _began(pid: int) -> str | None:
    """When a process began, as the system says it; None where it has ended.

    Read from /proc where there is one, else from ps. A process that ended but was not waited for has ended.
    """
    with_proc = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            state, *rest = with_proc.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if state == "Z" else rest[18]
    listed = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, began = listed.stdout.strip().partition(" ")
    return None if not began or state.startswith("Z") else began.strip()
