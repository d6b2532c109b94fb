"""What leaks, what obeys: planted secrets, look-alikes, commands in the evidence. `python -m evals.trust` prints the figures."""
