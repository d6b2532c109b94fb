"""What a line of evidence says: cues, times, figures, and what follows from them together."""
