"""Measures what tests cannot promise: speed, memory, and how often the local detector is right."""
