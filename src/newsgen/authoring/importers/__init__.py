"""Importers: documents that were written elsewhere -> reports below content/.

blocks.py           paragraphs, tables and pictures of a document in any format
omissions.py        parts of a document that a report cannot hold, counted and reported
readers.py          the reader of each format; file_formats.py: the format of a file
libre_office.py     older formats -> .docx

office_package.py   an office file as parts with relations, read with limits
word_styles.py      the formatting that a style gives; word_numbering.py: automatic numbers, as text
word_runs.py        marks and lines of text; word_fields.py, word_eq_fields.py: fields
word_drawings.py    pictures and text boxes; word_embedded.py: documents within the document
word_tables.py      merged cells; word_visibility.py: text that cannot be seen
word_document.py    a Word file -> blocks, by word_parts.py and word_xml.py
underlined_blanks.py   underlined blanks, to be filled in by hand
symbol_fonts.py     the characters of Wingdings and Symbol; colors.py: colours, and which text is white

html_tree.py        HTML -> nodes, in linear time
html_styles.py      the style of an element; html_visibility.py: elements and text that cannot be seen
html_lists.py, html_tables.py, html_footnotes.py, html_addresses.py   list numbers, merged cells, footnotes, addresses
html_paragraphs.py  runs and pictures -> the paragraphs of a page
html_elements.py    headings, and elements that a report cannot hold
html_document.py    HTML -> blocks
html_file.py        saved pages, with their encodings and folders -> blocks

markdown_text.py    runs -> a line of Markdown that shows exactly their words
markdown_writer.py  blocks -> Markdown; captions.py: the line below a photo; picture_names.py: the files of pictures
clipboard.py        the clipboard -> Markdown
report_parts.py     title, date, author, credits and source of a report, told apart from its text
accompanying_files.py  the files beside a manuscript: their names, and the lines that show photos
import_manuscript.py   `newsgen import-word`: a file, a folder or a ZIP -> a folder below content/
"""
