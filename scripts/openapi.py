"""`python -m scripts.openapi`: write the API's description, from which the page's client is generated.

It is committed, so that a change of the API shows in review; a test compares. Settings: none. Undo: restore the file.
"""

import json

from api.app import create_app
from commons.settings import PROJECT_DIR, Settings

FILE = PROJECT_DIR / "api" / "openapi.json"


def document() -> str:
    """The description as it is committed."""
    return json.dumps(create_app(Settings()).openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
