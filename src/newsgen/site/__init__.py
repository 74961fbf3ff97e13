"""Documents at one moment -> Site: what is public, where it lives, who links to whom.

assemble.py       Content -> Site
model.py          the values
schedule.py       until when what is public stays as it is
links.py          the names in a report -> their targets
own_links.py      the site's own addresses, typed in full
outside_links.py  addresses in front matter and site.yaml
conflicts.py      two files for one address
copies.py         second copies of a report
unused.py         files that are on no page
theme/            the files of theme/ and templates/
"""
