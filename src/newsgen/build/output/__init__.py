"""The output folder: new files are staged inside it and moved into place together.

staging.py    a build's files, from the first to the manifest; obstacles.py: what is in their way
manifest.py   the list of outputs, and the journal of changes under way
snapshot.py   the files that are there
lock.py       one build at a time
released.py   the pages that readers have online
"""
