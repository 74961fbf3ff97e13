"""Site -> Outputs, and what each template sees.

outputs.py        all outputs of a site, each made of named parts with their digests
context.py        what all of them share
articles.py       reports, standing pages and the home page
lists.py          sections, tags, branches and years
feeds.py          feeds, sitemaps and files that are published as they are
redirects.py      old addresses
view_builders.py  an output -> the view that its template sees
views.py          the views: the contract with templates
frame.py, cards.py, metadata.py, pagination.py, qrcode/
"""
