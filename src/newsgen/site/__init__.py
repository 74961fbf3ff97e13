"""Documents at one moment -> Site: what is public, at which address, and where links lead.

assemble.py         Content -> Site
model.py            the values
schedule.py         the time span in which nothing changes
links.py            the names in a report -> their targets
own_links.py        links to the site's own pages by address
outside_links.py    addresses in front matter and site.yaml
conflicts.py        two files for one address
accidental_copies.py  second copies of a report
unused.py           files that are on no page
media_diagnostics.py  warnings about photos, videos and attachments
withdrawn_files.py  files of withdrawn articles that are shown again
theme/              the files of theme/ and templates/
"""
