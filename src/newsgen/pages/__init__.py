"""Site -> Outputs, and what each template sees.

outputs.py        all outputs of a site, each made of named parts with their digests
context.py        what all of them share
kinds.py          the table PAGE_KINDS; page_kind.py: what there is to know of one kind
home.py           the home page
articles.py       reports and standing pages
lists.py          sections, tags, branches and years
feeds.py          feeds and sitemaps
server_files.py   robots.txt, 404.html, old addresses (redirects.py)
files.py          theme files, photos and downloads
views.py          the views: the contract with templates
body.py           the text of a page, with its figures.py, videos.py and attachments.py
pictures.py       the files of pictures
cards.py, frame.py, metadata.py, pagination.py, qrcode/   parts that pages share

A file that declares a kind holds all of it: the function that yields its outputs, the function that makes a template's view
of each, and the row that names both.
"""
