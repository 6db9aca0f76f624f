"""`python -m worker` is the command `pressewacht`."""

from worker.cli.main import main

if __name__ == "__main__":
    main()
