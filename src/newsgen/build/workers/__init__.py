"""Processes that parse and render side by side."""
