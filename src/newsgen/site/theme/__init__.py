"""The files of theme/ (assets.py) and templates/ (templates.py): their bytes and texts, the site's own over the defaults."""
