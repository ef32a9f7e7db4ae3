"""`python -m alarmbro` is the same as the console script `alarmbro`."""

from alarmbro.cli.main import main

if __name__ == "__main__":
    main()
