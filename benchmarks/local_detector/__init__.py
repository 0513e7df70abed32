"""How often the local detector is right, how fast it is, and whether it is fair."""
