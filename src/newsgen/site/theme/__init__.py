"""The files of theme/ and templates/: their bytes and texts, the site's own over the defaults."""
