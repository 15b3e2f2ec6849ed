import threading
from typing import Any

GLOBAL_STATE_TRACKER: threading.local

# Whatever was set under the name: a dict of custom objects, a dict of shared ones, a flag.
def get_global_attribute(name: str, default: object = None, set_to_default: bool = False) -> Any: ...
def set_global_attribute(name: str, value: object) -> None: ...
