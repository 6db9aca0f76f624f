"""The command `pressewacht`, and `python -m worker`."""

import sys

from worker import __version__


def main() -> None:
    """Run the command line; a bare `--version` is answered before anything is loaded for it."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"pressewacht {__version__}\n")
        return
    from worker.cli.main import main as command_line

    command_line()


if __name__ == "__main__":
    main()
