"""The command `pressewacht`, and `python -m worker`."""

import gc
import os
import sys

from worker import __version__

# New containers until garbage is looked for. With Python's own 700 that is a hundred times while modules
# are loaded, which make none: 7 % of the processor time of a `run` that finds nothing new.
_COLLECT_AFTER = 20_000


def main() -> None:
    """Run the command line; a bare `--version` is answered before anything is loaded for it."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"pressewacht {__version__}\n")
        return
    gc.set_threshold(_COLLECT_AFTER)
    # It would look for plugins in what is told of every installed package: 3 % of such a `run`.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from worker.cli.main import main as command_line

    command_line()


if __name__ == "__main__":
    main()
