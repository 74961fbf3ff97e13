"""The text before Python-Markdown: its lines, and what members mean by them.

lines.py          a line as typed: indentation, quotation, code, what a check shall not see
line_pass.py      each line in the form that Python-Markdown understands
containers.py     lists and quotations
tables.py         rows
code_and_html.py  fenced code and raw HTML
comments.py       comments are removed
tag_lines.py      tags that go on over several lines
soft_breaks.py    Word's soft returns
"""
