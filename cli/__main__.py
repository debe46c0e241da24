"""Lets `python -m cli` start the command line; nothing else belongs here."""

from cli.app import main

if __name__ == "__main__":
    main()
