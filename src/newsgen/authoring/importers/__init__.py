"""Importers: documents that were written elsewhere -> reports below content/.

blocks.py           paragraphs, tables and pictures, whatever they come from
office_package.py   an office file as parts with relations, read with limits
word_styles.py      which formatting a paragraph has by its style; word_numbering.py types the numbers that Word makes
readers.py          which reader takes a format
word_document.py    a Word file -> blocks, and what of it cannot be carried
report_parts.py     title, date, author, credits and source of a report, told apart from its text
markdown_writer.py  blocks -> Markdown that gives exactly their words
companions.py       the files beside a document: their names, and the lines that show photos
word_import.py      `newsgen import-word`: a file, a folder or a ZIP -> a folder below content/
"""
