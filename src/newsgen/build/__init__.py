"""The composer: from a request to the files of the output folder; only what has changed is parsed and rendered.

pipeline.py      a build from its beginning to its end
request.py       the request and its result
inputs.py        settings, files and theme, as read
loader.py        files -> documents and media
approvals.py     what readers may see of each article
planning.py      documents -> Site -> Outputs, with their diagnostics
all_articles.py  every article, public or not, for withdrawing and publishing
documents.py     a cache of parsed files; file_diagnostics.py: what parsing says of some of them
locations.py     the paths of the output folder and the cache
workers.py       processes that parse and render in parallel
reasons.py       the reason why an output is rendered; explain.py puts it into words
verify.py        a sample of the outputs that were not rendered is rendered again and compared
cache/           the state that one build leaves for the next
output/          the output folder: files are staged, then moved into place
"""
