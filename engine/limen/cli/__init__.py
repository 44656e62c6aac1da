"""The command: the terminal's face of the same engine, the same words and the same decisions."""
