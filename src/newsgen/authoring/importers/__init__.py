"""Importers: documents that were written elsewhere -> reports below content/.

blocks.py           paragraphs, tables and pictures, whatever they come from
omissions.py        what a report cannot hold, counted and reported
readers.py          which reader takes a format; file_formats.py: which format a file has
libre_office.py     older formats -> .docx

office_package.py   an office file as parts with relations, read with limits
word_styles.py      which formatting a paragraph has by its style; word_numbering.py types the numbers that Word makes
word_runs.py, word_fields.py, word_eq_fields.py, word_drawings.py, word_embedded.py   marks and lines, fields, pictures and boxes, documents in it
word_tables.py, word_visibility.py   merged cells, and what nobody sees
word_document.py    a Word file -> blocks, by word_parts.py and word_xml.py
underlined_blanks.py   underlined blanks, to be filled in
symbol_fonts.py     the characters of Wingdings and Symbol; colors.py: which text is white

html_tree.py        HTML -> nodes, in linear time; html_styles.py: what they look like; html_visibility.py: what nobody sees
html_lists.py, html_tables.py, html_footnotes.py, html_addresses.py   numbers, merged cells, footnotes, links and pictures of HTML
html_paragraphs.py  the paragraphs of HTML as they grow
html_elements.py    headings, and what is not carried
html_document.py    HTML -> blocks
html_file.py        saved pages, with their encodings and folders -> blocks

markdown_text.py    runs -> a line of Markdown that shows exactly their words
markdown_writer.py  blocks -> Markdown; captions.py: the line below a photo; picture_names.py: the files of pictures
clipboard.py        the clipboard -> Markdown
report_parts.py     title, date, author, credits and source of a report, told apart from its text
accompanying_files.py  the files beside a manuscript: their names, and the lines that show photos
import_manuscript.py   `newsgen import-word`: a file, a folder or a ZIP -> a folder below content/
"""
