"""The output folder: new files are staged inside it and moved into place together."""
