"""Texts that need no Markdown: the HTML of simple lines is made at once, and is what the full pipeline makes of them.

classify.py  what each line is, where it is simple
blocks.py    the HTML of each kind of block
whole.py     a text of simple blocks alone
partial.py   a text of which some blocks need the full pipeline
"""
