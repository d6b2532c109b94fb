"""Measurements that a person runs by hand: speed, memory, grouping of log lines."""
