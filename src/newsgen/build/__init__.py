"""The composer: from a request to the files of the output folder, as little anew as can be.

pipeline.py      a build from its beginning to its end
request.py       what is asked for, and what came of it
inputs.py        what a build sees of its files
planning.py      files -> Site -> Outputs, with what is said of them
all_articles.py  every article, public or not, for withdrawing and publishing
documents.py     parsed files, in this process and in the store
locations.py     where output and cache lie
workers.py       processes that parse and render side by side
reasons.py       why an output is rendered; explain.py says it
verify.py        a sample of what was kept is made again
cache/           what builds remember
output/          the output folder: staged, moved into place, never half
"""
