"""The stages: models → models, pure but for the question they may put to a backend."""
