"""Texts that need no Markdown: the HTML of simple lines is made at once, and is what the full pipeline makes of them.

classify.py  what each line may be
inline.py    the inline marks of a text, in one scan
page.py      the page that they become, and what one text becomes
blocks.py    the HTML of each kind of block
lists.py     lists, nested by their indent; raw_html.py: raw HTML that is complete in itself
whole.py     a text of simple blocks alone
"""
