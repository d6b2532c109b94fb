"""What must not break: patterns, kills, load, and inputs nobody would write."""
