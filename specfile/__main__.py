"""`python -m specfile` and the `specfile` command."""

from specfile.cli import main

if __name__ == "__main__":
    main()
