"""`python -m pasaj` is `pasaj`."""

from pasaj.site.cli import main

if __name__ == "__main__":
    main()
