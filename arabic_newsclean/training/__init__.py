"""Learning the weights of the walk from annotated dumps: ``python -m arabic_newsclean.training --help``."""
