"""Evaluation: sample incidents with what a careful human found in them, and a scoreboard anyone can run."""
