"""The output folder: what is to change is staged beside it and moved into place, wholly or not at all."""
