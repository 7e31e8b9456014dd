"""Downloads the native Solidity compiler once, through py-solc-x; where that cannot be done, npm's solc serves.

Run by `make setup`. Effect: a file in `var/brownie/native`. Undo: delete it. Both compilers give the same bytecode;
the native one is several times faster.
"""

import os
import subprocess
import sys

from commons.settings import settings
from scripts.toolchain import SOLC_VERSION, native_solc, prepare_home

DOWNLOAD_SECONDS = 60


def main() -> None:
    """Fetch, and say in one line which compiler is going to be used."""
    fetched = fetch_native_solc()
    print(
        f"Solidity compiler {SOLC_VERSION}: {'native' if fetched else 'the one from npm (no native one to download)'}"
    )


def fetch_native_solc() -> bool:
    """True where the native compiler is in place afterwards."""
    home = settings().var_dir / "brownie"
    prepare_home(home)
    install = f"import solcx; solcx.install_solc({SOLC_VERSION!r}, solcx_binary_path={str(home / 'native')!r})"
    try:
        subprocess.run(
            [sys.executable, "-c", install],
            env={**os.environ, "HOME": str(home)},
            check=True,
            capture_output=True,
            timeout=DOWNLOAD_SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        native_solc(home).unlink(missing_ok=True)
    return native_solc(home).exists()


if __name__ == "__main__":
    main()
