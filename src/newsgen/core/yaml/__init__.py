"""YAML: nodes with their places, and the parser that makes them."""
