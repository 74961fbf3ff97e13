"""Small rules that every package may import: how files are read, and what differs between operating systems."""
