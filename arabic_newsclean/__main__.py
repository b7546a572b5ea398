"""``python -m arabic_newsclean``: the same as the command ``newsclean``."""

from arabic_newsclean.cli import main

if __name__ == "__main__":
    main()
